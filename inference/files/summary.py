"""What came of a scored file, counted as its blocks go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inference.contract import Contract
from inference.files.predictions import ROUTES, RowPredictions
from inference.files.read.reading import Reading
from inference.wording import counted


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Rows in error for one column (empty: for the whole row), and what is wrong with the first of them.

    In ``Scored.notes``: the answered rows in which a profile column's cell counted as missing.
    """

    column: str
    rows: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What came of a file.

    Attributes:
        rows: all of them: ``complete`` + ``partial`` + ``prior`` (nothing known) + ``errors``.
        segments: name -> rows, in the contract's order.
        left_out: rows among the errors that are about the table and not customers, such as a row of totals;
            ``left_out_example``: the first of them in a sentence.
        problems: what was wrong with the other rows in error, the most frequent first.
        notes: the profile columns with cells that counted as missing because they could not be used.
        neutralised: text cells that got an apostrophe so that no spreadsheet runs them.
        undecodable: rows read from blocks with bytes that are not text in the file's encoding.
        reading: what was assumed about the file.
    """

    rows: int
    complete: int
    partial: int
    prior: int
    errors: int
    segments: dict[str, int]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    neutralised: int
    undecodable: int
    reading: Reading
    seconds: float
    left_out: int = 0
    left_out_example: str = ""

    def sentences(self) -> list[str]:
        """The result in words: one line of counts, then what a reader should know."""
        lines = [
            f"{counted(self.rows, 'row')} in {self.seconds:.1f} s: {self.complete:,} scored exactly, "
            f"{self.partial:,} from some of their columns, {self.prior:,} with nothing known, "
            f"{self.errors - self.left_out:,} failed"
        ]
        counts = ", ".join(f"{name}: {rows:,}" for name, rows in self.segments.items())
        lines.append(f"rows per segment: {counts}")
        lines += [f"{counted(each.rows, 'row')} failed, for example {each.example}" for each in self.problems]
        if self.left_out:
            rows = counted(self.left_out, "row is", "rows are")
            lines.append(f"{rows} about the table, kept and not scored; for example, {self.left_out_example}")
        lines += [
            f"in {counted(each.rows, 'row')} a cell could not be used, for example {each.example}"
            for each in self.notes
        ]
        if self.neutralised:
            verb = (
                "starts like a formula and was" if self.neutralised == 1 else "start like a formula and were"
            )
            lines.append(f"{counted(self.neutralised, 'text cell')} {verb} prefixed with an apostrophe")
        if self.undecodable:
            lines.append(
                f"some bytes are not valid in the assumed encoding ({self.reading.assumed[0]}); cells of the "
                "model's columns that contain them are refused; other cells keep them in CSV and have "
                "\N{REPLACEMENT CHARACTER} in Parquet"
            )
        return lines


class Tally:
    """Counts rows, segments and problems as blocks go by."""

    def __init__(self, contract: Contract) -> None:
        self._names = [segment.name for segment in contract.segments]
        self._routes = np.zeros(len(ROUTES), dtype=np.int64)
        self._segments = np.zeros(len(self._names), dtype=np.int64)
        self._problems: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._remarks: dict[str, str] = {}
        self.neutralised = self._undecodable = self._left_out = 0
        self._left_out_example = ""

    @property
    def rows(self) -> int:
        """Rows so far."""
        return int(self._routes.sum())

    def add(self, predictions: RowPredictions, neutralised: int, undecodable: int) -> None:
        """Count a block."""
        self._routes += np.bincount(predictions.route, minlength=len(ROUTES))
        scored = predictions.segment_id[predictions.route != len(ROUTES) - 1]
        self._segments += np.bincount(scored, minlength=len(self._names))
        self._count_problems(predictions)
        self._left_out += len(predictions.left_out)
        if predictions.left_out and not self._left_out_example:
            row = min(predictions.left_out)
            self._left_out_example = (
                f"{predictions.row_word} {predictions.lines[row]} {predictions.left_out[row]}"
            )
        for column, noted in predictions.notes.items():
            self._notes[column] += len(noted)
            if column not in self._remarks:
                row = next(iter(noted))
                self._remarks[column] = f"{predictions.row_word} {predictions.lines[row]}: {noted[row][1]}"
        self.neutralised += neutralised
        self._undecodable += undecodable

    def _count_problems(self, predictions: RowPredictions) -> None:
        """Count the rows in error by column, and keep the first of each column as its example."""
        codes = predictions.problems.codes.copy()
        codes[list(predictions.left_out)] = 0
        found, first, counts = np.unique(codes, return_index=True, return_counts=True)
        for at in np.argsort(first):
            if found[at]:
                column, _ = predictions.problems.messages[found[at] - 1]
                self._problems[column] += int(counts[at])
                if column not in self._examples:
                    self._examples[column] = predictions.example(int(first[at]))

    def result(self, reading: Reading, seconds: float) -> Scored:
        """Everything that was counted."""
        complete, partial, prior, errors = (int(count) for count in self._routes)
        return Scored(
            rows=self.rows,
            complete=complete,
            partial=partial,
            prior=prior,
            errors=errors,
            segments=dict(zip(self._names, self._segments.tolist(), strict=True)),
            problems=_ranked(self._problems, self._examples),
            notes=_ranked(self._notes, self._remarks),
            neutralised=self.neutralised,
            undecodable=self._undecodable,
            reading=reading,
            seconds=seconds,
            left_out=self._left_out,
            left_out_example=self._left_out_example,
        )


def _ranked(counts: Counter[str], examples: Mapping[str, str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(column=column, rows=count, example=examples[column]) for column, count in counts.most_common()
    )
