"""Options of command lines about how a file is read."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from inference.errors import InputError
from inference.wording import quoted


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
    add(
        "--format",
        default="",
        help="of the file: csv, parquet, excel, arrow, json or ndjson (default: by its content)",
    )
    add_detected_arguments(parser)
    add_column_arguments(parser)


def add_column_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of a command line about where the model's columns are, for ``column_arguments``."""
    add = parser.add_argument
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


def add_detected_arguments(parser: argparse._ActionsContainer) -> None:
    """Options for what is otherwise detected in a file, for ``detected_arguments``."""
    add = parser.add_argument
    add("--encoding", default="", help="of a CSV file, such as cp1252 (default: detected)")
    add("--separator", default="", metavar="CHAR", help="of a CSV file (default: detected)")
    add("--sheet", default="", metavar="NAME", help="of an Excel file (default: the first with a table)")
    add("--header-row", type=int, metavar="N", help="line or row with the headers (default: detected)")
    add_cell_arguments(parser)


def add_cell_arguments(parser: argparse._ActionsContainer) -> None:
    """Options of a command line about rows and cells of any format, for ``cell_arguments``."""
    add = parser.add_argument
    add("--keep-totals", action="store_true", help="read rows of totals, notes and units like any other")
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
    return {"format": options.format, **column_arguments(options), **detected_arguments(options)}


def column_arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``ReadOptions`` about where the model's columns are.

    Raises:
        InputError: for one that cannot be used.
    """
    return {"columns": pairs("--column", options.column), "missing": tuple(options.missing)}


def detected_arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``ReadOptions`` for what is otherwise detected.

    Raises:
        InputError: for one that cannot be used.
    """
    return {
        "encoding": options.encoding,
        "separator": options.separator.replace("\\t", "\t"),
        "sheet": options.sheet,
        "header_row": options.header_row,
        **cell_arguments(options),
    }


def cell_arguments(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``ReadOptions`` about rows and cells of any format.

    Raises:
        InputError: for one that cannot be used.
    """
    return {
        "keep_totals": options.keep_totals,
        "decimals": pairs("--decimal", options.decimal, last=True),
        "na": tuple(options.na),
    }
