"""What a column holds, measured once: counts over all rows, shapes over a sample of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.kinds.number import LARGEST
from trainer.roles.arrow_values import flat, is_day, is_number, is_text, numbers, texts
from trainer.roles.date_formats import DateFormats, find_formats

SAMPLE_ROWS = 100_000  # enough for shares, skew and correlations; counts are over all rows
MOSTLY_NUMBERS = 0.95  # of the cells that are not blank; the rest is refused and counted
LEVELS_KEPT = 1_000  # the most frequent values that are looked at one by one
PADDED_DIGITS = 3  # at least; fewer are a month or a day
MANY_NUMBERS = 50_000  # different numbers; no category has as many, so their texts are not counted


@dataclass(frozen=True, kw_only=True)
class NumberFacts:
    """A column of numbers.

    Attributes:
        distinct: how many different numbers; top_share: share of the most frequent one among the known.
        whole: whether all are whole; rising: whether each is above the one in the row before.
        skew: of the sample; skew_log: of its log1p, NaN where a number is negative.
        sample: ``[S]`` of the rows every column is sampled at, NaN where missing.
        refused: cells that are neither blank nor a number.
    """

    low: float
    high: float
    distinct: int
    top_share: float
    whole: bool
    rising: bool
    skew: float
    skew_log: float
    refused: int
    sample: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One column of a table.

    Attributes:
        known: cells that are not blank, of ``rows``.
        distinct: different values among them, before spellings are folded.
        levels: the most frequent values, folded by case, each in its most frequent spelling.
        words, letters: on average, a value.
        number: what it is as a number, ``None`` where most cells are none.
        dates: the formats that fit every cell; empty where none does.
        place: of the column in the table, from 0.
        padded: whether the cells are digits of one length, some with a zero in front.
    """

    header: str
    rows: int
    known: int
    distinct: int
    levels: tuple[tuple[str, int], ...] = field(repr=False)
    words: float
    letters: float
    number: NumberFacts | None
    number_share: float
    dates: DateFormats
    place: int = -1
    padded: bool = False

    @property
    def missing_share(self) -> float:
        """Share of the rows without a value, cells that are no numbers among them."""
        refused = 0 if self.number is None else self.number.refused
        return 1.0 - (self.known - refused) / self.rows if self.rows else 1.0


def sampled_rows(rows: int, seed: int = 0) -> NDArray[np.int64]:
    """Positions of the rows that are sampled, ascending; all of a table that is not larger."""
    if rows <= SAMPLE_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, SAMPLE_ROWS, replace=False))


def look(cells: Any, *, seed: int = 0) -> tuple[Facts, ...]:
    """Measure every column of a ``pyarrow.Table``."""
    rows = sampled_rows(cells.num_rows, seed)
    return tuple(
        _look(header, flat(column), rows, place)
        for place, (header, column) in enumerate(zip(cells.column_names, cells.columns, strict=True))
    )


def _look(header: str, array: Any, rows: NDArray[np.int64], place: int) -> Facts:
    said = texts(array)
    bare = said if not is_text(array) else pc.if_else(pc.equal(pc.utf8_lower(said), "none"), None, said)
    share = _number_share(array, bare, rows)
    if share >= MOSTLY_NUMBERS or find_formats(bare.drop_null().slice(0, LEVELS_KEPT)).fitting:
        said = bare  # None may be a category, but no number and no date
    known = len(said) - said.null_count
    values = numbers(array) if share >= MOSTLY_NUMBERS else np.empty(0)
    number = None
    if len(values) and (~np.isnan(values)).sum() >= max(1.0, MOSTLY_NUMBERS * known):
        number = number_facts(values, known, rows)
    many = number is not None and number.distinct > MANY_NUMBERS
    counts = pc.value_counts(said.drop_null()) if not many else None
    distinct = number.distinct if number is not None and counts is None else len(counts or ())
    seen = said.take(pa.array(rows)).drop_null()
    return Facts(
        header=header,
        rows=len(said),
        known=known,
        distinct=distinct,
        levels=() if counts is None else _levels(counts),
        words=float(pc.mean(pc.count_substring_regex(seen, r"\S+")).as_py() or 0.0),
        letters=float(pc.mean(pc.utf8_length(seen)).as_py() or 0.0),
        number=number,
        number_share=share,
        dates=_dates(array, counts),
        place=place,
        padded=is_text(array) and number is not None and number.whole and _is_padded(said),
    )


def _is_padded(said: Any) -> bool:
    """Whether all texts are digits of one length, some with a zero in front."""
    known = said.drop_null()
    lengths = pc.min_max(pc.utf8_length(known)).as_py()
    if not len(known) or lengths["min"] != lengths["max"] or lengths["max"] < PADDED_DIGITS:
        return False
    digits = pc.all(pc.match_substring_regex(known, r"^\d+$")).as_py()
    return bool(digits and pc.any(pc.starts_with(known, "0")).as_py())


def _number_share(array: Any, said: Any, rows: NDArray[np.int64]) -> float:
    """Share of numbers among the sampled cells that are not blank."""
    if not is_text(array):
        return float(is_number(array))
    seen = said.take(pa.array(rows)).drop_null()
    return float((~np.isnan(numbers(seen))).mean()) if len(seen) else 0.0


def number_facts(values: NDArray[np.float64], known: int, rows: NDArray[np.int64]) -> NumberFacts:
    """Measure numbers ``[N]``, NaN where missing; skew is measured on the sampled ``rows`` ``[S]``.

    Args:
        known: cells that are not blank, numbers or not.
    """
    values = np.where(np.abs(values) <= LARGEST, values, np.nan)  # what the door refuses is no number
    there = values[np.isfinite(values)]
    counts = pc.value_counts(pa.array(there)).field("counts").to_numpy()
    sample = values[rows]
    seen = sample[np.isfinite(sample)]
    varied = len(seen) > 2 and bool(seen.min() < seen.max())
    shifted = bool(there.min() >= 0)
    return NumberFacts(
        low=float(there.min()),
        high=float(there.max()),
        distinct=len(counts),
        top_share=float(counts.max() / len(there)),
        whole=bool((there == np.round(there)).all()),
        rising=len(there) == len(values) and bool((np.diff(there) > 0).all()),
        skew=_skew(seen) if varied else 0.0,
        skew_log=_skew(np.log1p(seen)) if varied and shifted else float("nan"),
        refused=known - len(there),
        sample=sample,
    )


def _skew(values: NDArray[np.float64]) -> float:
    """The third central moment over the second to the power 1.5; zero where rounding leaves no spread."""
    apart = values - values.mean()
    square = float((apart**2).mean())
    return float((apart**3).mean()) / square**1.5 if square > 0 else 0.0


def _levels(counts: Any) -> tuple[tuple[str, int], ...]:
    """The most frequent values with their counts; spellings that differ by case are one value."""
    order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])[:LEVELS_KEPT]
    picked = counts.take(order)
    pairs = zip(picked.field("values").to_pylist(), picked.field("counts").to_pylist(), strict=True)
    folded: dict[str, tuple[str, int]] = {}
    for value, count in sorted(pairs, key=lambda level: (-level[1], level[0])):
        spelling, so_far = folded.get(value.casefold(), (value, 0))
        folded[value.casefold()] = (spelling, so_far + count)
    return tuple(sorted(folded.values(), key=lambda level: (-level[1], level[0])))


def _dates(array: Any, counts: Any) -> DateFormats:
    if is_day(array):
        return DateFormats(fitting=("%Y-%m-%d",))
    if not is_text(array) or counts is None:
        return DateFormats()
    return find_formats(counts.field("values"))
