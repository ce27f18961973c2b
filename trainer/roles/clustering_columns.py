"""Which numbers decide the segments by default: behaviour and capacity, each once, and not too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from trainer.roles.column_names import words
from trainer.roles.recognise.column_statistics import NumberFacts
from trainer.roles.recognise.correlations import explain_most, follows, rank_correlations, related
from trainer.roles.recognise.header_words import says
from trainer.roles.recognise.role_words import ACTIVITY, CALENDAR, COUNTED, PERSON

MAX_CLUSTERING_COLUMNS = 8
MAX_COMPARED = 200  # candidates; the pairs of more take minutes
MAX_MISSING = 0.10  # share of rows a clustering column may lack
MIN_USABLE = 0.80  # share of rows that must have all of them
MOST_MISSING, LEAST_USABLE = 0.30, 0.50  # the same where no column is known so often
MAX_SAME = 0.80  # share of the most frequent value
FEW_VALUES = 10  # with fewer, segments would be just these
COPY = 0.95  # rank correlation
STRANGER = "independent of every other candidate: it would separate customers at random"
FEWEST_ORDERED = 2  # categories with an order, where no number clusters with them
YEARS = (1900.0, 2100.0)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A column that may become a clustering column: numbers, or a category with an order as numbers.

    ``person``: whether it was set to describe the person; ``None``: as its header says.
    """

    name: str
    header: str
    number: NumberFacts
    missing_share: float
    ordered: bool = False
    person: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ClusteringChoice:
    """The clustering columns, in the table's order, and why each other column is not one.

    ``reasons``: why an ordered category is one, by name.
    """

    names: tuple[str, ...]
    refusals: dict[str, str]
    reasons: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose_clustering_columns(
    candidates: Sequence[Candidate], *, first: str | None = None
) -> ClusteringChoice:
    """Choose the clustering columns.

    Left out are, in this order: what describes a person and not what they do, and parts of dates; columns
    too often missing or nearly constant; numbers of few values, unless there is nothing finer; near copies;
    columns that have to do with no other one, where some have; all beyond the eight that explain most of the
    others (``explain_most``); what follows from two others.

    A category with an order is a coarse number. It is chosen where its header shows what customers do or are
    worth, such as a spending score of Low, Average and High; next to no number of that meaning, columns about
    the person join it, since its few values would be the segments. Bands of age or education describe the
    person, and are used where nothing else can be.

    Args:
        first: the value column; it is kept where any must go.
    """
    ordered = [each for each in candidates if each.ordered]
    everything, candidates = candidates, [each for each in candidates if not each.ordered]
    most_missing, least_usable = MAX_MISSING, MIN_USABLE
    notes = []
    if all(_unfit(each) for each in candidates) and not all(
        _unfit(each, MOST_MISSING) for each in candidates
    ):
        most_missing, least_usable = MOST_MISSING, LEAST_USABLE
        notes.append(
            f"every column about what customers do is missing in more than {MAX_MISSING:.0%} of the rows; "
            "customers without one are not clustered; the classifier assigns their segment"
        )
    refusals = {each.name: why for each in candidates if (why := _unfit(each, most_missing))}
    coarse = {
        each.name: f"only {each.number.distinct} different values, too few to form segments"
        for each in candidates
        if each.name not in refusals and each.number.distinct < FEW_VALUES
    }
    left = [each for each in candidates if each.name not in refusals and each.name not in coarse]
    if left:
        refusals |= coarse
    else:
        left = [each for each in candidates if each.name in coarse]
    active = [each for each in ordered if says(each.header, ACTIVITY) and not _unfit(each)]
    if not left:
        left = [each for each in candidates if _describes_person(each)]
        if not active:
            left += [each for each in ordered if not _unfit(each, person=False)]
        refusals = {each.name: refusals[each.name] for each in candidates if each not in left}
        if all(each.ordered for each in left) and len(left) + len(active) < FEWEST_ORDERED:
            left = []  # its values would be the segments
        if left:
            what = "column of numbers" if active else "column"
            used = "columns about the person" if any(map(_describes_person, left)) else "ordered categories"
            notes.append(f"no {what} describes what customers do, so {used} are used")
    left = [each for each in everything if each in left or each in active]
    left = _few_enough(left, refusals, first)
    left = _without_copies(left, refusals)
    left = _without_strangers(left, refusals)
    if len(left) > MAX_CLUSTERING_COLUMNS:
        left = _most_informative(left, refusals, first)
    left = _without_derived(left, refusals)
    left = _usable_together(left, refusals, least_usable)
    reasons = {each.name: _why_ordered(each) for each in left if each.ordered}
    names = tuple(each.name for each in left)
    return ClusteringChoice(names=names, refusals=refusals, reasons=reasons, notes=tuple(notes))


