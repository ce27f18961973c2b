"""The options of the command line that set the roles of the columns."""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

from inference.errors import InputError
from inference.wording import quoted
from trainer.roles.settings.role_settings import ColumnSettings, Roles
from trainer.roles.settings.settings_file import read_settings

SETTINGS = Path("segmentation.toml")


def add_role_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; columns are given by header or name, several with commas or repeated options."""
    group = parser.add_argument_group("roles of the columns (default: proposed from the data and shown)")
    group.add_argument(
        "--cluster", action="append", metavar="A,B", help="clustering columns: they decide the segments"
    )
    group.add_argument(
        "--profile", action="append", metavar="A,B", help="profile columns: they describe the segments"
    )
    group.add_argument("--ignore", action="append", metavar="A,B", help="columns that are not used")
    group.add_argument(
        "--outcome",
        action="append",
        metavar="A,B",
        help="outcome columns: shown per segment, never used as features",
    )
    group.add_argument("--id", metavar="HEADER", help="the identifier of a customer; never used as a feature")
    group.add_argument(
        "--column", action="append", metavar="NAME=SOURCE", help="name for the column with header SOURCE"
    )
    group.add_argument("--no-log", action="store_true", help="do not log-transform skewed columns")
    group.add_argument("--config", type=Path, metavar="FILE", help="a TOML file with these settings")
    group.add_argument(
        "--init",
        type=Path,
        nargs="?",
        const=SETTINGS,
        metavar="FILE",
        help=f"write such a file from the data for you to edit, and stop (default: {SETTINGS})",
    )


def given_roles(options: argparse.Namespace) -> Roles:
    """The roles from file and options; an option overrides the file.

    Raises:
        InputError: when the file or an option is wrong.
    """
    roles = Roles() if options.config is None else read_settings(options.config)
    lists = ("cluster", "profile", "ignore", "outcome")
    cluster, profile, ignore, outcome = (_listed(getattr(options, each)) for each in lists)
    moved = {each.casefold() for each in (*cluster, *profile, *ignore, *outcome)}
    moved |= {
        name
        for name, settings in roles.settings().items()
        if moved & {name.casefold(), (settings.source or "").casefold()}
    }
    made = {each.name for each in roles.features if moved & set(each.formula.columns)}
    return replace(
        roles,
        cluster=cluster or tuple(each for each in roles.cluster if each.casefold() not in moved | made),
        profile=(*profile, *(each for each in roles.profile if each.casefold() not in moved)),
        ignore=(*ignore, *(each for each in roles.ignore if each.casefold() not in moved)),
        outcome=_outcome(roles, outcome, moved),
        identifier=roles.identifier if options.id is None else options.id,
        columns=_columns(roles, options.column or ()),
        log=roles.log and not options.no_log,
    )


def _outcome(roles: Roles, given: tuple[str, ...], moved: set[str]) -> tuple[str, ...] | None:
    """The outcome columns of option and file; ``None`` where neither names any."""
    if roles.outcome is None:
        return given or None
    return (*given, *(each for each in roles.outcome if each.casefold() not in moved))


def _listed(given: list[str] | None) -> tuple[str, ...]:
    """The columns of ``A,B`` given once or more; a header with a comma must be in double quotes."""
    rows = csv.reader(given or (), skipinitialspace=True)
    return tuple(dict.fromkeys(each.strip() for row in rows for each in row if each.strip()))


def _columns(roles: Roles, given: list[str] | tuple[str, ...]) -> dict[str, ColumnSettings | str]:
    columns: dict[str, ColumnSettings | str] = dict(roles.settings())
    for each in given:
        name, sign, source = each.partition("=")
        if not sign or not name.strip() or not source.strip():
            raise InputError(
                f"--column must be NAME=SOURCE, for example income='Annual Income', but it is {quoted(each)}"
            )
        known = columns.get(name.strip(), ColumnSettings())
        settings = known if isinstance(known, ColumnSettings) else ColumnSettings()
        columns[name.strip()] = replace(settings, source=source.strip())
    return columns
