"""The one door to scoring a file, until ``inference.score_file`` takes its place: CSV in UTF-8 only."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from inference import Answers, Contract, InputError
from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.validation import Checked, check_columns

ADDED = ("segment", "probability", "route", "novelty", "error")
Progress = Callable[[int, int, int], None]


class Model(Protocol):
    """What scoring needs of a model."""

    @property
    def contract(self) -> Contract:
        """What the model says about itself."""

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer about checked rows."""


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """How a file is scored; what is empty is found out."""

    output_format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""
    max_bytes: int | None = None
    max_rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was assumed about a file."""

    assumed: tuple[str, ...]

    def sentences(self) -> list[str]:
        """The assumptions in words."""
        return list(self.assumed)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What became of the rows of a file."""

    rows: int
    complete: int
    partial: int
    prior: int
    errors: int
    segments: dict[str, int]
    problems: tuple[tuple[str, str, int], ...]
    neutralised: int
    reading: Reading

    def sentences(self) -> list[str]:
        """What else there is to say."""
        return []


def score_file(
    segmenter: Model,
    source: str | Path | BinaryIO,
    target: str | Path | BinaryIO,
    *,
    options: ScoreOptions | None = None,
    progress: Progress | None = None,
) -> Scored:
    """Score every row of a CSV file; its own columns are kept as they are.

    Raises:
        InputError: for a file that cannot be read.
    """
    options = options or ScoreOptions()
    if not isinstance(source, (str, Path)) or not isinstance(target, (str, Path)):
        raise InputError("source and target must be files")
    header, rows, separator = _read(Path(source), options)
    contract = segmenter.contract
    places = {column.name: header.index(column.name) for column in contract.columns if column.name in header}
    lost = [name for name in contract.names if name not in places and name not in options.missing]
    if lost:
        raise InputError(f"column {lost[0]!r} is missing; found: {', '.join(map(repr, header))}")
    checked = check_columns(
        contract,
        {name: [_value(contract, name, row[at]) for row in rows] for name, at in places.items()},
    )
    problems = dict(checked.problems)
    answers = segmenter.answer(checked)
    with Path(target).open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out, delimiter=separator)
        written.writerow([*header, *ADDED])
        for place, row in enumerate(rows):
            written.writerow([*row, *_answered(answers, place, problems.get(place))])
    if progress is not None:
        size = Path(source).stat().st_size
        progress(len(rows), size, size)
    return _scored(answers, problems, contract, separator)


def _read(path: Path, options: ScoreOptions) -> tuple[list[str], list[list[str]], str]:
    if options.max_bytes is not None and path.stat().st_size > options.max_bytes:
        raise InputError(f"the file must have at most {options.max_bytes:,} bytes")
    try:
        text = path.read_bytes().decode(options.encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file must be a CSV file in UTF-8") from error
    first = text.partition("\n")[0]
    separator = options.separator or max(",;\t|", key=first.count)
    header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row] or [[]]
    if not header or any(len(row) != len(header) for row in rows):
        raise InputError("every row must have as many cells as the header")
    if options.max_rows is not None and len(rows) > options.max_rows:
        raise InputError(f"the file must have at most {options.max_rows:,} rows, but it has {len(rows):,}")
    return header, rows, separator


def _value(contract: Contract, name: str, cell: str) -> float | str | None:
    if not cell.strip() or contract.column(name).categories:
        return cell.strip() or None
    try:
        return float(cell)
    except ValueError:
        return cell


def _answered(answers: Answers, place: int, problem: tuple[str, str] | None) -> list[str]:
    if problem is not None:
        return ["", "", "error", "", problem[1]]
    novelty = answers.novelty[place]
    return [
        str(answers.segment[place]),
        f"{answers.probability[place]:.6g}",
        str(answers.route[place]),
        "" if np.isnan(novelty) else f"{novelty:.6g}",
        "",
    ]


def _scored(
    answers: Answers, problems: Mapping[int, tuple[str, str]], contract: Contract, separator: str
) -> Scored:
    good = [place for place in range(len(answers)) if place not in problems]
    routes = Counter(str(answers.route[place]) for place in good)
    names = Counter(str(answers.segment[place]) for place in good)
    by_column = Counter(column for column, _ in problems.values())
    example = dict(reversed(list(problems.values())))
    return Scored(
        rows=len(answers),
        complete=routes[COMPLETE_ROUTE],
        partial=routes[PARTIAL_ROUTE],
        prior=routes[PRIOR_ROUTE],
        errors=len(problems),
        segments={segment.name: names[segment.name] for segment in contract.segments},
        problems=tuple((column, example[column], count) for column, count in by_column.items()),
        neutralised=0,
        reading=Reading(assumed=(f"read as CSV, UTF-8, separated by {separator!r}",)),
    )
