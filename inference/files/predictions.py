"""What the model says about a batch of a file's rows, as plain columns to be written next to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.files.options import CSV, EXCEL
from inference.files.read.parse_cells import Problems, parse_cells
from inference.files.read.reading import Reading
from inference.files.read.source import Batch
from inference.kinds.registry import kind_of
from inference.segmenter import Segmenter
from inference.validation import Checked

ERROR_ROUTE = "error"
ROUTES = (COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, ERROR_ROUTE)
_COMPLETE, _PARTIAL, _PRIOR, _ERROR = range(len(ROUTES))
Notes = dict[str, dict[int, str]]

NO_COLUMN = ""  # of a problem that is the whole row's
_PLACES = {CSV: "line", EXCEL: "row"}


@dataclass(frozen=True, kw_only=True)
class RowPredictions:
    """The predictions for ``N`` rows.

    Attributes:
        segment_id: ``[N]``; 0 for rows in error.
        probability: ``[N]`` float32, novelty: ``[N]`` double; NaN where there is none.
        route: ``[N]`` positions in ``ROUTES``.
        problems: row -> the clustering column at fault, or the whole row, and a sentence.
        left_out: row -> why it is about the table and not a customer; each is in ``problems`` too.
        notes: profile column -> row -> a sentence about its cell, which counted as missing.
        lines: ``[N]`` the position of each row in the file; ``place`` is the word for it.
    """

    segment_id: NDArray[np.int64]
    probability: NDArray[np.float32]
    novelty: NDArray[np.float64]
    route: NDArray[np.int8]
    problems: Problems
    left_out: Mapping[int, str]
    notes: Notes
    lines: NDArray[np.int64]
    place: str

    def errors(self) -> pa.Array:
        """``[N]`` sentences with the row's place in the file; null where there is none."""
        return self._column(self.sentences())

    def noted(self) -> dict[int, str]:
        """Row -> what counted as missing in it; a sentence is one object for all rows that share it."""
        texts: dict[int, str] = {}
        for rows in self.notes.values():
            for row, sentence in rows.items():
                texts[row] = f"{texts[row]}; also {sentence}" if row in texts else sentence
        return texts

    def remarks(self) -> pa.Array:
        """``[N]`` sentences about cells that counted as missing; null where there is none."""
        return self._column(self.noted().items())

    def _column(self, sentences: Iterable[tuple[int, str]]) -> pa.Array:
        texts = dict(sentences)
        if not texts:
            return pa.nulls(len(self.route), pa.string())
        return pa.array([texts.get(row) for row in range(len(self.route))], pa.string())

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each row in error and what is wrong with it, the row's place in the file in front."""
        for row, (_, sentence) in self.problems.items():
            yield row, f"{self.place} {self.lines[row]}: {sentence}"


def judge(segmenter: Segmenter, reading: Reading, batch: Batch) -> RowPredictions:
    """Ask the model about a batch whose cells are the contract's columns that the file has, in that order.

    A refused cell of a clustering column costs its row; one of a profile column counts as missing.
    """
    problems: Problems = {row: (NO_COLUMN, sentence) for row, sentence in batch.refused.items()}
    problems |= {row: (NO_COLUMN, f"the row {why}; it was not scored") for row, why in batch.left_out.items()}
    odd: dict[str, Problems] = {}
    cells = iter(batch.cells)
    feeds = {}
    for column in segmenter.contract.columns:
        header = reading.mapping.get(column.name)
        if header is None:
            feeds[column.name] = kind_of(column).unknown(batch.rows)
            continue
        found = problems if column.clusters else odd.setdefault(column.name, {})
        values = parse_cells(column, next(cells), found, reading.readings.get(column.name))
        feeds[column.name] = values.reshape(-1, 1)
    answers = segmenter.brief(Checked(feeds=feeds, rows=batch.rows))
    route = np.where(answers.complete, _COMPLETE, np.where(answers.nothing, _PRIOR, _PARTIAL)).astype(np.int8)
    novelty, probability = answers.novelty, answers.probability
    refused = list(problems)
    route[refused], novelty[refused], probability[refused] = _ERROR, np.nan, np.nan
    return RowPredictions(
        segment_id=answers.segment_id,
        probability=probability,
        novelty=novelty,
        route=route,
        problems=problems,
        left_out=batch.left_out,
        notes=_notes(odd, problems),
        lines=batch.lines,
        place=_PLACES.get(reading.kind, "row"),
    )


def _notes(odd: Mapping[str, Problems], problems: Problems) -> Notes:
    """The refusals of profile columns in rows that are answered, with what was done with the cell."""
    notes: Notes = {}
    for name, refused in odd.items():
        known: dict[str, str] = {}
        rows = {
            row: known.get(sentence) or known.setdefault(sentence, _remark(sentence))
            for row, (_, sentence) in refused.items()
            if row not in problems
        }
        if rows:
            notes[name] = rows
    return notes


def _remark(refusal: str) -> str:
    """A refusal with what was done with the cell instead of what to do about it."""
    head, _, _ = refusal.rpartition("; ")
    return f"{head or refusal}; counted as missing"
