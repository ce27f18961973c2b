"""What a caller may specify about a file, so that nothing has to be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inference.errors import InputError
from inference.wording import listed, quoted

ADDED = ("segment", "probability", "route", "novelty", "error", "note")  # the columns of a scored file
CSV, PARQUET, EXCEL, ARROW, JSON, JSON_LINES = "csv", "parquet", "excel", "arrow", "json", "ndjson"
FRAME = "frame"  # a distributed table, whose rows have no order
FORMATS = (CSV, PARQUET, EXCEL, ARROW, JSON, JSON_LINES)  # read and written
EXTENSIONS = {**{name: name for name in FORMATS}, EXCEL: "xlsx"}
TYPED = (PARQUET, ARROW, JSON, JSON_LINES)  # whose cells have types, and headers any form


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How a file is read; whatever is left empty is detected from the file and reported in its ``Reading``.

    Attributes:
        format: ``"csv"`` (any separator), ``"parquet"``, ``"excel"``, ``"arrow"`` (a stream or a file),
            ``"json"`` (a list of objects) or ``"ndjson"`` (an object per line).
        encoding: of a CSV file, by Python's name for it.
        separator: of a CSV file, one character.
        sheet: of an Excel file; otherwise the first that has a table and is not a cover sheet.
        header_row: line of a CSV file or row of a sheet with the headers, counted from 1.
        keep_totals: read rows of totals, notes and units as rows of the table.
        columns: contract's column name -> header it is read from.
        missing: columns of the contract the file does not have; unknown in every row. A profile column that
            is not found is unknown without being named here.
        decimals: header -> its decimal mark, ``","`` or ``"."``.
        na: further words for a missing cell, in any case, such as ``"unknown"`` or ``"-1"``.
        max_bytes, max_rows: larger files are refused, while they are read.
    """

    format: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int | None = None
    keep_totals: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    decimals: Mapping[str, str] = field(default_factory=dict)
    na: tuple[str, ...] = ()
    max_bytes: int | None = None
    max_rows: int | None = None

    def __post_init__(self) -> None:
        if self.format and self.format not in FORMATS:
            raise InputError(
                f"the format must be {listed(map(repr, FORMATS), last='or')}, but it is {quoted(self.format)}"
            )
        if self.separator and (
            len(self.separator) > 1 or self.separator in '"\n\r\0' or self.separator > "~"
        ):
            raise InputError(
                f"the separator must be one plain character such as ';', but it is {quoted(self.separator)}"
            )
        for header, mark in self.decimals.items():
            if mark not in (",", "."):
                raise InputError(
                    f"the decimal mark of {quoted(header)} must be ',' or '.', but it is {quoted(mark)}"
                )
        for name in ("max_bytes", "max_rows", "header_row"):
            limit = getattr(self, name)
            if limit is not None and limit < 1:
                raise InputError(f"{name} must be at least 1, but it is {limit}")
        if self.encoding:
            try:
                "".encode(self.encoding)
            except LookupError:
                raise InputError(
                    "the encoding must be one that Python knows, such as 'utf-8' or 'cp1252', but it is "
                    f"{quoted(self.encoding)}"
                ) from None


@dataclass(frozen=True, kw_only=True)
class ScoreOptions(ReadOptions):
    """How a file is scored.

    Attributes:
        output_format: one of ``FORMATS``; otherwise by the target's extension, then as the input, and CSV for
            Excel.
        replace: whether a file with the target's name is replaced.
        neutralise: put an apostrophe before text cells that a spreadsheet would run, in CSV output.
    """

    output_format: str = ""
    neutralise: bool = True
    replace: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.output_format and self.output_format not in FORMATS:
            raise InputError(
                f"the output format must be {listed(map(repr, FORMATS), last='or')}, but it is "
                f"{quoted(self.output_format)}"
            )
