"""P-values of many comparisons together: Holm's correction, which holds for any dependence between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import t as student


def two_sided(difference: float, error: float, *, results: int) -> float:
    """The p-value of a difference with its standard error over so many results (Student's t).

    >>> round(two_sided(2.0, 1.0, results=11), 3), two_sided(0.0, 0.0, results=5)
    (0.073, 1.0)
    """
    if difference == 0:
        return 1.0
    return float(2 * student.sf(abs(difference) / error, results - 1)) if error > 0 else 0.0


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number (Holm 1979), in the same order.

    The smallest is multiplied by their number, the next by one less, and so on; none becomes smaller than one
    before it, and none exceeds 1.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * factors))
    return [float(value) for value in corrected]
