"""Tells headers that are named like money, in the languages that exports are met in."""

from __future__ import annotations

import re

_WORDS = (
    "revenue sales spend spent spending amount amt turnover monetary gmv clv ltv payments paid "
    "charges billed "
    "umsatz erlös erlöse betrag ausgaben einnahmen rechnungsbetrag bestellwert "
    "montant dépenses depenses recettes ventes "
    "importe monto ventas ingresos gasto gastos facturación facturacion "
    "fatturato importo spesa ricavi vendite "
    "receita valor vendas faturamento "
    "omzet bedrag uitgaven besteed "
    "kwota przychód przychod sprzedaż wydatki obrót "
    "tutar ciro gelir harcama sat\u0131\u015f "
    "сумма выручка продажи оборот расходы"
)
_MONEY = re.compile(
    rf"\b({'|'.join(_WORDS.split())})\b|^total$|chiffre d.affaires|total (price|value|spent)|order value"
    r"|金額|売上|金额|销售额|消费额|[$€£¥₹₽₺]",
    re.IGNORECASE,
)
_NO_MONEY = re.compile(
    r"\b(count|number|num|no|id|date|day|days|currency|status|type|method|channel|rep|name|anzahl|datum|"
    r"währung|devise|moneda|valuta|moeda|waluta|para birimi|валюта|score|share|rate|rank)\b",
    re.IGNORECASE,
)


def names_money(header: str) -> bool:
    """Whether a header is named like an amount of money.

    >>> [names_money(header) for header in ("Total Revenue", "umsatz_eur", "Sales Date", "Age")]
    [True, True, False, False]
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]+", " ", header)
    return _MONEY.search(text) is not None and _NO_MONEY.search(text) is None
