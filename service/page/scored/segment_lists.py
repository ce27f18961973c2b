"""One list per segment of a scored file, in a ZIP file beside it."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inference import InputError
from inference.files.options import ADDED, ReadOptions

if TYPE_CHECKING:
    import pyarrow as pa

NO_SEGMENT = "without-segment"
LONGEST_NAME = 60  # characters of a file's name
_NUMBERED = re.compile(r"_\d+$")


def segment_lists(scored: Path, names: Sequence[str]) -> Path:
    """Write the lists: every customer of the scored file is in one of them, with all columns.

    Args:
        scored: a file that this package wrote, in any format.
        names: of the segments.

    Returns:
        A ZIP file with a CSV file in UTF-8 for each segment that has customers, and one with the rows that
        have no segment. A text that a spreadsheet would run as a formula gets an apostrophe.

    Raises:
        InputError: when the columns of a scored file are not found.
    """
    target = scored.with_name(f"{scored.stem}-lists.zip")
    written = _written(scored, names, target.parent)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in written:
            archive.write(path, path.name)
            path.unlink()
    return target


def _written(scored: Path, names: Sequence[str], folder: Path) -> list[Path]:
    """The lists as files in a folder, in the order of the segments."""
    from pyarrow import csv

    paths = [folder / f"{number}-{_plain(name)}.csv" for number, name in enumerate(names, start=1)]
    paths.append(folder / f"{NO_SEGMENT}.csv")
    lists: dict[int, Any] = {}
    with ExitStack() as stack:
        for table, segments in _tables(scored, names):
            for segment in np.unique(segments):
                if segment not in lists:
                    stream = stack.enter_context(paths[segment].open("wb"))
                    stream.write(codecs.BOM_UTF8)  # by which spreadsheets know UTF-8
                    style = csv.WriteOptions(quoting_style="needed")
                    lists[segment] = stack.enter_context(
                        csv.CSVWriter(stream, table.schema, write_options=style)
                    )
                lists[segment].write_table(table.filter(segments == segment))
    return [paths[segment] for segment in sorted(lists)]


def _tables(scored: Path, names: Sequence[str]) -> Iterator[tuple[pa.Table, Any]]:
    """The rows of the scored file, and the number of the segment of each; one more where it has none."""
    import pyarrow as pa

    from inference.files.read.headers import named
    from inference.files.read.open_source import open_source

    numbers: Mapping[str | None, int] = {name: number for number, name in enumerate(names)}
    with open_source(scored, ReadOptions(keep_totals=True)) as source:
        headers = named(source.headers)
        if [_NUMBERED.sub("", each) for each in headers[-len(ADDED) :]] != list(ADDED):
            raise InputError(f"the file must have the columns {', '.join(ADDED)} at its end, but it has not")
        for block in source.blocks():
            batch = source.parse(block, range(len(headers)))
            found = batch.cells[-len(ADDED)].to_pylist()
            segments = np.array([numbers.get(name, len(names)) for name in found], dtype=np.int64)
            yield pa.table([_harmless(cells) for cells in batch.cells], names=headers), segments


def _harmless(cells: pa.Array) -> pa.Array:
    """Text that no spreadsheet runs as a formula; in a scored CSV file it is that already."""
    import pyarrow as pa

    from inference.files.write.csv_injection import neutral_text

    text = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    return neutral_text(cells)[0] if text else cells


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name.casefold()).strip("-")[:LONGEST_NAME]
