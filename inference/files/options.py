"""What a caller may specify about a file, so that nothing has to be guessed."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inference.errors import InputError
from inference.wording import listed, quoted

ADDED = ("segment", "probability", "route", "novelty", "error", "note")  # the columns of a scored file
CSV, PARQUET, EXCEL = "csv", "parquet", "excel"
FORMATS = (CSV, PARQUET, EXCEL)


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How a file is read; whatever is left empty is detected from the file and reported in its ``Reading``.

    Attributes:
        format: ``"csv"`` (any separator), ``"parquet"`` or ``"excel"``.
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
        output_format: ``"csv"`` or ``"parquet"``; otherwise by the target's extension, then as the input.
        neutralise: put an apostrophe before text cells that a spreadsheet would run, in CSV output.
    """

    output_format: str = ""
    neutralise: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.output_format not in ("", CSV, PARQUET):
            raise InputError(
                f"the output format must be {CSV!r} or {PARQUET!r}, but it is {quoted(self.output_format)}"
            )


def pairs(option: str, given: Iterable[str], *, last: bool = False) -> dict[str, str]:
    """What a command line gives as ``NAME=VALUE``, several times, split at the first ``=`` or at the last.

    Raises:
        InputError: for a text without both.
    """
    found = {}
    for text in given:
        name, equals, value = text.rpartition("=") if last else text.partition("=")
        if not equals or not name or not value:
            raise InputError(f"{option} must be NAME=VALUE, but it is {quoted(text)}")
        found[name] = value
    return found


def add_read_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of a command line about how a file is read, for ``read_arguments``."""
    add = parser.add_argument
    add("--format", default="", help="of the file: csv, parquet or excel (default: by its content)")
    add("--encoding", default="", help="of a CSV file, such as cp1252 (default: detected)")
    add("--separator", default="", metavar="CHAR", help="of a CSV file (default: detected)")
    add("--sheet", default="", metavar="NAME", help="of an Excel file (default: the first with a table)")
    add("--header-row", type=int, metavar="N", help="line or row with the headers (default: detected)")
    add("--keep-totals", action="store_true", help="read rows of totals, notes and units like any other")
    add(
        "--column",
        action="append",
        default=[],
        metavar="NAME=HEADER",
        help="read the model's column NAME from HEADER",
    )
    add(
        "--missing",
        action="append",
        default=[],
        metavar="NAME",
        help="the file has no column NAME; it is unknown in every row",
    )
    add(
        "--decimal",
        action="append",
        default=[],
        metavar="HEADER=MARK",
        help="the decimal mark of a column, comma or point (default: detected)",
    )
    add(
        "--na",
        action="append",
        default=[],
        metavar="WORD",
        help="one more word for a missing cell, such as unknown or -1",
    )


def read_arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``ReadOptions`` that a command line gave.

    Raises:
        InputError: for one that cannot be used.
    """
    return {
        "format": options.format,
        "encoding": options.encoding,
        "separator": options.separator.replace("\\t", "\t"),
        "sheet": options.sheet,
        "header_row": options.header_row,
        "keep_totals": options.keep_totals,
        "columns": pairs("--column", options.column),
        "missing": tuple(options.missing),
        "decimals": pairs("--decimal", options.decimal, last=True),
        "na": tuple(options.na),
    }
