"""The options of the command line for the source of a table and its format."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference.files.options import ReadOptions
from inference.files.read_arguments import add_detected_arguments, detected_arguments
from trainer.table.raw_table import is_url


def add_read_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for what is otherwise detected in the source."""
    group = parser.add_argument_group("how the table is read (detected and reported if omitted)")
    group.add_argument(
        "--query", default="", metavar="SQL", help="the rows of a database; give its URL instead of the file"
    )
    group.add_argument("--max-rows", type=int, metavar="N", help="refuse a file with more rows")
    add_detected_arguments(group)


def read_options(options: argparse.Namespace) -> ReadOptions:
    """The settings those options ask for.

    Raises:
        InputError: for one that cannot be used.
    """
    return ReadOptions(**detected_arguments(options), max_rows=options.max_rows)


def source_name(source: str) -> str:
    """The name of a source on the screen; for a database, nothing that could contain a password."""
    return "the database" if is_url(source) else Path(source).name
