"""Choose the number of segments: measure and check every k, and give the reason.

``choose_k`` is the entry point. It reads and prints nothing; the same input and settings give the same answer
on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.random import SeedSequence

from inference.errors import InputError
from inference.wording import counted
from trainer.parallel import Progress, Workers, no_progress
from trainer.segments.cluster_metrics import Fit, Floats, distinct_points, fit_each, measure, task_seed
from trainer.segments.k_rule import (
    MIN_SEGMENT_ROWS,
    ChoiceSettings,
    ChosenBy,
    Figures,
    KRow,
    Limits,
    check_conditions,
    decide,
)
from trainer.segments.null_models import Null, copula_correlation, copula_draw, null_silhouettes, permuted
from trainer.segments.second_opinions import Gap, elbow, gap_statistic, second_opinions
from trainer.segments.stability import assess_stability

__all__ = ["Build", "Choice", "ChoiceSettings", "KRow", "choose_k"]

THREADED_ROWS = 3_000
"""From this number of rows several threads are faster than one; below it they wait for the interpreter."""

Build = Callable[[Floats], Floats]
"""From the raw columns the clustering features are made of [N, r] to scaled clustering features [N, d]."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The decision about k and everything it depends on; ``dataclasses.asdict`` makes it ready for JSON.

    Attributes:
        k: the number of segments to use.
        chosen_by: ``"rule"``, ``"user"``, or ``"exploratory"`` when no k is admissible.
        stable: whether the chosen k is admissible.
        reason: one to three plain sentences with figures.
        table: one row for each k tried, ascending.
        left_out: in words, the k of the range that could not be tried.
        elbow: where the inertias bend most (kneed), or ``None``.
        second_opinions: in words, which other criteria agree and what each of the others recommends.
        finer: larger admissible k whose silhouette is close to the best.
        limit_permuted, limit_copula: what an admissible silhouette must exceed.
        sample_rows: how many rows were evaluated.
        settings: as given.
    """

    k: int
    chosen_by: ChosenBy
    stable: bool
    reason: str
    table: tuple[KRow, ...]
    left_out: tuple[str, ...]
    elbow: int | None
    second_opinions: tuple[str, ...]
    finer: tuple[int, ...]
    limit_permuted: float
    limit_copula: float
    sample_rows: int
    settings: ChoiceSettings


@dataclass(frozen=True, kw_only=True)
class _Seeds:
    """One independent random stream per purpose, so that none changes when another draws more."""

    sample: SeedSequence
    fits: SeedSequence
    bootstrap: SeedSequence
    permuted: SeedSequence
    copula: SeedSequence
    gap: SeedSequence


@dataclass(frozen=True, kw_only=True)
class _Study:
    """The evaluated rows, raw [n, r] and scaled [n, d], the k to try, and the settings."""

    raw: Floats
    features: Floats
    build: Build
    ks: Sequence[int]
    settings: ChoiceSettings
    seeds: _Seeds
    workers: Workers


def choose_k(
    raw: Floats, build: Build, settings: ChoiceSettings, *, progress: Progress = no_progress
) -> Choice:
    """Measure and check every k of the range and choose one.

    Args:
        raw: [N, r], the raw columns the clustering features are made of, without missing values.
        build: makes scaled clustering features from such columns, row by row in the same order. It is called
            again with tables whose raw columns were permuted, so that engineered features follow.
        settings: of the choice.
        progress: called after each step of the work, from the calling thread.

    Raises:
        InputError: missing values, a constant column, too few rows, or fewer distinct rows than segments.
    """
    seeds = _Seeds(**dict(zip(_Seeds.__annotations__, SeedSequence(settings.seed).spawn(6), strict=True)))
    whole = _checked(raw, "clustering column", settings)
    sample = _sampled(whole, settings.sample_rows, seeds.sample)
    features = _checked(build(sample), "clustering feature", settings)
    ks, left_out = _usable(features, settings)
    jobs = 1 if len(features) < THREADED_ROWS else settings.jobs
    workers = Workers(jobs=jobs, progress=progress)
    study = _Study(
        raw=sample, features=features, build=build, ks=ks, settings=settings, seeds=seeds, workers=workers
    )
    fits = fit_each(features, [1, *ks], n_init=settings.n_init, seed=task_seed(seeds.fits), workers=workers)
    gaps = _gaps(study, fits)
    nulls = _nulls(study)
    limits = Limits(permuted=nulls[0].limit, copula=nulls[1].limit)
    table = tuple(
        check_conditions(f, limits=limits, settings=settings)
        for f in _figures(study, fits[1:], gaps[1:], nulls)
    )
    decision = decide(table, limits=limits, settings=settings)
    bend = elbow(ks, [row.inertia for row in table])
    return Choice(
        **vars(decision),
        table=table,
        left_out=left_out,
        elbow=bend,
        second_opinions=second_opinions(table, decision.k, elbow=bend, gaps=gaps),
        limit_permuted=limits.permuted,
        limit_copula=limits.copula,
        sample_rows=len(sample),
        settings=settings,
    )


def _gaps(study: _Study, fits: Sequence[Fit]) -> list[Gap]:
    inertias = {fit.k: fit.inertia for fit in fits}
    draws = study.settings.gap_draws
    return gap_statistic(study.features, inertias, draws=draws, seed=study.seeds.gap, workers=study.workers)


def _nulls(study: _Study) -> tuple[Null, Null]:
    """Return the null model with permuted columns and that of the Gaussian copula."""
    correlation = copula_correlation(study.raw)

    def null(label: str, seed: SeedSequence, draw: Callable[[np.random.Generator], Floats]) -> Null:
        seeds = seed.spawn(study.settings.null_draws)
        tables = [np.asarray(study.build(draw(np.random.default_rng(s))), dtype=np.float64) for s in seeds]
        n_init = study.settings.n_init
        return null_silhouettes(
            tables, study.ks, n_init=n_init, seeds=seeds, label=label, workers=study.workers
        )

    return (
        null("permuted columns", study.seeds.permuted, lambda rng: permuted(study.raw, rng)),
        null("correlated cloud", study.seeds.copula, lambda rng: copula_draw(study.raw, correlation, rng)),
    )


def _figures(
    study: _Study, fits: Sequence[Fit], gaps: Sequence[Gap], nulls: tuple[Null, Null]
) -> list[Figures]:
    labellings = [fit.labels for fit in fits]
    stability = assess_stability(
        study.features,
        labellings,
        bootstraps=study.settings.bootstraps,
        n_init=study.settings.n_init,
        seed=study.seeds.bootstrap,
        workers=study.workers,
    )
    indices = measure(study.features, labellings)
    return [
        Figures(
            **asdict(scores),
            **asdict(stable),
            k=fit.k,
            inertia=fit.inertia,
            gap=gap.gap,
            gap_error=gap.error,
            jaccard_min=min(stable.jaccard),
            smallest_share=float(np.bincount(fit.labels).min() / len(fit.labels)),
            smallest_rows=int(np.bincount(fit.labels).min()),
            null_permuted_mean=nulls[0].means[i],
            null_permuted_95=nulls[0].limits[i],
            null_copula_mean=nulls[1].means[i],
            null_copula_95=nulls[1].limits[i],
        )
        for i, (fit, gap, scores, stable) in enumerate(zip(fits, gaps, indices, stability, strict=True))
    ]


def _checked(table: Floats, what: str, settings: ChoiceSettings) -> Floats:
    """Return ``table`` as doubles [N, c]; raises an error where it cannot be clustered."""
    table = np.asarray(table, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] == 0:
        raise InputError(
            f"{what}s must form a table [rows, columns]; found shape {table.shape}; pass at least one {what}"
        )
    needed = MIN_SEGMENT_ROWS * settings.k_min
    if len(table) < needed:
        raise InputError(
            f"at least {needed} rows are needed, {MIN_SEGMENT_ROWS} for each of {settings.k_min} segments; "
            f"found {len(table)}; add customers"
        )
    for i, column in enumerate(table.T, start=1):
        place = f"{what} {i} of {table.shape[1]}"
        if missing := int((~np.isfinite(column)).sum()):
            raise InputError(
                f"{what}s must be finite numbers; {place} has {counted(missing, 'other value')}; "
                "fill or drop those rows"
            )
        if column.min() == column.max():
            raise InputError(
                f"{what}s must vary; {place} is {column[0]:g} in all {len(table)} rows; leave it out"
            )
    return table


def _sampled(raw: Floats, rows: int, seed: SeedSequence) -> Floats:
    """Return at most ``rows`` rows of ``raw``, drawn without replacement, in their order."""
    if len(raw) <= rows:
        return raw
    return raw[np.sort(np.random.default_rng(seed).choice(len(raw), rows, replace=False))]


def _usable(features: Floats, settings: ChoiceSettings) -> tuple[list[int], tuple[str, ...]]:
    """Return the k that can be tried, and in words those of the range that cannot."""
    wanted = set(range(settings.k_min, settings.k_max + 1))
    if settings.user_k is not None:
        wanted.add(settings.user_k)
    points = distinct_points(features)
    most = min(points, len(features) - 1)
    ks = sorted(k for k in wanted if k <= most)
    if not ks or (settings.user_k or 0) > most:
        raise InputError(
            f"{settings.user_k or settings.k_min} segments need as many distinct rows; "
            f"found {points} in {len(features)} rows; ask for fewer segments or add a clustering column"
        )
    return ks, tuple(
        f"k = {k} was left out: the clustering columns have only {points} distinct rows"
        for k in sorted(wanted - set(ks))
    )
