"""Scores CSV in UTF-8 with commas, until ``inference.score_file`` takes its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from inference import InputError, Segmenter

_CHUNK = 4096


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """How a file is read and written."""

    format: str = ""
    output_format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    decimals: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""
    neutralise: bool = True
    max_bytes: int | None = None
    max_rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What was scored."""

    rows: int
    complete: int
    partial: int
    prior: int
    errors: int
    segments: dict[str, int]


def score_file(
    segmenter: Segmenter,
    source: str | Path | BinaryIO,
    target: str | Path | BinaryIO,
    *,
    options: ScoreOptions | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Score a CSV stream chunk by chunk."""
    options = options or ScoreOptions()
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as stream:
            return score_file(segmenter, stream, target, options=options)
    if isinstance(target, (str, Path)):
        with Path(target).open("wb") as out:
            return score_file(segmenter, source, out, options=options)
    if options.format not in ("", "csv"):
        raise InputError(f"the file must be CSV, but it is {options.format}")
    reading = io.TextIOWrapper(source, encoding="utf-8", newline="")
    try:
        return _score(segmenter, reading, target, options)
    finally:
        reading.detach()


def _score(
    segmenter: Segmenter, reading: io.TextIOWrapper, target: BinaryIO, options: ScoreOptions
) -> Scored:
    lines = csv.DictReader(reading)
    known = [name for name in segmenter.contract.names if name in (lines.fieldnames or ())]
    if not known:
        raise InputError(f"the heading row must name a column of the model: {segmenter.contract.names}")
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([*(lines.fieldnames or ()), "segment", "probability", "route", "error"])
    rows, errors = 0, 0
    segments: dict[str, int] = {}
    while chunk := list(islice(lines, _CHUNK)):
        rows += len(chunk)
        if options.max_rows is not None and rows > options.max_rows:
            raise InputError(f"the file must have at most {options.max_rows:,} rows, but it has more")
        errors += _write(segmenter, known, chunk, writer, segments)
    text.detach()
    return Scored(rows=rows, complete=rows - errors, partial=0, prior=0, errors=errors, segments=segments)


def _write(
    segmenter: Segmenter, known: list[str], chunk: list[dict[str, Any]], writer: Any, segments: dict[str, int]
) -> int:
    from inference.validation import check_columns

    def cell(name: str, text: str | None) -> object:
        if not text:
            return None
        try:
            return text if segmenter.contract.column(name).categories else float(text)
        except ValueError:
            return text

    checked = check_columns(
        segmenter.contract, {name: [cell(name, row[name]) for row in chunk] for name in known}
    )
    answers = segmenter.answer(checked)
    for at, row in enumerate(chunk):
        problem = checked.problems.get(at)
        if problem:
            writer.writerow([*row.values(), "", "", "", problem[1]])
            continue
        name = str(answers.segment[at])
        segments[name] = segments.get(name, 0) + 1
        writer.writerow([*row.values(), name, float(answers.probability[at]), str(answers.route[at]), ""])
    return len(checked.problems)
