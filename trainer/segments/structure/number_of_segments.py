"""Choose the number of segments, and decide whether the segments are natural, reproducible or constructive.

The three answers are those of Dolnicar and Leisch (2010, Marketing Letters 21) and Dolnicar, Gruen and Leisch
(2018, Market Segmentation Analysis, chapter 7):

- natural: separated beyond what one population shows, and reproducible;
- reproducible: a continuum is divided, and the same division reappears in resampled data;
- constructive: neither; the number is a decision of the user.

``choose_k`` is the one entry. It reads and prints nothing; the same input and settings give the same answer
on any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import SeedSequence

from inference.errors import InputError
from trainer.parallel import Progress, Workers, no_progress
from trainer.segments.structure.batched_kmeans import Floats, Labels, Partitions, nearest
from trainer.segments.structure.choice_reason import reason
from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.clearest_look import Look, clearest_look
from trainer.segments.structure.evidence import Task
from trainer.segments.structure.fences import FenceScaler, fit_fences
from trainer.segments.structure.k_decision import (
    LEAST_ROWS,
    KFigures,
    Kind,
    OtherNumber,
    kind_of,
    other_k,
    other_numbers,
)
from trainer.segments.structure.noise_columns import Subset

LEVEL = 0.05
"""Probability with which one population may pass for several."""

WORTH_THREADS = 1_000
"""Rows from which on several threads are faster than one."""

_ROWS_AT_ONCE = 100_000

_SAMPLE_SEED = 0  # the same for every seed, so that no answer depends on the rows drawn


@dataclass(frozen=True, kw_only=True)
class SegmentNumber:
    """The number of segments and everything it depends on.

    Attributes:
        k: the number of segments to use.
        kind: what the segments may be called.
        chosen_by: ``"rule"`` or ``"user"``.
        p_value: probability that one population looks as separated; of the columns used.
        labels: [N], the segment of each row of the table given.
        centroids: [k, c], in scaled units of the columns used; the partition that was judged.
        scaler: clips and scales the columns used.
        columns: positions of the columns used, ascending; the others show no groups.
        factors: [c], what each of them was multiplied by after scaling, 1 for most tables.
        sample: [n, c], the rows that were judged, scaled; partitions: for each row of ``table`` the K-Means
            solution on them, with B = 1.
        table: one row of figures for each k tried, ascending.
        limit: what the largest z of one population stays below.
        natural_k: the number of natural segments, or ``None``.
        bic_k: number of components with the smallest BIC of a Gaussian mixture.
        others: other numbers of segments to consider, and their kinds.
        reason: two or three plain sentences with figures.
        left_out: in words, the k of the range that could not be tried.
        sample_rows: how many rows were judged.
        draws: how many tables of one population were drawn.
        settings: as given.
    """

    k: int
    kind: Kind
    chosen_by: str
    p_value: float
    labels: Labels
    centroids: Floats
    scaler: FenceScaler
    columns: Subset
    factors: Floats
    sample: Floats
    partitions: tuple[Partitions, ...]
    table: tuple[KFigures, ...]
    limit: float
    natural_k: int | None
    bic_k: int
    others: tuple[OtherNumber, ...]
    reason: str
    left_out: tuple[str, ...]
    sample_rows: int
    draws: int
    settings: ChoiceSettings

    def centroids_of(self, k: int) -> Floats:
        """The centroids [k, c] of another number of segments of the table, in scaled units."""
        centroids: Floats = self.partitions[[row.k for row in self.table].index(k)].centroids[0]
        return centroids

    def segments(self, features: Floats) -> Labels:
        """Return the segment [n] of rows [n, d] with the columns that ``choose_k`` was given."""
        return _segments(features, self.columns, self.scaler, self.centroids)


def choose_k(
    features: Floats, settings: ChoiceSettings | None = None, *, progress: Progress = no_progress
) -> SegmentNumber:
    """Choose the number of segments for the rows of ``features`` and judge it.

    Args:
        features: [N, d], numeric clustering columns, raw or scaled, without missing values.
        settings: of the choice; ``None`` for the defaults.
        progress: called after each step of the work, from the calling thread.

    Raises:
        InputError: missing values, a constant column, too few rows, or fewer distinct rows than segments.

    Example:
        >>> corners = np.repeat([[0.0, 0.0], [0, 9], [9, 0], [9, 9]], 25, axis=0)
        >>> found = choose_k(corners + np.random.default_rng(0).normal(size=(100, 2)))
        >>> found.k, found.kind
        (4, 'natural')
    """
    settings = settings or ChoiceSettings()
    features = _checked(features, settings)
    if features.shape[1] == 1:
        settings = replace(settings, min_excess=min(settings.min_excess, settings.min_excess_alone))
    of_looks = SeedSequence(settings.seed)
    scaler = fit_fences(features)
    sample = scaler.scaled(_sampled(features[scaler.counts(features)], settings.sample_rows))
    ks, left_out = _usable(sample, settings)
    jobs = settings.jobs if len(sample) >= WORTH_THREADS else 1
    workers = Workers(jobs=jobs, progress=progress)
    task = Task(table=sample, ks=ks, settings=settings, level=LEVEL, workers=workers)
    return _answer(features, scaler, clearest_look(task, of_looks), left_out)


def _answer(features: Floats, whole: FenceScaler, look: Look, left_out: tuple[str, ...]) -> SegmentNumber:
    evidence, natural, settings = look.evidence, look.natural, look.settings
    scaler = whole.only(look.columns).stretched(look.factors)
    k = settings.user_k or natural or other_k(evidence.rows, settings)
    position = [row.k for row in evidence.rows].index(k)
    row, centroids = evidence.rows[position], evidence.partitions[position].centroids[0]
    kind = kind_of(row, natural)
    return SegmentNumber(
        k=k,
        kind=kind,
        chosen_by="rule" if settings.user_k is None else "user",
        p_value=evidence.p_value,
        labels=_segments(features, look.columns, scaler, centroids),
        centroids=centroids,
        scaler=scaler,
        columns=look.columns,
        factors=look.factors,
        sample=look.table,
        partitions=evidence.partitions,
        table=evidence.rows,
        limit=evidence.limit,
        natural_k=natural,
        bic_k=evidence.bic_k,
        others=other_numbers(evidence.rows, k, natural),
        reason=reason(evidence, row, kind, natural, settings),
        left_out=left_out,
        sample_rows=len(look.table),
        draws=evidence.draws,
        settings=settings,
    )


def _segments(features: Floats, columns: Subset, scaler: FenceScaler, centroids: Floats) -> Labels:
    parts = [
        nearest(scaler.scaled(features[i : i + _ROWS_AT_ONCE, list(columns)]), centroids)
        for i in range(0, len(features), _ROWS_AT_ONCE)
    ]
    return np.concatenate(parts)


def _checked(features: Floats, settings: ChoiceSettings) -> Floats:
    """Return ``features`` as doubles [N, d], or raise for what cannot be clustered."""
    features = np.asarray(features, dtype=np.float64)
    if features.ndim != 2 or features.shape[1] == 0:
        raise InputError(
            f"clustering columns must form a table [rows, columns]; found shape {features.shape}; "
            "pass at least one clustering column"
        )
    needed = LEAST_ROWS * max(settings.k_min, settings.user_k or 0)
    if len(features) < needed:
        raise InputError(
            f"at least {needed} rows are needed, {LEAST_ROWS} per segment, but there are {len(features)}; "
            "add customers"
        )
    for i, column in enumerate(features.T, start=1):
        position = f"clustering column {i} of {features.shape[1]}"
        if missing := int((~np.isfinite(column)).sum()):
            raise InputError(
                f"clustering columns must be finite numbers; {position} has {missing} that are not; "
                "fill or drop those rows"
            )
        if column.min() == column.max():
            raise InputError(
                f"clustering columns must vary; {position} is {column[0]:g} in all {len(features)} rows; "
                "leave it out"
            )
    return features


def _sampled(features: Floats, rows: int) -> Floats:
    """Return at most ``rows`` rows, drawn without replacement, in their order; the same for every seed."""
    if len(features) <= rows:
        return features
    return features[np.sort(np.random.default_rng(_SAMPLE_SEED).choice(len(features), rows, replace=False))]


def _distinct(table: Floats) -> int:
    return len(np.unique(table.round(9), axis=0))


def _usable(table: Floats, settings: ChoiceSettings) -> tuple[Sequence[int], tuple[str, ...]]:
    """Return the k that can be tried, and in words those of the range that cannot."""
    wanted = set(range(settings.k_min, settings.k_max + 1)) | {settings.user_k or settings.k_min}
    points = _distinct(table)
    most = min(points, len(table) // LEAST_ROWS)
    ks = sorted(k for k in wanted if k <= most)
    if not ks or (settings.user_k or 0) > most:
        asked = settings.user_k or settings.k_min
        if asked <= points:
            raise InputError(
                f"{asked} segments need {LEAST_ROWS * asked} rows that are not far from all others, "
                f"{LEAST_ROWS} per segment; found {len(table)}; ask for fewer segments or add customers"
            )
        raise InputError(
            f"{asked} segments need as many distinct rows; "
            f"found {points} in {len(table)} rows; ask for fewer segments or add a clustering column"
        )
    return ks, tuple(
        f"k = {k} was left out: {len(table)} rows with {points} distinct ones are too few"
        for k in sorted(wanted - set(ks))
    )
