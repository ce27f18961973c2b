"""What other criteria would have chosen, in words: elbow, gap, Davies-Bouldin, Calinski-Harabasz.

They are reported but never decide: on tables without segments the elbow finds 4 or 5 every time.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.random import SeedSequence

from inference.wording import listed
from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats, task_seed
from trainer.segments.k_rule import KRow
from trainer.segments.kmeans import fit_kmeans

ELBOW = "elbow"

_NO_INERTIA = 1e-12
_REFERENCE_STARTS = 10


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The gap statistic of one k and its error; ``None`` where the inertia is zero."""

    k: int
    gap: float | None
    error: float | None


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Return the k where the curve of inertias bends most (Satopaa et al. 2011, "kneedle"), if it bends."""
    if len(ks) < 3:
        return None
    from kneed import KneeLocator  # here, because kneed imports matplotlib

    with warnings.catch_warnings(record=True):  # kneed warns where it finds no elbow; the result is then None
        knee = KneeLocator(ks, inertias, curve="convex", direction="decreasing").knee
    return None if knee is None else int(knee)


def gap_statistic(
    features: Floats, inertias: Mapping[int, float], *, draws: int, seed: SeedSequence, workers: Workers
) -> list[Gap]:
    """Compare log inertia with that of tables without clusters (Tibshirani, Walther and Hastie 2001).

    Gap(k) = mean of log W*(k) over the draws - log W(k), where W is the inertia, with the error
    s(k) = sd * sqrt(1 + 1 / draws). The draws are uniform in the box along the principal axes, their
    variant (b). A zero inertia has no logarithm and therefore no gap.

    Args:
        features: [N, d].
        inertias: W(k) of the features for each k.
        draws: number of uniform tables.
        seed: spawned once per draw.
        workers: run the draws.
    """
    ks = list(inertias)
    centred = features - features.mean(axis=0)
    turned = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    logs = np.array(workers.map("gap statistic", partial(_log_inertias, turned, ks), seed.spawn(draws)))
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / draws)
    zero = _NO_INERTIA * float((centred**2).sum())
    return [
        Gap(k=k, gap=float(mean - np.log(inertias[k])), error=float(error))
        if inertias[k] > zero
        else Gap(k=k, gap=None, error=None)
        for k, mean, error in zip(ks, logs.mean(axis=0), errors, strict=True)
    ]


def _log_inertias(turned: Floats, ks: Sequence[int], seed: SeedSequence) -> Floats:
    box = np.random.default_rng(seed).uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)
    return np.array(
        [np.log(fit_kmeans(box, k, n_init=_REFERENCE_STARTS, seed=task_seed(seed)).inertia_) for k in ks]
    )


def gap_rule(gaps: Sequence[Gap]) -> int | None:
    """Return the smallest k with Gap(k) >= Gap(k + 1) - s(k + 1), or ``None`` if no k does."""
    for this, following in pairwise(gaps):
        if this.gap is None or following.gap is None or following.error is None:
            return None
        if this.gap >= following.gap - following.error:
            return this.k
    return None


def second_opinions(
    rows: Sequence[KRow], k: int, *, elbow: int | None, gaps: Sequence[Gap]
) -> tuple[str, ...]:
    """Which of elbow, gap, Davies-Bouldin and Calinski-Harabasz recommend ``k``, and what the others do.

    Args:
        rows: one for each k tried, ascending.
        k: the chosen k.
        elbow: where the inertias bend most, or ``None``.
        gaps: the gap statistic, starting with one cluster.

    Returns:
        One sentence for all that agree, where any do, then one for each that does not.
    """
    answers = {
        ELBOW: elbow,
        "gap statistic": gap_rule(gaps),
        "Davies-Bouldin": min(rows, key=lambda row: row.davies_bouldin).k,
        "Calinski-Harabasz": max(rows, key=lambda row: row.calinski_harabasz).k,
    }
    agreeing = [name for name, answer in answers.items() if answer == k]
    sentences = (
        [f"{listed(agreeing)} also {'recommends' if len(agreeing) == 1 else 'recommend'} k = {k}."]
        if agreeing
        else []
    )
    for name, answer in answers.items():
        if answer != k:
            sentences.append(_sentence(name, answer, rows, gaps))
    return tuple(sentence[0].upper() + sentence[1:] for sentence in sentences)


def _sentence(name: str, answer: int | None, rows: Sequence[KRow], gaps: Sequence[Gap]) -> str:
    first, last = rows[0].k, rows[-1].k
    if answer is None:
        return f"{name} {'does not bend clearly' if name == ELBOW else 'recommends no k'} up to k = {last}."
    if answer == 1:
        later = gap_rule(gaps[1:])
        then = f"recommends k = {later}" if later else f"recommends no k up to k = {last}"
        return f"{name} recommends k = 1, no segments; from k = {first} it {then}."
    end = ", the end of the range tried" if answer == last else ""
    return f"{name} recommends k = {answer}{end}."
