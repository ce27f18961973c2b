# ruff: noqa: RUF001 - words in their own scripts
"""The headers that exports give to the columns of transactions, in twelve languages.

English, Spanish, French, German, Portuguese, Italian, Dutch, Russian, Polish, Turkish, Japanese and Chinese.
A header is a noun of its role between words that change nothing, such as ``Número de pedido`` or
``order-date``. Groups of one role are in order: ``Customer ID`` is an identifier, surer than ``Customer``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

CUSTOMER, DATE, AMOUNT, QUANTITY, PRICE, ORDER, STATUS, REFUND, CURRENCY = ROLES = (
    "customer",
    "date",
    "amount",
    "quantity",
    "price",
    "order",
    "status",
    "refund",
    "currency_column",
)
LONGEST = 60  # letters of a header that are looked at
_LETTERS = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "№": "no"})

_STOPS = (
    "the of and a an for per by de del la el le les du des d da do della di dei van von der den het y et e"
)
_IDS = (
    "id ids no nr num number numbers code key ref reference numero nro n codigo cod codice identificador "
    "identifiant identificativo ident numer nummer kennung номер код идентификатор kod kodu numarasi numara "
    "番号 コード 编号 編號 号 代码"
)
_CUSTOMER = (
    "customer customers cust client clients user buyer member shopper account cliente clientes clienteid "
    "usuario comprador acheteur utilisateur adherent kunde kunden kd käufer nutzer benutzer acquirente "
    "utente klant klanten koper gebruiker клиент клиента покупатель покупателя пользователь пользователя "
    "klient klienta klienci nabywca kupujacy uzytkownik uzytkownika musteri alici kullanici uye 顧客 会員 "
    "お客様 購入者 ユーザー 客户 客戶 买家 买方 用户 会员"
)
_EMAIL = (
    "email emailaddress mail mailaddress correo correoelectronico courriel adressemail emailadresse eposta "
    "epostaadresi электроннаяпочта почта メール メールアドレス 邮箱 电子邮件 电邮"
)
_ORDER = (
    "order orders invoice bill pedido pedidos factura facturas orden commande facture bestellung bestell "
    "auftrag auftrags rechnung rechnungs beleg encomenda fatura notafiscal nf ordine fattura bestelling "
    "bestel factuur заказ заказа чек чека счет счета zamowienie zamowienia faktura faktury siparis "
    "siparisi 注文 受注 订单 訂單 发票"
)
_RECEIPT = (
    "transaction receipt basket ticket recibo transaccion bon transacao scontrino transazione transactie "
    "kassabon paragon paragonu transakcja transakcji transaktion fis islem транзакция транзакции 伝票 取引 "
    "交易 流水"
)
_BUYING = (
    "purchase sale sales payment event shopping compra compras venta ventas achat vente kauf verkauf "
    "einkauf umsatz venda vendas acquisto vendita aankoop verkoop покупка покупки продажа продажи zakup "
    "zakupu sprzedaz sprzedazy satin alma alis satis 購入 購買 売上 購入日 购买 销售 下单 created "
    "createdat ordered at on placed"
)
_DATE = (
    "date dates datetime timestamp time fecha fechayhora hora heure datum zeitpunkt zeit data dataora ora "
    "dataehora tijd дата датаивремя время czas tarih tarihi saat zaman 日付 日時 日 年月日 日期 时间 時間"
)
_AMOUNT = (
    "amount total totals revenue sales turnover value subtotal spend spent totalprice totalpaid importe "
    "monto ingreso ingresos ventas facturacion montant chiffreaffaires betrag umsatz summe gesamt "
    "gesamtbetrag gesamtpreis gesamtsumme bestellwert wert rechnungsbetrag valor valortotal receita "
    "faturamento importo totale ricavo ricavi fatturato valore bedrag totaalbedrag omzet totaal waarde "
    "сумма выручка итого стоимость kwota wartosc suma obrot przychod razem tutar tutari toplam toplamtutar "
    "ciro 金額 合計 合計金額 売上 売上高 売上金額 购买金额 金额 总额 总价 总金额 销售额 实付金额"
)
_MONEY_WORDS = (
    "net gross line item lineitem cart paid grand neto bruto netto brutto net ttc ht total totaal gesamt "
    "usd eur gbp final all in"
)
_TOTAL = (
    "total totaal totale gesamt summe totaux итого сумма razem suma lacznie toplam 合計 総額 总额 总价 總額"
)
_LINE = (
    "line item unit article product position artikel produkt zeile ligne linea articulo producto "
    "riga prodotto linha artigo produto regel позиц товар pozycj towar satir urun 明細 商品 单价"
)
_SUBTOTAL = "subtotal zwischensumme soustotal subtotale subtotaal подытог sumaczesciowa aratoplam 小計 小计"
_QUANTITY = (
    "quantity qty units unit pieces pcs cantidad cant unidades uds quantite qte unites menge anzahl stueck "
    "stuck stk quantidade qtd qtde quantita qta pezzi aantal stuks hoeveelheid количество колво кол шт "
    "ilosc sztuk szt liczba miktar miktari adet adedi 数量 個数 件数 数目 件數"
)
_PRICE = (
    "price unitprice cost precio preciounitario prix prixunitaire preis stuckpreis einzelpreis preco "
    "valorunitario prezzo prijs stuksprijs eenheidsprijs цена cena fiyat fiyati 単価 価格 单价 价格 價格"
)
_UNIT_WORDS = (
    "unit item lineitem line product each selling per piece unitario unitaria unitaire unite stuck artikel "
    "einzel unidad unidade articulo article produto producto prodotto unita stuk за единицу штуку "
    "jednostkowa jednostki birim urun 商品 产品"
)
_STATUS = (
    "status state estado estatus statut etat zustand situacao stato статус состояние durum durumu "
    "ステータス 状態 状态 狀態"
)
_STATUS_WORDS = (
    "financial payment pago paiement zahlungs zahlung pagamento betaal оплаты platnosci odeme 支払 付款 支付"
)
_REFUND = (
    "refund refunds refunded return returned reembolso reembolsado devolucion devuelto rembourse "
    "remboursement remboursee erstattung erstattet ruckerstattung devolucao estorno rimborso rimborsato "
    "reso terugbetaling terugbetaald retour возврат возврата возвращено zwrot zwrotu zwrocono iade 返金 "
    "返金額 返品 退款 退货"
)
_CURRENCY = (
    "currency curr ccy moneda divisa devise wahrung waehrung moeda valuta валюта waluta parabirimi doviz "
    "通貨 币种 货币 幣別"
)


def plain(name: str) -> str:
    """A header in lower case without accents, spaces and signs.

    >>> plain("Nº Pedido"), plain("Müşteri No"), plain("order-date")
    ('nopedido', 'musterino', 'orderdate')
    """
    folded = unicodedata.normalize("NFKD", name[:LONGEST].casefold().translate(_LETTERS))
    return "".join(letter for letter in folded if letter.isalnum()).translate(_LETTERS)


def groups(role: str) -> tuple[re.Pattern[str], ...]:
    """Patterns for the whole of a plain header of a role, the surest first."""
    return _groups()[role]


def means_shipping_or_tax(name: str) -> bool:
    """Whether a header is one of shipping costs or taxes, which a total can include."""
    return _EXTRA.fullmatch(plain(name)) is not None


def means_subtotal(name: str) -> bool:
    """Whether a header is one of the value of the goods alone."""
    return any(word == plain(name) for word in _plain_words(_SUBTOTAL))


def means_order_total(name: str) -> bool:
    """Whether a header is one of the value of a whole order and not of one of its lines.

    >>> means_order_total("Order Total"), means_order_total("Line total"), means_order_total("Amount")
    (True, False, False)
    """
    written = plain(name)
    whole = any(
        word in written for word in _plain_words(f"{_TOTAL} {_ORDER}") if len(word) > 2 or not word.isascii()
    )
    return whole and not any(word in written for word in _plain_words(_LINE))


_EXTRA = re.compile(
    "(?:total)?(?:shipping|freight|delivery|tax|vat|envio|impuesto|iva|livraison|tva|taxe|versand|steuer|mwst|frete|imposto|spedizione|verzend|btw|доставка|налог|ндс|dostawa|vat|kargo|kdv|送料|消費税|税|运费)(?:s|es|cost|costs|fee|price|amount|kosten|kosteneur|total)*"
)


def _plain_words(text: str) -> list[str]:
    return sorted({plain(word) for word in text.split()} - {""}, key=lambda word: (-len(word), word))


def _pattern(nouns: str, *around: str, needed: str = "") -> re.Pattern[str]:
    """Nouns among words that change nothing; ``needed``: words of which one must be there, too."""
    free = "|".join(_plain_words(" ".join((_STOPS, nouns, needed, *around))))
    must = f"(?:{'|'.join(_plain_words(nouns))})"
    between = f"(?:{free})*"
    if not needed:
        return re.compile(f"(?={between}{must}{between}$)(?:{free})+")
    also = f"(?:{'|'.join(_plain_words(needed))})"
    return re.compile(f"(?={between}{must}{between}$)(?={between}{also}{between}$)(?:{free})+")


@cache
def _groups() -> dict[str, tuple[re.Pattern[str], ...]]:
    bought = f"{_ORDER} {_RECEIPT} {_BUYING}"
    return {
        CUSTOMER: (
            _pattern(_CUSTOMER, needed=_IDS),
            _pattern(_CUSTOMER),
            _pattern(_EMAIL, _CUSTOMER, _ORDER, "billing address contact"),
        ),
        DATE: (
            _pattern(_DATE, needed=bought),
            re.compile("createdat|orderedat|purchasedat|placedat|soldon|satinalmatarihi"),
            _pattern(_DATE),
        ),
        AMOUNT: (
            _pattern(_AMOUNT, _ORDER.replace("orders ", ""), _RECEIPT, _BUYING, _MONEY_WORDS),
            re.compile("totalprice|lineprice|pricetotal|prixtotal|precototal|preciototal|prezzototale"),
        ),
        QUANTITY: (_pattern(_QUANTITY, _UNIT_WORDS, _ORDER, "ordered sold pedida vendida commandee"),),
        PRICE: (_pattern(_PRICE, _UNIT_WORDS),),
        ORDER: (
            _pattern(_ORDER, needed=_IDS),
            re.compile(f"(?:{'|'.join(_plain_words(_ORDER))})"),
            _pattern(_RECEIPT, needed=_IDS),
            re.compile("name"),  # what Shopify calls its orders, where the cells are such codes
        ),
        STATUS: (
            _pattern(_STATUS, needed=_STATUS_WORDS),
            _pattern(_STATUS, _ORDER, _RECEIPT),
        ),
        REFUND: (_pattern(_REFUND, _AMOUNT, _MONEY_WORDS),),
        CURRENCY: (_pattern(_CURRENCY, _IDS, _ORDER, _RECEIPT),),
    }
