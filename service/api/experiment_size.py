"""How many customers a test of an action needs, and which segments have as many.

A group gets the action, a group of equal size does not, and two proportions are compared. The size is that
of the two-sided test without continuity correction in J. L. Fleiss, B. Levin, M. C. Paik, *Statistical
Methods for Rates and Proportions*, 3rd edition (2003), section 4.2: pooled variance where nothing differs,
and each group's own where something does. R's ``power.prop.test`` computes the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite, sqrt
from statistics import NormalDist

from inference import Contract, InputError
from inference.wording import quoted
from service.api.schemas import PlannedTest, SegmentTest

RANGES = {"baseline": (1e-4, 0.9999), "alpha": (1e-6, 0.5), "power": (0.5, 0.9999)}
LARGEST = 10**9  # customers of a group; more would need a difference that nobody would notice


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What a test shall find.

    Attributes:
        baseline: rate without the action.
        difference: least change of the rate to detect; below 0 for a fall.
        alpha: how often a test of an action without effect may find one.
        power: how often that difference is to be found.
    """

    baseline: float = 0.1
    difference: float = 0.02
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            if not low <= (value := getattr(self, name)) <= high:
                raise InputError(
                    f"{name} must be from {low:g} to {high:g}, but it is {value:g}; 0.05 means 5%"
                )
        if self.difference == 0 or not 0 < self.baseline + self.difference < 1:
            raise InputError(
                "difference must not be 0, and baseline plus difference must be above 0 and below 1, but "
                f"they are {self.difference:g} and {self.baseline + self.difference:g}; change one of them"
            )

    @property
    def per_group(self) -> int:
        """The customers of each of the two groups, rounded up."""
        exact = exact_size(self)
        if exact > LARGEST:
            raise InputError(
                f"the difference must need at most {LARGEST:,} customers, but it is {self.difference:g}; "
                "choose a larger one"
            )
        return ceil(exact)


def exact_size(test: Experiment) -> float:
    """The size of each group before it is rounded."""
    other = test.baseline + test.difference
    middle = (test.baseline + other) / 2
    error, found = NormalDist().inv_cdf(1 - test.alpha / 2), NormalDist().inv_cdf(test.power)
    same = error * sqrt(2 * middle * (1 - middle))
    apart = found * sqrt(test.baseline * (1 - test.baseline) + other * (1 - other))
    return float(((same + apart) / test.difference) ** 2)


def plan_test(contract: Contract, test: Experiment, customers: int | None = None) -> PlannedTest:
    """What a test needs, and whether each segment has it.

    Args:
        contract: with the segments.
        test: what shall be found.
        customers: of the user, of whom each segment has its share of the training customers; else those.
    """
    if customers is not None and not 0 < customers <= LARGEST:
        raise InputError(f"customers must be from 1 to {LARGEST:,}, but it is {customers:,}")
    needs = 2 * test.per_group
    segments = []
    for segment in contract.segments:
        has = segment.size if customers is None else int(segment.share * customers)
        segments.append(SegmentTest(segment=segment.name, customers=has, large_enough=has >= needs))
    return PlannedTest(per_group=test.per_group, needed=needs, segments=segments)


def planned(contract: Contract, **given: str) -> PlannedTest:
    """The same for values as text, such as the parameters of a request.

    Raises:
        InputError: when one is no number or out of range.
    """
    numbers = {name: _number(name, text) for name, text in given.items()}
    customers = numbers.pop("customers", None)
    if customers is not None and not customers.is_integer():
        raise InputError(f"customers must be a whole number, but it is {customers:g}; round it")
    return plan_test(contract, Experiment(**numbers), None if customers is None else int(customers))


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise InputError(f"{name} must be a number, but it is {quoted(text)}; write it like 0.05")
    return number
