"""Ordered categories as numbers that may decide the segments: which they are, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.files.columns.cell_texts import one_array
from trainer.roles.clustering_columns import Candidate
from trainer.roles.column_profile import Understood
from trainer.roles.recognise.column_statistics import number_facts, texts
from trainer.schema.column_spec import ColumnSpec

FEWEST_LEVELS = 3  # two are an indicator, however they are named


def ordered_candidates(
    cells: pa.Table,
    usable: Sequence[Understood],
    specs: Mapping[str, ColumnSpec],
    rows: NDArray[np.int64],
) -> list[Candidate]:
    """The categories with an order, each as the numbers of its values, in the table's order.

    Args:
        usable: columns that can be used; specs: their declarations, by name.
        rows: positions ``[S]`` of the rows that columns are compared in.
    """
    found = []
    for each in usable:
        spec = specs[each.name]
        if not spec.has_order or len(spec.categories) < FEWEST_LEVELS:
            continue
        values = _numbers(spec, cells.column(each.header), each.facts.missing_words)
        known = int(np.isfinite(values).sum())
        if known:
            found.append(
                Candidate(
                    name=each.name,
                    header=each.header,
                    number=number_facts(values, known, rows),
                    missing_share=1.0 - known / len(values),
                    ordered=True,
                    person=each.chosen.person,
                )
            )
    return found


def _numbers(spec: ColumnSpec, column: Any, missing_words: tuple[str, ...]) -> NDArray[np.float64]:
    """The number of each cell's value ``[N]``, NaN where it is missing or has none."""
    by_text = {
        text.strip().casefold(): category.number
        for category in spec.categories
        for text in (category.value, *category.aliases)
    }
    encoded = texts(one_array(column), missing_words, numeric=False).dictionary_encode()
    numbers = [by_text.get((text or "").strip().casefold()) for text in encoded.dictionary.to_pylist()]
    coded = np.array([np.nan if number is None else number for number in (*numbers, None)])
    return np.asarray(coded[encoded.indices.fill_null(len(numbers)).to_numpy(zero_copy_only=False)])
