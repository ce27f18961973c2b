"""Measure everything the choice of the number of segments depends on, for every k of a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import SeedSequence

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import Floats, Labels, Partitions, Search, kmeans_of_table
from trainer.segments.structure.border_shape import border_elongation
from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.density_valley import valley
from trainer.segments.structure.k_decision import (
    KFigures,
    exceeds,
    is_sizeable,
    path_limit,
    valley_limit,
)
from trainer.segments.structure.mean_silhouettes import mean_silhouettes
from trainer.segments.structure.mixture import smallest_bic
from trainer.segments.structure.null_test import Draws, NullSilhouettes, drawn_until_clear
from trainer.segments.structure.one_population import fit_one_population
from trainer.segments.structure.path_valley import PathGraph
from trainer.segments.structure.resampled_fits import Plan, Returns, resampled_until_clear

MANY_CLUSTERS = 6
"""With more clusters than this K-Means has many optima and gets more starts."""

SEARCH = Search(starts=20, tolerance=0, iterations=300)
SEARCH_OF_MANY = Search(starts=50, tolerance=0, iterations=300)

_LANDMARK_SEED = 0  # the same for every seed, so that no answer depends on the landmarks


@dataclass(frozen=True, kw_only=True)
class Task:
    """A scaled table [n, d], the k to try, how, and the level at which one population is rejected."""

    table: Floats
    ks: Sequence[int]
    settings: ChoiceSettings
    level: float
    workers: Workers


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was measured on one table.

    Attributes:
        rows: one for each k, ascending.
        partitions: for each row, the K-Means solution that was judged, with B = 1.
        limit: what the largest z of one population stays below.
        p_value: of the largest z among the reproducible k; 1 where none is.
        bic_k: number of components with the smallest BIC, 1 included.
        draws: how many tables of one population were drawn.
    """

    rows: tuple[KFigures, ...]
    partitions: tuple[Partitions, ...]
    limit: float
    p_value: float
    bic_k: int
    draws: int


@dataclass(frozen=True, kw_only=True)
class _Fitted:
    """The partitions, and what of them needs no null."""

    partitions: tuple[Partitions, ...]
    silhouettes: Floats
    returns: Sequence[Returns]
    steady: Sequence[bool]
    valleys: Sequence[float]
    path_valleys: Sequence[float | None]
    elongations: Sequence[float]
    bics: Sequence[float]


def measure(task: Task, seed: SeedSequence) -> Evidence:
    """Cluster the table for each k and measure the quality of its partitions."""
    of_fits, of_bootstraps, of_null = seed.spawn(3)
    fitted = _fitted(task, of_fits, of_bootstraps)
    null = _null(task, fitted, of_null)
    limit = null.limit(task.level)
    rows = tuple(_row(task, fitted, null, i) for i in range(len(task.ks)))
    judged = tuple(
        replace(
            row,
            passes=row.separated and exceeds(row, limit=limit, min_excess=task.settings.min_excess),
        )
        for row in rows
    )
    largest = max((row.z for row in rows if row.reproducible), default=-np.inf)
    return Evidence(
        rows=judged,
        partitions=fitted.partitions,
        limit=limit,
        p_value=null.p_value(largest),
        bic_k=[1, *task.ks][int(np.argmin(fitted.bics))],
        draws=len(null.values),
    )


def _fitted(task: Task, of_fits: SeedSequence, of_bootstraps: SeedSequence) -> _Fitted:
    table, settings, workers = task.table, task.settings, task.workers
    tasks = list(zip(task.ks, of_fits.spawn(len(task.ks)), strict=True))
    partitions = workers.map("clusterings", lambda pair: _fit(table, *pair), tasks)
    labellings = [partition.labels[0] for partition in partitions]
    plan = Plan(first=settings.bootstraps, most=settings.most_bootstraps, limit=settings.min_ari)
    returns = resampled_until_clear(table, labellings, plan, of_bootstraps, workers)
    steady = [
        _reproducible(settings, found, labels) for found, labels in zip(returns, labellings, strict=True)
    ]
    paths = PathGraph(table, np.random.default_rng(_LANDMARK_SEED))
    groupings = [np.zeros(len(table), dtype=np.intp), *labellings]
    return _Fitted(
        partitions=tuple(partitions),
        silhouettes=mean_silhouettes(table, labellings),
        returns=returns,
        steady=steady,
        valleys=[valley(table, partition.labels[0], partition.centroids[0]) for partition in partitions],
        path_valleys=[
            paths.valley(partition.labels[0], partition.centroids[0]) if good else None
            for partition, good in zip(partitions, steady, strict=True)
        ],
        elongations=[
            border_elongation(table, partition.labels[0], partition.centroids[0]) for partition in partitions
        ],
        bics=workers.map("mixtures", lambda labels: smallest_bic(table, labels), groupings),
    )


def _fit(table: Floats, k: int, seed: SeedSequence) -> Partitions:
    return kmeans_of_table(table, k, SEARCH if k <= MANY_CLUSTERS else SEARCH_OF_MANY, seed)


def _null(task: Task, fitted: _Fitted, seed: SeedSequence) -> NullSilhouettes:
    """Draw tables of one population, more of them where that can change the answer."""
    settings = task.settings
    steady = np.array(fitted.steady)

    def largest_z(null: NullSilhouettes) -> float | None:
        excesses = fitted.silhouettes - null.means
        decidable = any(_separated(task, fitted, i, float(excess)) for i, excess in enumerate(excesses))
        counts = steady & (excesses >= settings.min_excess)
        return float(null.z(fitted.silhouettes)[counts].max()) if decidable and counts.any() else None

    population = fit_one_population(task.table)
    draws = Draws(population=population, rows=len(task.table), ks=task.ks, seed=seed, workers=task.workers)
    return drawn_until_clear(draws, largest_z, first=settings.draws, most=settings.most_draws)


def _reproducible(settings: ChoiceSettings, returns: Returns, labels: Labels) -> bool:
    return (
        returns.ari >= settings.min_ari
        and returns.weakest_jaccard >= settings.min_jaccard
        and is_sizeable(_smallest_rows(labels), _smallest_rows(labels) / len(labels), settings)
    )


def _separated(task: Task, fitted: _Fitted, i: int, excess: float) -> bool:
    along = fitted.path_valleys[i]
    limit = path_limit(excess, fitted.elongations[i], task.settings)
    return along is not None and along <= limit and fitted.valleys[i] <= valley_limit(excess, task.settings)


def _row(task: Task, fitted: _Fitted, null: NullSilhouettes, i: int) -> KFigures:
    silhouette, returns = float(fitted.silhouettes[i]), fitted.returns[i]
    smallest = _smallest_rows(fitted.partitions[i].labels[0])
    excess = silhouette - float(null.means[i])
    return KFigures(
        k=task.ks[i],
        silhouette=silhouette,
        null_mean=float(null.means[i]),
        null_deviation=float(null.deviations[i]),
        excess=excess,
        z=float(null.z(fitted.silhouettes)[i]),
        ari=returns.ari,
        ari_error=returns.ari_error,
        jaccard=returns.weakest_jaccard,
        inertia=float(fitted.partitions[i].inertias[0]),
        smallest_share=smallest / len(task.table),
        smallest_rows=smallest,
        valley=fitted.valleys[i],
        path_valley=fitted.path_valleys[i],
        border_elongation=fitted.elongations[i],
        bic=fitted.bics[i + 1],
        reproducible=fitted.steady[i],
        separated=_separated(task, fitted, i, excess),
        passes=False,
    )


def _smallest_rows(labels: Labels) -> int:
    return int(np.bincount(labels).min())
