"""The rule that chooses k from measured figures, and its reasons in words. It does not use customers' data.

A k is admissible when its clustering is stable (bootstrap), none of its segments is tiny, and its silhouette
exceeds what tables without segments reach. The admissible k with the largest silhouette is chosen. Elbow,
gap, Davies-Bouldin and Calinski-Harabasz are reported as second opinions and never decide: on pure noise the
elbow finds 4 or 5 clusters every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inference.errors import InputError
from inference.wording import listed

ChosenBy = Literal["rule", "user", "exploratory"]

MIN_SEGMENT_ROWS = 5
"""A segment has at least this many customers, however small the table is."""

_LEAST = {
    "k_min": 2,
    "n_init": 10,
    "bootstraps": 2,
    "null_draws": 19,
    "gap_draws": 2,
    "seed": 0,
    "sample_rows": 100,
    "user_k": 2,
}

_ROUNDING = 1e-9  # the same points in another order score the same but for the last digits


@dataclass(frozen=True, kw_only=True)
class ChoiceSettings:
    """How k is chosen. The documentation of the method gives the reasons for all defaults.

    Attributes:
        k_min, k_max: the range tried.
        n_init: starts of each K-Means, at least 10; with one, stability shows the algorithm's own variation.
        bootstraps: samples drawn to measure stability.
        null_draws: tables drawn from each null model, at least 19.
        gap_draws: uniform tables drawn for the gap statistic.
        seed: the random seed.
        sample_rows: a larger table is evaluated on a random sample of this many rows.
        min_ari: smallest mean adjusted Rand index over the bootstraps.
        min_jaccard: smallest clusterwise Jaccard similarity (Hennig 2007: 0.75 is a valid cluster).
        min_share: smallest share of the customers in a segment.
        tie: silhouettes this close are equal, and the smaller k is taken.
        finer_within: a larger admissible k whose silhouette is this close to the best is mentioned.
        user_k: the user's own k; it is used, and added to the range if it is outside.
        jobs: number of threads, -1 for one per core; the answer is the same for any number.
    """

    k_min: int = 2
    k_max: int = 10
    n_init: int = 10
    bootstraps: int = 50
    null_draws: int = 19
    gap_draws: int = 10
    seed: int = 0
    sample_rows: int = 10_000
    min_ari: float = 0.85
    min_jaccard: float = 0.75
    min_share: float = 0.05
    tie: float = 0.002
    finer_within: float = 0.05
    user_k: int | None = None
    jobs: int = -1

    def __post_init__(self) -> None:
        for name, smallest in {**_LEAST, "k_max": self.k_min}.items():
            value = getattr(self, name)
            if value is not None and value < smallest:
                raise InputError(f"{name} must be at least {smallest}; found {value!r}; give a larger {name}")
        for name in ("min_ari", "min_jaccard", "min_share", "tie", "finer_within"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"{name} must lie between 0 and 1; found {value!r}; give it as a fraction")
        if self.jobs == 0:
            raise InputError("jobs must not be 0; found 0; give a number of threads, or -1 for one a core")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured at one k.

    Attributes:
        k: number of segments.
        inertia: sum of squared distances to the nearest centroid, on the evaluated rows.
        silhouette: mean over the evaluated rows; ``negative_silhouette_share`` of them are below zero.
        davies_bouldin, calinski_harabasz: further indices, reported as second opinions.
        gap, gap_error: gap statistic and its error; ``None`` where the inertia is zero.
        ari_mean, ari_se, ari_q10: adjusted Rand index over the bootstraps: mean, its error, 10% quantile.
        jaccard: for each cluster, its mean similarity with the most similar bootstrap cluster.
        jaccard_min: the weakest of them.
        smallest_share: share of the rows in the smallest cluster; ``smallest_rows`` as a number.
        null_permuted_mean, null_copula_mean: mean silhouette at this k of the tables without segments.
        null_permuted_95, null_copula_95: their 95% limit at this k alone; the rule uses the one over all k.
    """

    k: int
    inertia: float
    silhouette: float
    negative_silhouette_share: float
    davies_bouldin: float
    calinski_harabasz: float
    gap: float | None
    gap_error: float | None
    ari_mean: float
    ari_se: float
    ari_q10: float
    jaccard: tuple[float, ...]
    jaccard_min: float
    smallest_share: float
    smallest_rows: int
    null_permuted_mean: float
    null_permuted_95: float
    null_copula_mean: float
    null_copula_95: float


