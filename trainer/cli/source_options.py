"""The options of the command line for the source of a table and its format."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference.files.options import ReadOptions
from inference.files.read_arguments import add_detected_arguments, detected_arguments
from trainer.table.every_row import SAMPLE_ROWS, SampleSettings
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


def add_sample_option(parser: argparse.ArgumentParser) -> None:
    """Add the option for a table of which a sample is drawn."""
    parser.add_argument(
        "--sample-rows",
        type=int,
        default=SAMPLE_ROWS,
        metavar="N",
        help="of spark: about so many rows decide roles, number of segments, names and classifier; all rows "
        f"decide centroids and sizes (default: {SAMPLE_ROWS:,})",
    )


def sample_settings(options: argparse.Namespace, seed: int = 0) -> SampleSettings:
    """The sample that option asks for.

    Raises:
        InputError: when it is too small.
    """
    return SampleSettings(rows=options.sample_rows, seed=seed)


def source_name(source: str) -> str:
    """The name of a source on the screen; for a database, nothing that could contain a password."""
    return "the database" if is_url(source) else Path(source).name