def _why_ordered(candidate: Candidate) -> str:
    word = says(candidate.header, ACTIVITY)
    shows = f"its header contains {word!r}: what customers do" if word else "no number could be used instead"
    return f"used as numbers in their order; {shows}"


def _describes_person(candidate: Candidate) -> bool:
    return _is_person(candidate) and _unfit(candidate, person=False) == ""


def _is_person(candidate: Candidate) -> bool:
    return bool(says(candidate.header, PERSON)) if candidate.person is None else candidate.person


def _unfit(candidate: Candidate, most_missing: float = MAX_MISSING, *, person: bool = True) -> str:
    """Why a column by itself should not be a clustering column; empty when it may."""
    number = candidate.number
    header_words = set(words(candidate.header))
    if person and _is_person(candidate):
        return "describes the person, not what they do"
    if number.whole and "year" in header_words and YEARS[0] <= number.low and number.high <= YEARS[1]:
        return "a calendar year"
    part = "" if says(candidate.header, COUNTED) else says(candidate.header, CALENDAR)
    if part and number.whole and 0 <= number.low <= number.high <= CALENDAR[part]:
        return f"part of a date: its header contains {part!r}"
    if candidate.missing_share > most_missing:
        share = f"missing in {candidate.missing_share:.0%} of the rows"
        return f"{share}; without a clustering column a customer cannot be clustered"
    return f"{number.top_share:.0%} of its values are the same" if number.top_share > MAX_SAME else ""


def _few_enough(left: list[Candidate], refusals: dict[str, str], first: str | None) -> list[Candidate]:
    """The candidates that are compared with each other: of very many, the first ones and the value column."""
    kept = [each for each in left if each.name == first]
    others = [each for each in left if each.name != first]
    names = {each.name for each in (*kept, *others[: MAX_COMPARED - len(kept)])}
    for each in left:
        if each.name not in names:
            refusals[each.name] = f"only the first {MAX_COMPARED} of {len(left):,} candidates are compared"
    return [each for each in left if each.name in names]


def _without_copies(left: list[Candidate], refusals: dict[str, str]) -> list[Candidate]:
    if len(left) < 2:
        return left
    found = rank_correlations([each.number.sample for each in left])
    kept: list[int] = []
    for index, each in enumerate(left):
        copied = next((other for other in kept if abs(found[index, other]) > COPY), None)
        if copied is None:
            kept.append(index)
            continue
        figure = f"rank correlation {found[index, copied]:.3f}"
        refusals[each.name] = f"nearly a copy of {left[copied].header!r} ({figure})"
    return [left[index] for index in kept]


def _without_strangers(left: list[Candidate], refusals: dict[str, str]) -> list[Candidate]:
    """Leave out what is independent of every other candidate: it would separate customers at random."""
    pairs = related([each.number.sample for each in left]) if len(left) > 2 else np.ones((0, 0), dtype=bool)
    if pairs.any(axis=0).sum() < 2:
        return left
    for index, each in enumerate(left):
        if not pairs[index].any():
            refusals[each.name] = (
                "independent of every other candidate: it would separate customers at random"
            )
    return [each for each in left if each.name not in refusals]


def _most_informative(left: list[Candidate], refusals: dict[str, str], first: str | None) -> list[Candidate]:
    names = [each.name for each in left]
    found = rank_correlations([each.number.sample for each in left])
    start = names.index(first) if first in names else None
    chosen = explain_most(found, MAX_CLUSTERING_COLUMNS, start=start)
    for index, each in enumerate(left):
        if index not in chosen:
            refusals[each.name] = (
                f"{MAX_CLUSTERING_COLUMNS} of {len(left)} candidates are used, those that explain most of "
                "the others"
            )
    return [left[index] for index in sorted(chosen)]


def _without_derived(left: list[Candidate], refusals: dict[str, str]) -> list[Candidate]:
    """Leave out, the last first, what follows from two others."""
    kept = list(left)
    for each in reversed(left):
        others = [other for other in kept if other is not each]
        for one, two in combinations(others, 2):
            found = follows(each.number.sample, one.number.sample, two.number.sample)
            if found:
                formula = f"{one.header!r} {found[0]} {two.header!r} (rank correlation {found[1]:.3f})"
                refusals[each.name] = f"follows from {formula}"
                kept.remove(each)
                break
    return kept


def _usable_together(left: list[Candidate], refusals: dict[str, str], least_usable: float) -> list[Candidate]:
    """Leave out the column most often missing until enough rows have all of them."""
    kept = list(left)
    while len(kept) > 1:
        usable = float(np.isfinite([each.number.sample for each in kept]).all(axis=0).mean())
        if usable >= least_usable:
            return kept
        worst = max(kept, key=lambda each: each.missing_share)
        refusals[worst.name] = (
            f"missing in {worst.missing_share:.0%} of the rows, and only {usable:.0%} have every clustering "
            "column"
        )
        kept.remove(worst)
    return kept
