"""Finds several columns that each hold one kind of spending; their sum is the value of a customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from trainer.roles.clustering_columns import Candidate
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.header_words import header_text, phrases, says
from trainer.schema.meanings import NEVER_VALUE

FEWEST = 3  # columns; two of them may be anything
CONTINUOUS = 30  # different values; counts have fewer
MOST_ROWS = 0.5
ALIKE = 100.0  # between the largest and the smallest mean of columns in one unit
_AMOUNT = phrases(
    "mnt, amount, amt, spend, spent, spending, sales, revenue, purchases, betrag, umsatz, ausgaben",
    "importe, monto, gasto, ventas, valor gasto, vendas, gastos, montant, depenses, ventes, importo",
    "spesa, vendite, bedrag, omzet, uitgaven, kwota, wydatki, obrot, tutar, harcama, сумма, расходы",
    "金额, 消费, 金額, 購入額",
)
_GOODS = phrases(
    "fresh, milk, grocery, groceries, frozen, delicassen, delicatessen, deli, detergents, paper, wine",
    "wines, meat, fish, fruit, fruits, vegetables, sweets, bakery, bread, dairy, cheese, beverages",
    "drinks, snacks, food, clothing, clothes, shoes, electronics, books, toys, beauty, cosmetics",
    "household, furniture, jewelry, gold, room service, food court, shopping mall, spa, vr deck",
    "milch, fleisch, fisch, obst, getranke, wein, leche, carne, pescado, frutas, vino, leite, peixe",
    "vinho, lait, viande, poisson, vin, latte, pesce, vlees, vis, wijn, mleko, mieso, ryby, wino, sut",
    "et, balik, meyve, молоко, мясо, рыба, вино, 牛奶, 肉",
)
_NOT_MONEY = phrases(
    "num, number, count, no, qty, quantity, units, visits, orders, share, percent, pct, rate, ratio",
    "score, avg, average, mean, last, days, anzahl, menge, numero, cantidad, quantidade, nombre",
    "quantite, aantal, liczba",
)


def spend_columns(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The names of the columns to sum: those that share a word for amounts, or are called after goods.

    Each has at most a few negative numbers and many different ones, and their means are of one size. Fewer
    than three are none, and costs, refunds and the like are not among them.
    """
    fitting = [each for each in candidates if _is_amount(each)]
    shared: dict[str, list[Candidate]] = defaultdict(list)
    for each in fitting:
        for word in header_text(each.header).split():
            if word in _AMOUNT:
                shared[word].append(each)
    groups = sorted(shared.values(), key=len, reverse=True)
    groups.append([each for each in fitting if says(each.header, _GOODS)])
    for group in groups:
        if len(group) >= FEWEST and _same_size(group):
            return tuple(each.name for each in group)
    return ()


def _is_amount(candidate: Candidate) -> bool:
    number = candidate.number
    few = bool(np.isfinite(number.skew_log)) or number.negative == 0
    counts = number.distinct >= CONTINUOUS and not says(candidate.header, _NOT_MONEY)
    return few and counts and recognise(candidate.header).meaning not in NEVER_VALUE


def _same_size(group: Sequence[Candidate]) -> bool:
    """Whether the means are of one size, and no column is the sum of the others."""
    means = np.array([float(np.nanmean(each.number.sample)) for each in group])
    return bool(means.min() > 0 and means.max() <= ALIKE * means.min() and not _holds_total(group))


def _holds_total(group: Sequence[Candidate]) -> bool:
    """Whether one column is nearly the sum of the others in most rows."""
    samples = np.array([each.number.sample for each in group])
    largest = samples[np.nanmean(samples, axis=1).argmax()]
    rest = samples.sum(axis=0) - largest
    known = np.isfinite(rest)
    return bool(known.any() and np.mean(np.isclose(largest[known], rest[known], rtol=0.01)) > MOST_ROWS)
