"""Comparisons with a number that is rounded to single precision, as comparisons of the number itself."""

from __future__ import annotations

import numpy as np


def upper_bound(operation: str, bound: float) -> tuple[str, float]:
    """The same comparison of a double before it is rounded: ``x < bound`` or ``x <= bound``."""
    rounded = np.float32(bound)
    other = np.nextafter(rounded, np.float32(-np.inf if operation == "less" else np.inf))
    middle = (float(rounded) + float(other)) / 2
    even = _is_even(rounded)  # then the middle rounds to the bound, else to its neighbour
    if operation == "less":
        return ("less" if even else "at_most"), middle
    return ("at_most" if even else "less"), middle


def lower_bound(operation: str, bound: float) -> tuple[str, float]:
    """The same comparison of a double before it is rounded: ``bound < x`` or ``bound <= x``."""
    opposite = {"less": "at_most", "at_most": "less"}
    below, middle = upper_bound(opposite[operation], bound)
    return opposite[below], middle


def _is_even(number: np.float32) -> bool:
    """Whether the last bit of its fraction is 0, so that a tie is rounded to it."""
    return int(number.view(np.int32)) % 2 == 0
