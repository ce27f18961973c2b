"""The columns of a table with what was measured and what was said about each: name, facts, settings, kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from inference.contract import DATE
from inference.errors import InputError
from inference.wording import quoted, quoted_names
from trainer.roles.arrow_values import flat, is_day, texts
from trainer.roles.column_names import find, identifiers
from trainer.roles.column_statistics import Facts, look
from trainer.roles.date_formats import fits
from trainer.roles.infer_kind import IDENTIFIER, Kind, decide, names_identifier
from trainer.roles.role_settings import ColumnSettings, Roles


@dataclass(frozen=True, kw_only=True)
class Understood:
    """One column before its role is decided."""

    name: str
    facts: Facts
    said: ColumnSettings
    kind: Kind

    @property
    def header(self) -> str:
        """Its header in the table."""
        return self.facts.header


def understand(cells: Any, roles: Roles, *, seed: int) -> tuple[Understood, ...]:
    """Measure, name and judge every column of a ``pyarrow.Table``.

    Raises:
        InputError: when headers are alike, or something is said about a column that is not there.
    """
    headers = list(cells.column_names)
    _refuse_alike(headers)
    settings, names = _named(headers, roles)
    understood = []
    for place, facts in enumerate(look(cells, seed=seed)):
        said = settings.get(place, ColumnSettings())
        kind = _kind(facts, said, cells.column(place))
        understood.append(Understood(name=names[place], facts=facts, said=said, kind=kind))
    return tuple(understood)


def pick(columns: Sequence[Understood], wanted: str, *, name_first: bool = True) -> str:
    """The name of the column that a person calls by name or header.

    Raises:
        InputError: when there is none; it says which is nearest.
    """
    headers, names = [each.header for each in columns], [each.name for each in columns]
    return columns[find(wanted, headers, names, name_first=name_first)].name


def find_identifier(columns: Sequence[Understood], roles: Roles) -> str | None:
    """The name of the column that names a customer: as said, else one called so, else one that could."""
    if roles.identifier is not None:
        return pick(columns, roles.identifier, name_first=False)
    ignored = {pick(columns, each, name_first=False) for each in roles.ignore}
    found = [each for each in columns if each.kind.kind == IDENTIFIER and each.name not in ignored]
    named = [each for each in found if names_identifier(each.header)]
    return next((each.name for each in (*named, *found)), None)


def _refuse_alike(headers: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for header in headers:
        folded = header.strip().casefold()
        if folded in seen:
            raise InputError(
                "the headers of a table must differ by more than case, but there are "
                f"{quoted(seen[folded])} and {quoted(header)}; rename one"
            )
        seen[folded] = header


def _named(headers: Sequence[str], roles: Roles) -> tuple[dict[int, ColumnSettings], list[str]]:
    """What is said about the column at each place, and the names: those given, then those made of headers."""
    made = list(identifiers(headers))
    settings: dict[int, ColumnSettings] = {}
    names = dict(enumerate(made))
    for name, said in roles.settings().items():
        wanted = name if said.source is None else said.source
        place = find(wanted, headers, made, name_first=said.source is None)
        if place in settings:
            raise InputError(
                f"each column must be named once, but {quoted(headers[place])} is {quoted(names[place])} "
                f"and {quoted(name)}; leave one out"
            )
        settings[place], names[place] = said, name
    given = {names[place] for place in settings}
    for place in range(len(headers)):
        if place not in settings:
            names[place] = _free(names[place], given)
    _refuse_taken(names.values(), roles)
    return settings, [names[place] for place in range(len(headers))]


def _free(name: str, taken: Collection[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _refuse_taken(names: Collection[str], roles: Roles) -> None:
    for feature in roles.features:
        if feature.name in names:
            raise InputError(
                f"a feature needs a name of its own, but {quoted(feature.name)} is a column; rename it"
            )


def _kind(facts: Facts, said: ColumnSettings, column: Any) -> Kind:
    """The kind that was said, or the one the data has; a date with its format, when that fits."""
    if said.date_format is not None and said.kind in (None, DATE):
        _check_dates(facts, said.date_format, column)
        return Kind(kind=DATE, reason=f"dates, {said.date_format} as you said")
    found = decide(facts)
    if said.kind is None:
        return found
    reason = found.reason if found.kind == said.kind and found.usable else f"a {said.kind} as you said"
    return Kind(kind=said.kind, reason=reason, usable=facts.known > 0)


def _check_dates(facts: Facts, date_format: str, column: Any) -> None:
    array = flat(column)
    if is_day(array) or fits(texts(array).drop_null(), date_format):
        return
    raise InputError(
        f"every date in {quoted(facts.header)} must be written as {quoted(date_format)}, but some are not; "
        f"formats that fit: {quoted_names(facts.dates.fitting)}"
    )
