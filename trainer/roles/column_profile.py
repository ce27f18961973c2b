"""The columns of a table with what was measured and what was set for each: name, facts, settings, kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.contract import DATE, NUMBER
from inference.errors import InputError
from inference.files.columns.column_reading import DATES
from inference.files.columns.dates.strptime_formats import layout_of
from inference.files.columns.refusal import DECIMAL_MARK
from inference.files.read.column_readings import refused_column
from inference.wording import quoted, quoted_names
from trainer.roles.column_names import find, identifiers
from trainer.roles.recognise.column_statistics import Facts, look_at, sampled_rows
from trainer.roles.recognise.infer_kind import IDENTIFIER, Kind, decide, names_identifier
from trainer.roles.settings.role_settings import ColumnSettings, Roles
from trainer.table.table_readings import TableReadings, read_whole_column


@dataclass(frozen=True, kw_only=True)
class Understood:
    """One column before its role is decided."""

    name: str
    facts: Facts
    chosen: ColumnSettings
    kind: Kind

    @property
    def header(self) -> str:
        """Its header in the table."""
        return self.facts.header


def understand(cells: Any, readings: TableReadings, roles: Roles, *, seed: int) -> tuple[Understood, ...]:
    """Measure, name and judge every column of a ``pyarrow.Table``, read as ``readings`` say.

    Raises:
        InputError: when headers are alike, settings name a column that does not exist, or the
            decimal mark of a column that is not left out is not clear.
    """
    headers = list(cells.column_names)
    _refuse_alike(headers)
    settings, names = _named(headers, roles)
    understood = []
    rows = sampled_rows(cells.num_rows, seed)
    for index, header in enumerate(headers):
        chosen = settings.get(index, ColumnSettings())
        facts = replace(_facts(cells.column(index), header, chosen, readings, rows), position=index)
        kind = _kind(facts, chosen)
        understood.append(Understood(name=names[index], facts=facts, chosen=chosen, kind=kind))
    _refuse_unclear(understood, roles)
    return tuple(understood)


def pick(columns: Sequence[Understood], wanted: str, *, name_first: bool = True) -> str:
    """The name of the column that a person calls by name or header.

    Raises:
        InputError: when no column matches; the message names the nearest one.
    """
    headers, names = [each.header for each in columns], [each.name for each in columns]
    return columns[find(wanted, headers, names, name_first=name_first)].name


def find_identifier(columns: Sequence[Understood], roles: Roles) -> str | None:
    """The identifier column: as set, else one with such a header, else one whose cells allow it."""
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
    """The settings of the column at each position, and the names: those given, then those made of headers."""
    made = list(identifiers(headers))
    settings: dict[int, ColumnSettings] = {}
    names = dict(enumerate(made))
    for name, chosen in roles.settings().items():
        wanted = name if chosen.source is None else chosen.source
        index = find(wanted, headers, made, name_first=chosen.source is None)
        if index in settings:
            raise InputError(
                f"each column must be named once, but {quoted(headers[index])} is {quoted(names[index])} "
                f"and {quoted(name)}; leave one out"
            )
        settings[index], names[index] = chosen, name
    given = {names[index] for index in settings}
    for index in range(len(headers)):
        if index not in settings:
            names[index] = _free(names[index], given)
    _refuse_taken(names.values(), roles)
    return settings, [names[index] for index in range(len(headers))]


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


def _facts(
    cells: Any, header: str, chosen: ColumnSettings, readings: TableReadings, rows: NDArray[np.int64]
) -> Facts:
    """What the column holds, its dates read as set.

    Raises:
        InputError: when they are not written so.
    """
    words = readings.hints.missing_words
    facts = look_at(header, cells, readings.columns[header], rows, words)
    wanted = chosen.date_format
    if wanted is None or chosen.kind not in (None, DATE):
        return facts
    typed = pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type)
    clear = not facts.dates.ambiguous and wanted in facts.dates.fitting
    if typed or (clear and facts.column.reading is not None):
        return facts
    column = read_whole_column(cells, name=header, hints=readings.hints, date_layout=layout_of(wanted))
    if column.kind != DATES or column.misfits:
        raise InputError(
            f"every date in {quoted(header)} must be written as {quoted(wanted)}, but some are not; "
            f"formats that fit: {quoted_names([each for each in facts.dates.fitting if each])}"
        )
    return look_at(header, cells, column, rows, words)


def _kind(facts: Facts, chosen: ColumnSettings) -> Kind:
    """The kind that was set, or the one the data has; a date with its format, when that fits."""
    if chosen.date_format is not None and chosen.kind in (None, DATE):
        return Kind(kind=DATE, reason=f"dates, {chosen.date_format} as set by you")
    found = _refused(facts) or decide(facts)
    if chosen.kind is None:
        return found
    reason = found.reason if found.kind == chosen.kind and found.usable else f"a {chosen.kind}, as set by you"
    return Kind(kind=chosen.kind, reason=reason, usable=facts.known > 0)


def _refused(facts: Facts) -> Kind | None:
    """The kind of a column that cannot be read without a decision; ``None`` where it can.

    Dates in two orders are judged by their formats.
    """
    refusal = facts.column.refusal
    if refusal is None or (facts.dates.ambiguous and all(facts.dates.fitting)):
        return None
    reason = f"its cells must have one {refusal.needed}; write them in the same format"
    return Kind(kind=DATE if facts.column.kind == DATES else NUMBER, reason=reason, usable=False)


def _refuse_unclear(columns: Sequence[Understood], roles: Roles) -> None:
    """Refuse a column whose decimal mark is not clear, unless it is no number of a customer anyway."""
    left_out = {pick(columns, each, name_first=False) for each in roles.ignore}
    if roles.identifier:
        left_out.add(pick(columns, roles.identifier, name_first=False))
    for each in columns:
        refusal = each.facts.column.refusal
        if refusal is None or each.name in left_out or each.chosen.kind not in (None, NUMBER):
            continue
        if refusal.needed == DECIMAL_MARK or each.chosen.kind == NUMBER:
            raise refused_column(refusal, column=each.name)
