"""What a column is worth knowing for, from its header: value, capacity, spending."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trainer.roles.drivers import Candidate
from trainer.roles.facts import NumberFacts
from trainer.roles.names import words

SKEWED = 1.0
CONTINUOUS = 10  # different values

# In this order: a sum over all purchases says more than one purchase. Limits and scores are no money spent.
_VALUE = (
    r"\b(monetary|revenue|turnover|clv|ltv|lifetime value)\b",
    r"\b(total|sum|overall) (spend|spent|spending|sales|amount|purchases?|charges?|trans amt)\b",
    r"\b(sales|spend|spent|spending|amount|amt|payments?|purchases?|charges?|billed|bill)\b",
)
_NO_VALUE = re.compile(
    r"\b(score|limit|count|number|num|no|freq|frequency|ratio|rate|share|percent|pct|days?|last|change|chng|"
    r"avg|average|mean|due)\b"
)
_CAPACITY = re.compile(r"\b(income|salary|earnings)\b")
_SPEND = re.compile(r"\bspending score\b")


def propose_value(candidates: Sequence[Candidate]) -> str | None:
    """The column whose total tells what a segment is worth, by its header; negative sums cannot be shared."""
    for pattern in _VALUE:
        for each in candidates:
            said = " ".join(words(each.header))
            if re.search(pattern, said) and not _NO_VALUE.search(said) and each.number.low >= 0:
                return each.name
    return None


def propose_capacity(driving: Sequence[Candidate]) -> str | None:
    """The driving column that tells what a customer could spend, where one header says so."""
    return _only(_CAPACITY, driving)


def propose_spend(driving: Sequence[Candidate]) -> str | None:
    """The driving column that tells what a customer does spend, where one header says so."""
    return _only(_SPEND, driving)


def wants_logarithm(number: NumberFacts) -> bool:
    """Whether a column is better measured by its logarithm: no negative numbers, skewed, and less so then."""
    return (
        number.low >= 0
        and number.distinct >= CONTINUOUS
        and number.skew > SKEWED
        and abs(number.skew_log) < number.skew
    )


def _only(pattern: re.Pattern[str], driving: Sequence[Candidate]) -> str | None:
    found = [each.name for each in driving if pattern.search(" ".join(words(each.header)))]
    return found[0] if len(found) == 1 else None
