"""What the model says about a batch of a file's rows, as plain columns to be written next to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, Brief
from inference.files.options import CSV, EXCEL, FRAME
from inference.files.read.parse_cells import parse_cells
from inference.files.read.reading import Reading
from inference.files.read.source import Batch
from inference.kinds.registry import kind_of
from inference.kinds.row_problems import MOST_MESSAGES, RowProblems
from inference.segmenter import Segmenter
from inference.validation import Checked

ERROR_ROUTE = "error"
ROUTES = (COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, ERROR_ROUTE)
_COMPLETE, _PARTIAL, _PRIOR, _ERROR = range(len(ROUTES))
Notes = dict[str, RowProblems]
Observe = Callable[[Checked, Brief], None]

NO_COLUMN = ""  # of a problem that is the whole row's
_ROW_WORDS = {CSV: "line", EXCEL: "row", FRAME: ""}


@dataclass(frozen=True, kw_only=True)
class RowPredictions:
    """The predictions for ``N`` rows.

    Attributes:
        segment_id: ``[N]``; 0 for rows in error.
        probability: ``[N]`` float32, novelty: ``[N]`` double; NaN where there is none.
        route: ``[N]`` positions in ``ROUTES``.
        problems: the clustering column at fault, or the whole row, and a sentence for each row in error.
        left_out: row -> why it is about the table and not a customer; each is in ``problems`` too.
        notes: profile column -> a sentence about its cell for each row where it counted as missing.
        lines: ``[N]`` the position of each row in the file; ``row_word`` is the word for it, empty where rows
            have no position.
    """

    segment_id: NDArray[np.int64]
    probability: NDArray[np.float32]
    novelty: NDArray[np.float64]
    route: NDArray[np.int8]
    problems: RowProblems
    left_out: Mapping[int, str]
    notes: Notes
    lines: NDArray[np.int64]
    row_word: str

    def errors(self) -> pa.Array:
        """``[N]`` sentences with the row's position in the file; null where there is none."""
        if not self.problems.messages:
            return pa.nulls(len(self.route), pa.string())
        sentences = sentence_column(self.problems)
        if not self.row_word:
            return sentences
        lines = pa.array(self.lines).cast(pa.string())
        return pc.binary_join_element_wise(f"{self.row_word} ", lines, ": ", sentences, "")

    def remarks(self) -> pa.Array:
        """``[N]`` sentences about cells that counted as missing; null where there is none."""
        if not self.notes:
            return pa.nulls(len(self.route), pa.string())
        remarks, *others = (sentence_column(noted) for noted in self.notes.values())
        for more in others:
            both = pc.binary_join_element_wise(remarks, more, "; also ")  # null where one of them is
            remarks = pc.coalesce(both, remarks, more)
        return remarks

    def example(self, row: int) -> str:
        """What is wrong with a row, its position in the file in front."""
        return f"{self.row_word} {self.lines[row]}: {self.problems[row][1]}"


def sentence_column(problems: RowProblems) -> pa.Array:
    """``[N]`` what is wrong with each row; null where nothing is."""
    texts = pa.array([None, *(sentence for _, sentence in problems.messages)], pa.string())
    return texts.take(pa.array(problems.codes))


def judge(
    segmenter: Segmenter, reading: Reading, batch: Batch, observe: Observe | None = None
) -> RowPredictions:
    """Ask the model about a batch whose cells are the contract's columns that the file has, in that order.

    A refused cell of a clustering column costs its row; one of a profile column counts as missing.

    Args:
        segmenter: with the model.
        reading: how the file is read; batch: some of its rows.
        observe: called with the rows that the model was asked about, and its answers.
    """
    problems = RowProblems(batch.rows, most=MOST_MESSAGES)
    for row, why in batch.left_out.items():
        problems.note(row, NO_COLUMN, f"the row {why}; it was not scored")
    if batch.refused:
        problems.adopt(batch.refused.codes, batch.refused.messages)
    odd: dict[str, RowProblems] = {}
    cells = iter(batch.cells)
    feeds = {}
    for column in segmenter.contract.columns:
        header = reading.mapping.get(column.name)
        if header is None:
            feeds[column.name] = kind_of(column).unknown(batch.rows)
            continue
        found = problems
        if not column.clusters:
            found = odd[column.name] = RowProblems(batch.rows, most=MOST_MESSAGES)
        values = parse_cells(column, next(cells), found, reading.readings.get(column.name))
        feeds[column.name] = values.reshape(-1, 1)
    sound = problems.codes == 0
    answers = _answers(segmenter, feeds, sound, observe)
    route = np.where(answers.complete, _COMPLETE, np.where(answers.nothing, _PRIOR, _PARTIAL)).astype(np.int8)
    route[~sound] = _ERROR
    return RowPredictions(
        segment_id=answers.segment_id,
        probability=answers.probability,
        novelty=answers.novelty,
        route=route,
        problems=problems,
        left_out=batch.left_out,
        notes=_notes(odd, problems),
        lines=batch.lines,
        row_word=_ROW_WORDS.get(reading.kind, "row"),
    )


def _answers(
    segmenter: Segmenter,
    feeds: Mapping[str, NDArray[Any]],
    sound: NDArray[np.bool_],
    observe: Observe | None,
) -> Brief:
    """The answers ``[N]`` for the sound rows; the model is not asked about the others."""
    rows = len(sound)
    if sound.all():
        return _brief(segmenter, Checked(feeds=dict(feeds), rows=rows), observe)
    asked = np.flatnonzero(sound)
    whole = Brief(
        segment_id=np.zeros(rows, dtype=np.int64),
        probability=np.full(rows, np.nan, dtype=np.float32),
        complete=np.zeros(rows, dtype=bool),
        nothing=np.zeros(rows, dtype=bool),
        novelty=np.full(rows, np.nan),
    )
    if len(asked):
        few = {name: feed[asked] for name, feed in feeds.items()}
        answers = _brief(segmenter, Checked(feeds=few, rows=len(asked)), observe)
        for name, values in vars(whole).items():
            values[asked] = getattr(answers, name)
    return whole


def _brief(segmenter: Segmenter, checked: Checked, observe: Observe | None) -> Brief:
    answers = segmenter.brief(checked)
    if observe is not None:
        observe(checked, answers)
    return answers


def _notes(odd: Mapping[str, RowProblems], problems: RowProblems) -> Notes:
    """The refusals of profile columns in rows that are answered, with what was done with the cell."""
    notes: Notes = {}
    for name, refused in odd.items():
        answered = np.where(problems.codes == 0, refused.codes, 0)
        if answered.any():
            notes[name] = RowProblems(len(answered))
            notes[name].adopt(answered, [(name, _remark(sentence)) for _, sentence in refused.messages])
    return notes


def _remark(refusal: str) -> str:
    """A refusal with what was done with the cell instead of what to do about it."""
    head, _, _ = refusal.rpartition("; ")
    return f"{head or refusal}; counted as missing"
