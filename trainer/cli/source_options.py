"""The command line's options about where a table is and how it is written."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference.files.options import ReadOptions, pairs
from trainer.table.raw_table import is_url


def add_read_options(parser: argparse.ArgumentParser) -> None:
    """Add what a person may say about a source instead of letting it be found out."""
    group = parser.add_argument_group("how the table is read (what is left out is found out, and said)")
    add = group.add_argument
    add("--query", default="", metavar="SQL", help="the rows of a database, whose URL stands for the file")
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
    )


def source_name(source: str) -> str:
    """What a source is called on the screen; of a database, nothing that could hold a password."""
    return "the database" if is_url(source) else Path(source).name
