"""What a column shows about a customer, from its header: value, capacity, spending."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from trainer.roles.clustering_columns import Candidate
from trainer.roles.column_names import words
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.column_statistics import NumberFacts
from trainer.roles.recognise.header_words import header_text, phrases, says
from trainer.schema.meanings import NEVER_VALUE

SKEWED = 1.0
CONTINUOUS = 10  # different values

# In this order: a sum over all purchases shows more than one purchase. Limits and scores are not money spent.
_VALUE = (
    r"\b(monetary|revenue|turnover|clv|ltv|lifetime value)\b",
    r"\b(total|sum|overall) (spend|spent|spending|sales|amount|purchases?|charges?|trans amt)\b",
    r"\b(sales|spend|spent|spending|amount|amt|payments?|purchases?|charges?|billed|bill)\b",
)
# The same in other languages, in the same order.
_VALUE_ELSEWHERE = (
    phrases(
        "umsatz, gesamtumsatz, jahresumsatz, nettoumsatz, umsatzsumme, chiffre d affaires, facturacion",
        "fatturato, faturamento, receita, omzet, obrot, przychod, ciro, выручка, оборот, 売上, 売上高",
        "销售额, 营业额",
    ),
    phrases(
        "gesamtbetrag, gesamtausgaben, montant total, total depense, total des achats, gasto total",
        "total gastado, importe total, monto total, total compras, totale speso, spesa totale",
        "importo totale, valor total, total gasto, totaalbedrag, totale uitgaven, kwota razem, suma zakupow",
        "toplam tutar, toplam harcama, общая сумма, сумма покупок, 合計金額, 購入金額, 購入額",
        "总金额, 消费金额",
    ),
    phrases(
        "ausgaben, betrag, bestellwert, montant, depenses, importe, monto, gasto, gastos, ventas, importo",
        "spesa, vendite, vendas, bedrag, uitgaven, kwota, wydatki, tutar, harcama, сумма, расходы",
        "金額, 金额",
    ),
)
_NO_VALUE_ELSEWHERE = phrases(
    "durchschnitt, durchschnittlich, durchschnittliche, durchschnittlicher, durchschnittlichen, mittlerer",
    "mittlere, mittel, letzter, letzte, letztes, letzten, anzahl, limit, tage, anteil, rang",
    "moyen, moyenne, dernier, derniere, nombre, jours, part, medio, media, promedio, ultimo, ultima, numero",
    "dias, cantidad, quantidade, giorni, quota, gemiddeld, gemiddelde, laatste, aantal, dagen, srednia",
    "sredni, ostatni, ostatnia, liczba, dni, ortalama, son, sayisi, gun, средний, средняя, последний",
    "последняя, количество, число, дней, доля, 平均, 回数, 件数, 日数, 数量, 次数, 天数",
)
_NO_VALUE = re.compile(
    r"\b(score|limit|count|number|num|no|freq|frequency|ratio|rate|share|percent|pct|days?|last|change|chng|"
    r"avg|average|mean|due)\b"
)
_CAPACITY = re.compile(r"\b(income|salary|earnings)\b")
_SPEND = re.compile(r"\bspending score\b")


def propose_value(candidates: Sequence[Candidate]) -> str | None:
    """The column whose total is the value of a segment, by its header.

    Some of its cells may be negative, such as those of customers with more returns than purchases. Columns of
    costs, refunds, claims, debts and the like are never value.
    """
    candidates = [each for each in candidates if can_be_value(each)]
    for pattern in _VALUE:
        for each in candidates:
            header = " ".join(words(each.header))
            if re.search(pattern, header) and not _NO_VALUE.search(header):
                return each.name
    for known in _VALUE_ELSEWHERE:
        for each in candidates:
            other = _NO_VALUE.search(header_text(each.header)) or says(each.header, _NO_VALUE_ELSEWHERE)
            if says(each.header, known) and not other:
                return each.name
    return None


def can_be_value(candidate: Candidate) -> bool:
    """Whether a column can be what customers are worth: positive in total, and nothing that costs."""
    number = candidate.number
    if recognise(candidate.header).meaning in NEVER_VALUE:
        return False
    return number.negative == 0 or float(np.nanmean(number.sample)) > 0


def propose_capacity(clustering: Sequence[Candidate]) -> str | None:
    """The clustering column with what a customer could spend, where one header shows it."""
    return _only(_CAPACITY, clustering)


def propose_spend(clustering: Sequence[Candidate]) -> str | None:
    """The clustering column with what a customer spends, where one header shows it."""
    return _only(_SPEND, clustering)


def wants_logarithm(number: NumberFacts) -> bool:
    """Whether a column is better measured by its logarithm: few negative numbers, skewed, and less so then.

    The logarithm of a negative number is 0, that of nothing spent.
    """
    return bool(
        np.isfinite(number.skew_log)
        and number.distinct >= CONTINUOUS
        and number.skew > SKEWED
        and abs(number.skew_log) < number.skew
    )


def _only(pattern: re.Pattern[str], clustering: Sequence[Candidate]) -> str | None:
    found = [each.name for each in clustering if pattern.search(" ".join(words(each.header)))]
    return found[0] if len(found) == 1 else None
