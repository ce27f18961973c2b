"""What all columns of a file together show about its decimal mark and the order of its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from inference.files.columns.dates.date_decision import decide_dates
from inference.files.columns.dates.date_reading import DAY_FIRST, MONTH_FIRST, DateReading
from inference.files.columns.numbers.number_decision import certain_decimal_mark
from inference.files.columns.refusal import FileHints


def file_hints(
    columns: Mapping[str, pa.Array | pa.ChunkedArray],
    *,
    separator: str = "",
    missing_words: Iterable[str] = (),
) -> FileHints:
    """The hints for every column of a file; columns that contradict each other give none.

    Args:
        columns: header -> cells, or a sample of them.
        separator: between the cells of a line, empty for a file without one.
        missing_words: further words for missing, as the user gave them.
    """
    alone = FileHints(separator=separator, missing_words=tuple(missing_words))
    marks = {certain_decimal_mark(cells, alone) for cells in columns.values()} - {""}
    mark = marks.pop() if len(marks) == 1 else ""
    with_mark = FileHints(separator=separator, decimal_mark=mark, missing_words=alone.missing_words)
    orders = set()
    for cells in columns.values():
        reading = decide_dates(cells, hints=with_mark)
        if isinstance(reading, DateReading) and reading.order in (DAY_FIRST, MONTH_FIRST):
            orders.add(reading.order)
    order = orders.pop() if len(orders) == 1 else ""
    return FileHints(
        separator=separator, decimal_mark=mark, date_order=order, missing_words=alone.missing_words
    )
