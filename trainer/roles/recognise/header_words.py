"""The words of a header in any script, and whether they hold a phrase of a list; ten languages and CJK."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from trainer.roles.column_names import split_header

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "\u0130": "I"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts without spaces between words


@lru_cache(maxsize=100_000)
def header_text(header: str) -> str:
    """The words of a header without its unit: lower case, without accents, one space between.

    >>> header_text("NumStorePurchases"), header_text("Größe (cm)"), header_text("Код_клиента")
    ('num store purchases', 'grosse', 'код клиента')
    """
    spaced = _CAMEL.sub(" ", split_header(header)[0].translate(_LETTERS))
    spread = unicodedata.normalize("NFKD", spaced.casefold())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", plain)))


def phrases(*lists: str) -> frozenset[str]:
    """The phrases of texts that separate them by commas, as ``header_text`` writes them."""
    return frozenset(header_text(each) for text in lists for each in text.split(",") if each.strip())


def says(header: str, known: Iterable[str]) -> str:
    """The longest known phrase among a header's words, or an empty text.

    >>> says("Default Address Phone", phrases("phone, cell phone"))
    'phone'
    """
    text = f" {header_text(header)} "
    joined = text.replace(" ", "")
    spaced, unspaced = _forms(frozenset(known))
    found = [phrase for form, phrase in spaced if form in text]
    found += [phrase for form, phrase in unspaced if form in joined]
    return max(found, key=lambda phrase: (len(phrase), phrase), default="")


@lru_cache(maxsize=100)
def _forms(known: frozenset[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is looked for among the words of a header, and in a header without spaces, with its phrase."""
    joined = [(phrase.replace(" ", ""), phrase) for phrase in known]
    spaced = {(f" {form} ", phrase) for phrase in known for form in (phrase, phrase.replace(" ", ""))}
    return sorted(spaced), [(form, phrase) for form, phrase in joined if _JOINED.search(phrase)]


def is_called(header: str, known: Iterable[str]) -> bool:
    """Whether the whole header is one of the phrases."""
    return header_text(header) in known


AMOUNTS = phrases(
    "amount, amt, income, salary, earnings, revenue, turnover, sales, spend, spent, spending",
    "monetary, balance, price, cost, value, charges, payment, payments, purchases, total, profit",
    "margin, fee, bill, budget, umsatz, betrag, einkommen, gehalt, kosten, preis, summe, ausgaben",
    "wert, guthaben, importe, monto, gasto, gastos, ingresos, ingreso, ventas, precio, salario, saldo",
    "valor, renda, receita, vendas, preco, faturamento, montante, gasto total, montant, revenu",
    "revenus, depenses, depense, chiffre affaires, ventes, prix, salaire, solde, importo, reddito",
    "fatturato, spesa, vendite, prezzo, stipendio, bedrag, omzet, inkomen, uitgaven, prijs, salaris",
    "kwota, dochod, przychod, wydatki, cena, obrot, tutar, gelir, ciro, harcama, fiyat, maas, сумма",
    "доход, выручка, расходы, цена, оборот, 金额, 收入, 消费, 销售额, 金額, 売上, 購入額, 年収",
)
"""Words for amounts of money: a column called so does not name customers."""
