"""The options of the command line for the source of a table and its format."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference.files.options import ReadOptions
from inference.files.read_arguments import pairs
from trainer.table.raw_table import is_url


def add_read_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for what is otherwise detected in the source."""
    group = parser.add_argument_group("how the table is read (detected and reported if omitted)")
    add = group.add_argument
    add("--query", default="", metavar="SQL", help="the rows of a database; give its URL instead of the file")
    add("--encoding", default="", help="of a CSV file, such as cp1252")
    add("--separator", default="", metavar="CHAR", help="of a CSV file")
    add("--sheet", default="", metavar="NAME", help="of an Excel file")
    add("--header-row", type=int, metavar="N", help="the line or row with the headers, counted from 1")
    add("--keep-totals", action="store_true", help="treat rows of totals, notes and units as data")
    add(
        "--decimal",
        action="append",
        default=[],
        metavar="HEADER=MARK",
        help="the decimal mark of a column, comma or point",
    )
    add(
        "--na",
        action="append",
        default=[],
        metavar="WORD",
        help="one more word for a missing cell, such as unknown or -1",
    )


def read_options(options: argparse.Namespace) -> ReadOptions:
    """The settings those options ask for.

    Raises:
        InputError: for one that cannot be used.
    """
    return ReadOptions(
        encoding=options.encoding,
        separator=options.separator.replace("\\t", "\t"),
        sheet=options.sheet,
        header_row=options.header_row,
        keep_totals=options.keep_totals,
        decimals=pairs("--decimal", options.decimal, last=True),
        na=tuple(options.na),
    )


def source_name(source: str) -> str:
    """The name of a source on the screen; for a database, nothing that could contain a password."""
    return "the database" if is_url(source) else Path(source).name
