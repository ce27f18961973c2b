"""Chooses the format of a scored file and its writer; the modules of a format are loaded with its writer."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from inference.contract import Contract
from inference.errors import InputError
from inference.files.options import CSV, PARQUET, ScoreOptions
from inference.files.read.reading import Reading
from inference.files.read.source import Source
from inference.files.write.writer import Writer
from inference.remedies import ChooseOutputFormat
from inference.wording import quoted, quoted_path

_EXTENSIONS = {".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV, ".tsv": CSV, ".txt": CSV}
_NOT_WRITTEN = frozenset(
    (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".json", ".jsonl", ".gz", ".zip", ".bz2", ".xz", ".zst")
)


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
            f"the scored file must be CSV or Parquet, but {quoted_path(str(target))} ends in "
            f"{quoted(suffix)}",
            remedies=[ChooseOutputFormat()],
        )
    known = _EXTENSIONS.get(suffix)
    return known or (PARQUET if source.kind == PARQUET else CSV)


def open_writer(
    source: Source,
    contract: Contract,
    stream: BinaryIO,
    *,
    output: str,
    options: ScoreOptions,
    reading: Reading,
) -> Writer:
    """The writer of a format (``"csv"`` or ``"parquet"``) that suits the source."""
    if source.kind == output == CSV:
        from inference.files.read.delimited.csv_source import CsvSource
        from inference.files.write.csv_passthrough import EchoWriter

        if isinstance(source, CsvSource):
            comma = bool(reading.decimal_commas)
            return EchoWriter(source, contract, stream, neutralise=options.neutralise, comma=comma)
    from inference.files.write.table_writer import TableWriter

    return TableWriter(source, contract, stream, parquet_out=output == PARQUET, neutralise=options.neutralise)
