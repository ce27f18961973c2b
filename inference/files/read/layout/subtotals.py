"""Finds rows of totals anywhere in a table by their labels, such as "Subtotal North" between customers.

A label alone is not enough, since a customer may be called so: the row must also lack a cell that the other
rows have, or have words where the others have figures, or the sums of the rows before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array
from inference.files.read.layout.cell_shapes import is_typed, number_in
from inference.files.read.layout.table_ends import ALWAYS, EXACT, TOTALS
from inference.files.read.layout.words_about_tables import SUBTOTAL_WORDS

MOST_SHARE = 0.4  # of the rows; a group has at least two, and with more such labels they are values
MOST_WORDS = 7  # of a label, the name of its group included
MOST_LETTERS = 80  # of a label
ENOUGH_DIFFERENT = 0.9  # share of different values in a column of names or identifiers
MOST_SUMMED = 5_000  # rows before a label that its numbers are compared with
LEAST_SUMMED = 2
FIRST_COLUMNS = 3  # in which a table has what its rows are about

_WORDS = frozenset(word for words in SUBTOTAL_WORDS.values() for word in words)
_JOINED = tuple(word for word in sorted(_WORDS) if not word.isascii())  # of scripts without spaces, too
_PATTERN = "(?i)" + "|".join(re.escape(word) for word in sorted({"total", *_WORDS}))
_FORMS = {form for word in _JOINED for form in (word, word.capitalize(), word.upper())}
_BYTES = "|".join((_PATTERN, *sorted(map(re.escape, _FORMS))))  # bytes have no case beyond ASCII
_UNSPACED = tuple(word for word in _JOINED if re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", word))


def is_total_label(text: str) -> bool:
    """Whether a text can be the label of a row of totals: a word for total, alone or with a group's name.

    >>> [is_total_label(text) for text in ("Subtotal North", "North Total", "Sous-total : Lyon", "Totalis")]
    [True, True, True, False]
    """
    if len(text) > MOST_LETTERS:
        return False
    words = re.sub(r"[\W_]+", " ", text.casefold()).split()
    if not words or len(words) > MOST_WORDS:
        return False
    ends = {words[0], words[-1], "".join(words[:2]), "".join(words[-2:])}
    joined = "".join(words)
    return bool(ends & _WORDS) or joined.startswith(_UNSPACED) or joined.endswith(_UNSPACED)


def may_have_labels(data: bytes) -> bool:
    """Whether bytes of text in UTF-8 may have the label of a row of totals in them."""
    whole = pa.array([data], pa.large_binary())
    return bool(pc.match_substring_regex(whole, _BYTES)[0].as_py())


@dataclass(frozen=True, kw_only=True)
class TableShape:
    """What the rows of a table have in common, by column.

    Attributes:
        always: whether nearly every row has a cell.
        typed: whether most cells are figures; different: whether nearly all cells differ.
        identifies: whether they also have no decimals, so that they may be names and identifiers.
    """

    always: tuple[bool, ...]
    typed: tuple[bool, ...]
    different: tuple[bool, ...]
    identifies: tuple[bool, ...]

    @classmethod
    def of(cls, columns: Sequence[pa.Array]) -> TableShape:
        """The shape of a table from its first rows ``[N]``, those with a label left out."""
        columns = [_one_array(column) for column in columns]
        labelled = _labels(columns)
        kept = np.array([row not in labelled for row in range(len(columns[0]) if columns else 0)], dtype=bool)
        few = [column.filter(pa.array(kept)) for column in columns]
        there = [_filled(column) for column in few]
        different = tuple(
            _different(column) >= ENOUGH_DIFFERENT * max(1, each.sum())
            for column, each in zip(few, there, strict=True)
        )
        return cls(
            always=tuple(bool(kept.any()) and float(each.mean()) >= ALWAYS for each in there),
            typed=tuple(map(_is_typed, few)),
            different=different,
            identifies=tuple(
                each and not _has_decimals(column) for column, each in zip(few, different, strict=True)
            ),
        )

    def totals(self, columns: Sequence[pa.Array]) -> dict[int, str]:
        """Row -> why it is no row of the table, among rows ``[N]`` of it, one after another."""
        columns = [_one_array(column) for column in columns]
        labels = _labels(columns)
        if not labels:
            return {}
        labelled = list(labels)
        there = np.column_stack([_filled(column.take(pa.array(labelled))) for column in columns])
        shown: dict[str, list[bool]] = {}
        found, before = [], 0
        for index, row in enumerate(labelled):
            label = labels[row]
            shows = self._shows(there[index], label) or self._are_sums(columns, before, row, label)
            text = str(columns[label][row].as_py()).strip().casefold()
            shown.setdefault(text, []).append(shows)
            if shows:
                found.append((row, text))
                before = row + 1
        alone = {text for text, each in shown.items() if sum(each) >= ALWAYS * len(each)}
        return {row: TOTALS for row, text in found if text in alone}  # others are values of customers, too

    def _shows(self, there: NDArray[np.bool_], label: int) -> bool:
        """Whether a row with a label, and with cells ``there`` ``[C]``, lacks what rows of the table have."""
        if not (label == int(np.argmax(there)) or self.typed[label] or self.different[label]):
            return False
        always = [column for column, each in enumerate(self.always) if each and column != label]
        lacking = [column for column in always if not there[column]]
        words = [column for column in always if not self.typed[column]]
        without_words = [column for column in words if not there[column]]
        nameless = any(self.identifies[column] for column in lacking if column < FIRST_COLUMNS)
        return self.typed[label] or nameless or len(without_words) >= max(1, len(words) / 2)

    def _are_sums(self, columns: Sequence[pa.Array], first: int, row: int, label: int) -> bool:
        """Whether two numbers of a row, or its only one, are the sums of the rows since the last totals."""
        if not LEAST_SUMMED <= row - first <= MOST_SUMMED:
            return False
        met = []
        for column, cells in enumerate(columns):
            own = _number(cells[row].as_py()) if self.typed[column] and column != label else None
            if own:
                sizes = [_number(cell) for cell in cells[first:row].to_pylist()]
                expected = sum(size for size in sizes if size is not None)
                met.append(abs(own - expected) <= EXACT * abs(expected))
        return bool(met) and sum(met) >= min(2, len(met)) and sum(met) >= len(met) / 2


def _labels(columns: Sequence[pa.Array]) -> dict[int, int]:
    """Row -> the first of its columns with a label of totals, rows ascending."""
    found: dict[int, int] = {}
    for index, column in enumerate(columns):
        for row in _labelled_rows(column).tolist():
            found.setdefault(row, index)
    return dict(sorted(found.items()))


def _labelled_rows(column: pa.Array) -> NDArray[np.int64]:
    """The rows of a column that have a label of totals; none where too many have."""
    if pa.types.is_dictionary(column.type) and is_text(column.type.value_type):
        # each text once: unfolded, they may not fit into memory
        marked = np.append(_are_labels(column.dictionary.cast(pa.large_string())), False)
        codes = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(marked[codes])
    elif is_text(column.type):
        rows = np.flatnonzero(_are_labels(column))
    else:
        rows = np.empty(0, dtype=np.int64)
    return rows if len(rows) <= MOST_SHARE * max(len(column), LEAST_SUMMED + 1) else rows[:0]


def _are_labels(texts: pa.Array) -> NDArray[np.bool_]:
    """Which texts ``[N]`` are labels of totals."""
    hits = pc.match_substring_regex(texts, _PATTERN).fill_null(False)
    if not pc.any(hits).as_py():
        return np.zeros(len(texts), dtype=bool)
    labels = [text for text in pc.unique(texts.filter(hits)).to_pylist() if is_total_label(text)]
    found = pc.is_in(texts, value_set=pa.array(labels, texts.type))
    return np.asarray(found.to_numpy(zero_copy_only=False))


def _one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array; dictionaries stay."""
    if not pa.types.is_dictionary(column.type):
        return one_array(column)
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _filled(column: pa.Array) -> NDArray[np.bool_]:
    """Which cells ``[N]`` are there and not blank."""
    there = column.is_valid()
    if is_text(column.type):
        there = pc.and_(there, pc.not_equal(pc.utf8_trim_whitespace(column.fill_null("")), ""))
    elif pa.types.is_floating(column.type):
        there = pc.and_(there, pc.is_finite(column.fill_null(0)))
    return np.asarray(there.to_numpy(zero_copy_only=False))


def _is_typed(column: pa.Array) -> bool:
    """Whether most cells are figures, by their type or as text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary
    return is_typed([cell or "" for cell in column.to_pylist()]) if is_text(column.type) else True


def _has_decimals(column: pa.Array) -> bool:
    """Whether some cells are numbers with decimals, or times, which measure and do not identify."""
    if is_text(column.type):
        return bool(pc.any(pc.match_substring_regex(column, r"^\W*\d+[.,]\d?[1-9]\d?\W*$")).as_py())
    if pa.types.is_floating(column.type):
        return not pc.all(pc.equal(column, pc.floor(column))).as_py()
    return bool(pa.types.is_decimal(column.type) or pa.types.is_temporal(column.type))


def _different(column: pa.Array) -> int:
    """How many different cells there are; none in columns of lists and the like."""
    if pa.types.is_dictionary(column.type):
        column = column.indices
    return 0 if pa.types.is_nested(column.type) else int(pc.count_distinct(column).as_py())


def _number(cell: object) -> float | None:
    if isinstance(cell, str):
        return number_in(cell)
    return float(cell) if isinstance(cell, (int, float)) and np.isfinite(cell) else None
