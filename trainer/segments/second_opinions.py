"""What other criteria would choose, in figures and in words; they never decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from inference.wording import listed
from trainer.parallel import Workers
from trainer.segments.other_criteria import Gap, elbow, gap_rule, gap_statistic, hdbscan, prediction_strength
from trainer.segments.structure import SegmentNumber

ELBOW = "elbow"

GAP_DRAWS = 10


@dataclass(frozen=True, kw_only=True)
class Indices:
    """Further metrics of the partition with one k; ``gap`` is ``None`` where the inertia is zero."""

    davies_bouldin: float
    calinski_harabasz: float
    gap: float | None
    gap_error: float | None


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """What other criteria say about a table.

    Attributes:
        indices: one for each k that was judged.
        answers: criterion -> its k, 1 for no segments, or ``None`` where it has no answer.
        sentences: the same in words, compared with the chosen k.
    """

    indices: tuple[Indices, ...]
    answers: Mapping[str, int | None]
    sentences: tuple[str, ...]


def second_opinions(number: SegmentNumber, workers: Workers) -> Opinions:
    """Ask the other criteria about the rows and partitions that ``number`` was chosen on."""
    of_gap, of_strength = SeedSequence(number.settings.seed).spawn(2)
    ks = [row.k for row in number.table]
    labellings = [partition.labels[0] for partition in number.partitions]
    gaps = gap_statistic(number.sample, [1, *ks], draws=GAP_DRAWS, seed=of_gap, workers=workers)
    by_k = {gap.k: gap for gap in gaps}
    indices = tuple(
        Indices(
            davies_bouldin=float(davies_bouldin_score(number.sample, labels)),
            calinski_harabasz=float(calinski_harabasz_score(number.sample, labels)),
            gap=by_k[k].gap,
            gap_error=by_k[k].error,
        )
        for k, labels in zip(ks, labellings, strict=True)
    )
    answers = {
        ELBOW: elbow(ks, [row.inertia for row in number.table]),
        "gap statistic": gap_rule(gaps),
        "Davies-Bouldin": ks[int(np.argmin([each.davies_bouldin for each in indices]))],
        "Calinski-Harabasz": ks[int(np.argmax([each.calinski_harabasz for each in indices]))],
        "the BIC of a Gaussian mixture": number.bic_k,
        "prediction strength": prediction_strength(number.sample, ks, of_strength),
        "HDBSCAN": hdbscan(number.sample),
    }
    return Opinions(
        indices=indices, answers=answers, sentences=opinion_sentences(answers, number.k, ks, gaps)
    )


def opinion_sentences(
    answers: Mapping[str, int | None], k: int, ks: Sequence[int], gaps: Sequence[Gap]
) -> tuple[str, ...]:
    """Which criteria recommend ``k``, and what each of the others does.

    Args:
        answers: criterion -> its k, 1 for no segments, or ``None``.
        k: the chosen k.
        ks: every k tried, ascending.
        gaps: the gap statistic, starting with one cluster.

    Returns:
        One sentence for all that agree, where any do, then one for each that does not.
    """
    agreeing = [name for name, answer in answers.items() if answer == k]
    sentences = (
        [f"{listed(agreeing)} also {'recommends' if len(agreeing) == 1 else 'recommend'} k = {k}."]
        if agreeing
        else []
    )
    for name, answer in answers.items():
        if answer != k:
            sentences.append(_sentence(name, answer, ks, gaps))
    return tuple(sentence[0].upper() + sentence[1:] for sentence in sentences)


def _sentence(name: str, answer: int | None, ks: Sequence[int], gaps: Sequence[Gap]) -> str:
    first, last = ks[0], ks[-1]
    if answer is None:
        return f"{name} {'does not bend clearly' if name == ELBOW else 'recommends no k'} up to k = {last}."
    if answer == 1:
        if name != "gap statistic":
            return f"{name} recommends k = 1, no segments."
        later = gap_rule(gaps[1:])
        then = f"recommends k = {later}" if later else f"recommends no k up to k = {last}"
        return f"{name} recommends k = 1, no segments; with at least {first} it {then}."
    end = ", the end of the range tried" if answer == last else ""
    return f"{name} recommends k = {answer}{end}."
