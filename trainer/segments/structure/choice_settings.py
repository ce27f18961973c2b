"""How the number of segments is chosen: the range, the amount of work, and the limits."""

from __future__ import annotations

from dataclasses import dataclass

from inference.errors import InputError

_LEAST = {
    "k_min": 2,
    "draws": 39,
    "most_draws": 39,
    "bootstraps": 10,
    "most_bootstraps": 10,
    "sample_rows": 100,
    "user_k": 2,
    "seed": 0,
}

_FRACTIONS = (
    "min_ari",
    "min_jaccard",
    "min_share",
    "min_excess",
    "min_excess_alone",
    "max_valley",
    "max_small_valley",
    "max_path_valley",
    "max_strip_valley",
)


@dataclass(frozen=True, kw_only=True)
class ChoiceSettings:
    """Settings of ``choose_k``; the limits were found on simulated tables (``benchmarks/structure``).

    Attributes:
        k_min, k_max: the range tried.
        user_k: the user's own k, obeyed and judged; it joins the range where it lies outside.
        seed: of everything random but the sample.
        sample_rows: a larger table is judged on a random sample of this many rows, the same for every seed.
        draws, most_draws: tables of one population drawn at first, and at most while the answer is open.
        bootstraps, most_bootstraps: samples drawn at first, and at most while a k is near ``min_ari``.
        search_columns: whether columns that show no groups may be left out where that shows groups.
        search_scales: whether columns may be weighed differently where that shows groups.
        min_ari: smallest mean adjusted Rand index of a reproducible k.
        min_jaccard: smallest clusterwise Jaccard similarity (Hennig 2007: .75 is a valid cluster).
        min_share: smallest share of the rows in a segment.
        min_excess: smallest gain of the silhouette over one population that is called a separation.
        min_excess_alone: the same for a table of one column, whose null misses no shape of dependence.
        max_valley: highest density between two neighbours, divided by the lower of their peaks.
        max_small_valley: the same where the excess is small.
        max_path_valley: the same along the data, mean of the two shallowest pairs.
        max_strip_valley: the same where the clusters stretch across their borders.
        jobs: number of threads, -1 for one per core; the answer is the same for any number.
    """

    k_min: int = 2
    k_max: int = 10
    user_k: int | None = None
    seed: int = 0
    sample_rows: int = 2_000
    draws: int = 39
    most_draws: int = 199
    bootstraps: int = 20
    most_bootstraps: int = 100
    search_columns: bool = True
    search_scales: bool = True
    min_ari: float = 0.85
    min_jaccard: float = 0.75
    min_share: float = 0.05
    min_excess: float = 0.04
    min_excess_alone: float = 0.03
    max_valley: float = 0.85
    max_small_valley: float = 0.75
    max_path_valley: float = 0.62
    max_strip_valley: float = 0.45
    jobs: int = -1

    def __post_init__(self) -> None:
        for name, smallest in {**_LEAST, "k_max": self.k_min}.items():
            value = getattr(self, name)
            if value is not None and value < smallest:
                raise InputError(f"{name} must be at least {smallest}; found {value!r}; give a larger {name}")
        for name in _FRACTIONS:
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"{name} must lie between 0 and 1; found {value!r}; give it as a fraction")
        if self.jobs == 0:
            raise InputError("jobs must not be 0; found 0; give a number of threads, or -1 for one per core")
