"""What names and actions know about a clustering column or feature: its meaning, direction and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainer.roles.recognise.column_meanings import Recognised, recognise, says_birth
from trainer.roles.recognise.header_words import header_text, phrases, says
from trainer.roles.recognise.short_names import head_word, label_words, short_name
from trainer.schema import meanings as m
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema


@dataclass(frozen=True, kw_only=True)
class NamedColumn:
    """A column or feature as names see it.

    Attributes:
        source: the raw column it is, or is the logarithm of; itself for another feature.
        label, unit: of the source.
        short: what a name calls it; empty where its meaning has words of its own.
        days: how many days one unit of it is, for meanings that are times; 1 where nothing is known.
        turned: whether high numbers are few days, as of a date or a score.
        flag: whether its categories are a yes and a no.
    """

    name: str
    source: str
    label: str
    unit: str
    meaning: str
    direction: str
    short: str
    days: float = 1.0
    turned: bool = False
    category: bool = False
    date: bool = False
    flag: bool = False


def named_column(schema: Schema, name: str) -> NamedColumn:
    """What is known about a column, or about a feature: its logarithm's column, else its label."""
    source = schema.plain(name)
    spec = next((each for each in schema.columns if each.name == source), None)
    if spec is not None:
        return of_spec(spec, name)
    label = schema.label(name)
    part = says(label, _PARTS)
    found = Recognised(meaning=m.NO_MEANING, direction=m.NEUTRAL) if part else recognise(label)
    short = _part_words(label, part) if part else short_name(label, found.meaning)
    return NamedColumn(
        name=name,
        source=name,
        label=label,
        unit="",
        meaning=found.meaning,
        direction=found.direction,
        short=short,
        days=_days(label, ""),
    )


def _part_words(label: str, part: str) -> str:
    """What a name calls a share or a ratio: the whole label where it is short, else its first part."""
    whole = label.lower()
    return whole if len(whole) <= m.LONGEST_SHORT else f"{label_words(whole.removesuffix(part))} {part}"


_PARTS = phrases("share, ratio, direction")
"""Words of engineered features that are not their columns: a high share of refunds is no high refund."""


def of_spec(spec: ColumnSpec, name: str = "") -> NamedColumn:
    """What is known about a declared column; what it leaves open goes by its header and label."""
    found = recognise(spec.header)
    if found.meaning == m.NO_MEANING:
        found = recognise(spec.label)
    meaning = spec.meaning or found.meaning
    kind = column_kind(spec)
    usual = found.direction if meaning == found.meaning else m.DEFAULT_DIRECTIONS[meaning]
    direction = spec.direction or usual
    birth = meaning == m.AGE and (kind.is_date or says_birth(spec.header))
    late_is_few = kind.is_date and meaning in (m.RECENCY, m.TENURE)
    return NamedColumn(
        name=name or spec.name,
        source=spec.name,
        label=spec.label,
        unit=spec.unit,
        meaning=meaning,
        direction=direction,
        short=spec.short or short_name(spec.label, meaning),
        days=_days(spec.header, spec.unit),
        turned=birth or late_is_few or (meaning == m.RECENCY and direction == m.BETTER),
        category=not kind.ordered and not spec.has_order,
        date=kind.is_date and name in ("", spec.name),
    )


def distinct_words(columns: Sequence[NamedColumn]) -> list[NamedColumn]:
    """The columns with words that no two share, in any case; columns of one meaning get their own."""
    chosen = list(columns)
    for make in (_from_label, _whole_label, _numbered):
        times = Counter(_spoken(each) for each in chosen)
        chosen = [
            make(each, index) if times[_spoken(each)] > 1 else each for index, each in enumerate(chosen)
        ]
    heads = Counter(head_word(each.short).casefold() for each in chosen)
    return [
        replace(each, short=head_word(each.short))
        if len(each.short) > SHORT
        and each.short == short_name(each.label, each.meaning)  # what the user chose stays whole
        and heads[head_word(each.short).casefold()] == 1
        and recognise(head_word(each.short)).meaning == each.meaning
        else each
        for each in chosen
    ]


SHORT = 12
"""Letters of a short name up to which it is used whole; of a longer one the last, if it means the same."""


def _spoken(column: NamedColumn) -> tuple[str, str]:
    """What a reader would take for one column: the words, or the meaning that has its own."""
    return ("", column.meaning) if not column.short else (column.short.casefold(), "")


def _from_label(column: NamedColumn, index: int) -> NamedColumn:
    if column.meaning == m.AGE and column.turned:  # its numbers are years, and late ones are high
        return replace(column, short="birth year", turned=False)
    words = _event(column.label) if column.meaning == m.RECENCY else label_words(column.label)
    return replace(column, short=words or column.short)


def _whole_label(column: NamedColumn, index: int) -> NamedColumn:
    words = " ".join(column.label.lower().split())
    return replace(column, short=words if len(words) <= m.LONGEST_SHORT else column.short)


def _numbered(column: NamedColumn, index: int) -> NamedColumn:
    return replace(column, short=f"{column.short} {index + 1}")


def _event(label: str) -> str:
    """What happened last, in a label such as *Days since last login*."""
    said = [word for word in header_text(label).split() if word not in _WAITED and not word.isdigit()]
    return " ".join(said[-2:]) or "activity"


_WAITED = phrases(
    "days, day, weeks, week, months, month, mon, years, year, since, last, recency, the, of, time, in, from",
    "inactive, inactivity, away, idle, dormant, ago",
)
_PERIODS = {"month": 30.4, "week": 7.0, "year": 365.0, "hour": 1 / 24, "mon": 30.4}


def _days(header: str, unit: str) -> float:
    text = f"{header} {unit}".casefold()
    return next((days for word, days in _PERIODS.items() if word in text), 1.0)
