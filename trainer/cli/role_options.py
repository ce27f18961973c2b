"""The options of the command line that say what the columns of a table are for."""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

from inference.errors import InputError
from inference.wording import quoted
from trainer.roles.role_settings import ColumnSettings, Roles
from trainer.roles.settings_file import read_settings

SETTINGS = Path("segmentation.toml")


def add_role_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; columns are named by header or name, several by commas or by repeating the option."""
    group = parser.add_argument_group("what the columns are for (default: proposed from the data, and shown)")
    group.add_argument(
        "--cluster", action="append", metavar="A,B", help="the columns that decide the segments"
    )
    group.add_argument(
        "--profile", action="append", metavar="A,B", help="columns that are kept as profile columns"
    )
    group.add_argument("--ignore", action="append", metavar="A,B", help="columns that are left out")
    group.add_argument(
        "--outcome",
        action="append",
        metavar="A,B",
        help="columns that show what came of a customer: shown per segment, never used",
    )
    group.add_argument("--id", metavar="HEADER", help="the column that names a customer; never a feature")
    group.add_argument(
        "--column", action="append", metavar="NAME=SOURCE", help="what to call the column with header SOURCE"
    )
    group.add_argument("--no-log", action="store_true", help="do not log-transform skewed columns")
    group.add_argument("--config", type=Path, metavar="FILE", help="a file that says all of it (TOML)")
    group.add_argument(
        "--init",
        type=Path,
        nargs="?",
        const=SETTINGS,
        metavar="FILE",
        help=f"write that file from the data, to edit, and stop (default: {SETTINGS})",
    )


def given_roles(options: argparse.Namespace) -> Roles:
    """The roles that file and options say; an option counts more than the file.

    Raises:
        InputError: when the file or an option is wrong.
    """
    said = Roles() if options.config is None else read_settings(options.config)
    lists = ("cluster", "profile", "ignore", "outcome")
    cluster, profile, ignore, outcome = (_listed(getattr(options, each)) for each in lists)
    moved = {each.casefold() for each in (*cluster, *profile, *ignore, *outcome)}
    moved |= {
        name
        for name, settings in said.settings().items()
        if moved & {name.casefold(), (settings.source or "").casefold()}
    }
    made = {each.name for each in said.features if moved & set(each.formula.columns)}
    return replace(
        said,
        cluster=cluster or tuple(each for each in said.cluster if each.casefold() not in moved | made),
        profile=(*profile, *(each for each in said.profile if each.casefold() not in moved)),
        ignore=(*ignore, *(each for each in said.ignore if each.casefold() not in moved)),
        outcome=_outcome(said, outcome, moved),
        identifier=said.identifier if options.id is None else options.id,
        columns=_columns(said, options.column or ()),
        log=said.log and not options.no_log,
    )


def _outcome(said: Roles, given: tuple[str, ...], moved: set[str]) -> tuple[str, ...] | None:
    """The outcome columns of option and file; ``None`` where neither names any."""
    if said.outcome is None:
        return given or None
    return (*given, *(each for each in said.outcome if each.casefold() not in moved))


def _listed(given: list[str] | None) -> tuple[str, ...]:
    """The columns of ``A,B`` given once or more; a header with a comma stands in double quotes."""
    rows = csv.reader(given or (), skipinitialspace=True)
    return tuple(dict.fromkeys(each.strip() for row in rows for each in row if each.strip()))


def _columns(said: Roles, given: list[str] | tuple[str, ...]) -> dict[str, ColumnSettings | str]:
    columns: dict[str, ColumnSettings | str] = dict(said.settings())
    for each in given:
        name, sign, source = each.partition("=")
        if not sign or not name.strip() or not source.strip():
            raise InputError(
                f"--column must be NAME=SOURCE, as in income='Annual Income', but it is {quoted(each)}"
            )
        known = columns.get(name.strip(), ColumnSettings())
        settings = known if isinstance(known, ColumnSettings) else ColumnSettings()
        columns[name.strip()] = replace(settings, source=source.strip())
    return columns
