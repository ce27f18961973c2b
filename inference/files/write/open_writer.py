"""Chooses the format of a scored file and its writer; the modules of a format are loaded with its writer."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from inference.contract import Contract
from inference.errors import InputError
from inference.files.options import ARROW, CSV, EXCEL, JSON, JSON_LINES, PARQUET, ScoreOptions
from inference.files.read.reading import Reading
from inference.files.read.source import Source
from inference.files.write.writer import Writer
from inference.remedies import ChooseOutputFormat
from inference.wording import quoted, quoted_path

_EXTENSIONS = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), CSV),
    **dict.fromkeys((".parquet", ".pq"), PARQUET),
    **dict.fromkeys((".arrow", ".arrows", ".ipc", ".feather"), ARROW),
    **dict.fromkeys((".ndjson", ".jsonl"), JSON_LINES),
    ".json": JSON,
    ".xlsx": EXCEL,
}
_NOT_WRITTEN = frozenset((".xlsm", ".xls", ".xlsb", ".ods", ".gz", ".zip", ".bz2", ".xz", ".zst"))


def output_format(source: Source, target: str | Path | BinaryIO, options: ScoreOptions) -> str:
    """The format of the target: as set, by the extension of its name, or as the source.

    Raises:
        InputError: for the extension of a format that is not written.
    """
    if options.output_format:
        return options.output_format
    suffix = Path(target).suffix.lower() if isinstance(target, (str, Path)) else ""
    if suffix in _NOT_WRITTEN:
        raise InputError(
            f"the scored file must be CSV, Parquet, Excel (xlsx), Arrow or JSON, but "
            f"{quoted_path(str(target))} ends in {quoted(suffix)}",
            remedies=[ChooseOutputFormat()],
        )
    return _EXTENSIONS.get(suffix) or natural_format(source.kind)


def natural_format(kind: str) -> str:
    """The format of the answer to a file where nothing else is asked for: its own, and CSV for Excel."""
    return CSV if kind == EXCEL else kind


def open_writer(
    source: Source,
    contract: Contract,
    stream: BinaryIO,
    *,
    output: str,
    options: ScoreOptions,
    reading: Reading,
) -> Writer:
    """The writer of a format, one of ``FORMATS``, that suits the source."""
    if source.kind == output == CSV:
        from inference.files.read.delimited.csv_source import CsvSource
        from inference.files.write.csv_passthrough import EchoWriter

        if isinstance(source, CsvSource):
            comma = bool(reading.decimal_commas)
            return EchoWriter(source, contract, stream, neutralise=options.neutralise, comma=comma)
    from inference.files.write.table_writer import TableWriter

    return TableWriter(source, contract, stream, output=output, neutralise=options.neutralise)