@dataclass(frozen=True, kw_only=True)
class KRow(Figures):
    """One k with its figures and ``refusals``: the conditions that fail, in words with figures."""

    admissible: bool
    refusals: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The 95% limit of the largest silhouette over all k of tables without segments, for each null model."""

    permuted: float
    copula: float


@dataclass(frozen=True, kw_only=True)
class KDecision:
    """The k to use, who chose it, whether it is admissible, why, and which finer k are admissible too."""

    k: int
    chosen_by: ChosenBy
    stable: bool
    reason: str
    finer: tuple[int, ...]


def check_conditions(figures: Figures, *, limits: Limits, settings: ChoiceSettings) -> KRow:
    """Check the figures of one k against the conditions."""
    row, need = figures, settings
    checks = (
        (row.ari_mean >= need.min_ari,
         f"mean ARI {row.ari_mean:.3f} over the bootstrap samples, {need.min_ari} required"),
        (row.jaccard_min >= need.min_jaccard,
         f"Jaccard {row.jaccard_min:.3f} of the weakest segment, {need.min_jaccard} required"),
        (row.smallest_share >= need.min_share,
         f"smallest segment {row.smallest_share:.1%} of the customers, {100 * need.min_share:g}% required"),
        (row.smallest_rows >= MIN_SEGMENT_ROWS or row.smallest_share < need.min_share,
         f"smallest segment of {row.smallest_rows} customers, {MIN_SEGMENT_ROWS} required"),
        (row.silhouette > limits.permuted + _ROUNDING,
         f"silhouette {row.silhouette:.3f}, but shuffled columns reach {limits.permuted:.3f}"),
        (row.silhouette > limits.copula + _ROUNDING,
         f"silhouette {row.silhouette:.3f}, but one correlated cloud reaches {limits.copula:.3f}"),
    )  # fmt: skip
    refusals = tuple(words for passed, words in checks if not passed)
    return KRow(**vars(figures), admissible=not refusals, refusals=refusals)


def decide(rows: Sequence[KRow], *, limits: Limits, settings: ChoiceSettings) -> KDecision:
    """Apply the rule, or the user's k, to the checked rows.

    Args:
        rows: one for each k tried, in ascending order; the user's k is among them.
        limits: of the silhouette, quoted in the reason.
        settings: with the tie, the width of "finer" and the user's k.
    """
    best = rule_choice(rows, tie=settings.tie)
    if settings.user_k is not None:
        (row,) = (row for row in rows if row.k == settings.user_k)
        return _decision(row, rows, "user", _user_reason(row, rows, best), within=settings.finer_within)
    if best is not None:
        return _decision(best, rows, "rule", _rule_reason(best, rows, limits), within=settings.finer_within)
    row = exploratory_choice(rows, min_share=settings.min_share)
    return _decision(row, rows, "exploratory", _exploratory_reason(row, rows), within=settings.finer_within)


def rule_choice(rows: Sequence[KRow], *, tie: float) -> KRow | None:
    """Return the admissible row with the largest silhouette, of tied ones the smallest k, or ``None``."""
    admissible = [row for row in rows if row.admissible]
    best = max((row.silhouette for row in admissible), default=0.0)
    return next((row for row in admissible if row.silhouette >= best - tie), None)


def exploratory_choice(rows: Sequence[KRow], *, min_share: float) -> KRow:
    """Return the row with the largest silhouette among those without tiny segments, or among all."""
    sizeable = [
        row for row in rows if row.smallest_share >= min_share and row.smallest_rows >= MIN_SEGMENT_ROWS
    ]
    return max(sizeable or rows, key=lambda row: row.silhouette)


def _decision(
    row: KRow, rows: Sequence[KRow], chosen_by: ChosenBy, reason: str, *, within: float
) -> KDecision:
    least = max((other.silhouette for other in rows if other.admissible), default=0.0) - within
    finer = tuple(o.k for o in rows if o.admissible and o.k > row.k and o.silhouette >= least)
    if finer:
        also = "also " if row.admissible else ""
        reason += f" A finer split with k = {listed(finer, last='or')} is {also}stable."
    return KDecision(k=row.k, chosen_by=chosen_by, stable=row.admissible, reason=reason, finer=finer)


def _rule_reason(best: KRow, rows: Sequence[KRow], limits: Limits) -> str:
    others = sum(row.admissible for row in rows) - 1
    place = "is the only admissible k" if not others else "has the largest silhouette of the admissible k"
    return (
        f"k = {best.k} {place}: silhouette {best.silhouette:.3f} where tables without segments reach at most "
        f"{max(limits.permuted, limits.copula):.3f}, mean ARI {best.ari_mean:.3f}, weakest segment's Jaccard "
        f"{best.jaccard_min:.3f}, smallest segment {best.smallest_share:.1%}."
    )


def _exploratory_reason(row: KRow, rows: Sequence[KRow]) -> str:
    return (
        f"No stable segmentation found: no k from {rows[0].k} to {rows[-1].k} meets every condition. "
        f"k = {row.k} is exploratory only; it fails: {'; '.join(row.refusals)}."
    )


def _user_reason(row: KRow, rows: Sequence[KRow], best: KRow | None) -> str:
    result = "meets every condition" if row.admissible else f"fails: {'; '.join(row.refusals)}"
    if best is None:
        rule = f"found no stable segmentation from k = {rows[0].k} to {rows[-1].k}"
    elif best.k == row.k:
        rule = "would have chosen the same"
    else:
        rule = (
            f"would have chosen k = {best.k} (silhouette {best.silhouette:.3f} instead of "
            f"{row.silhouette:.3f}, mean ARI {best.ari_mean:.3f} instead of {row.ari_mean:.3f})"
        )
    return f"k = {row.k} was chosen by the user and {result}. The rule {rule}."
