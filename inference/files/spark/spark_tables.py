"""Reads a file or a folder of Parquet or CSV files as a DataFrame that has every cell as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.errors import InputError
from inference.files.options import CSV, PARQUET, ReadOptions
from inference.files.read.headers import check_headers
from inference.remedies import FixInput
from inference.wording import quoted, quoted_names, quoted_path

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MALFORMED = "_malformed"  # column with the text of a CSV row that has more or fewer cells than the header


@dataclass(frozen=True, kw_only=True)
class FolderOptions(ReadOptions):
    """How a table is read and where it is written; ``format`` is taken from the names of its files.

    Attributes:
        separator: of CSV; a comma where it is empty, and UTF-8 where ``encoding`` is.
        one_line_rows: no cell of CSV has a line break, so that a file can be read in parts.
        replace: whatever the target has.
    """

    one_line_rows: bool = False
    replace: bool = False


def format_of(names: list[str], given: str, source: str) -> str:
    """The format of files with these names, Parquet or CSV: the given one, or by their extensions.

    Raises:
        InputError: when there is no file, or it is not clear.
    """
    if not names:
        raise InputError(f"{quoted_path(source)} must be a file or a folder of files, but there is none")
    if given and given not in (CSV, PARQUET):
        raise InputError(f"the format must be 'parquet' or 'csv', but it is {quoted(given)}")
    if given:
        return given
    found = {CSV if name.lower().endswith((".csv", ".csv.gz")) else PARQUET for name in names}
    if len(found) > 1:
        raise InputError(
            f"{quoted_path(source)} must have files of one format, but has {quoted_names(names)}",
            remedies=[FixInput(action="name a folder of one format"), FixInput(action="set the format")],
        )
    return found.pop()


def read_frame(session: SparkSession, source: str, kind: str, options: FolderOptions) -> DataFrame:
    """The rows of a table of this format; those of CSV as text, with the column ``MALFORMED``.

    All files of a folder have the same columns: Parquet by their names, CSV in their order.

    Raises:
        InputError: when the headers cannot be used.
    """
    if kind == PARQUET:
        return session.read.option("mergeSchema", True).parquet(source)
    reader = session.read.options(
        header=True,
        sep=options.separator or ",",
        encoding=options.encoding or "utf-8",
        escape='"',
        multiLine=not options.one_line_rows,
        columnNameOfCorruptRecord=MALFORMED,
    )
    headers = reader.csv(source).columns
    check_headers([*headers, MALFORMED])
    from pyspark.sql.types import StringType, StructField, StructType

    fields = [StructField(name, StringType()) for name in (*headers, MALFORMED)]
    return reader.option("enforceSchema", False).schema(StructType(fields)).csv(source)
