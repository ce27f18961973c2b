"""The declaration of a column: what the user set for it, and the rest from what it holds."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from inference.contract import CATEGORY, Category
from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import quoted, quoted_names
from trainer.roles.column_names import split_header, words
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.column_statistics import Facts
from trainer.roles.recognise.infer_kind import OTHER, levels, unknown_words
from trainer.roles.recognise.ordered_categories import in_given_order, numbers_of
from trainer.roles.recognise.person_columns import describes_person
from trainer.roles.recognise.short_names import short_name
from trainer.roles.settings.role_settings import ColumnSettings
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import COLUMN_KINDS
from trainer.schema.meanings import DEFAULT_DIRECTIONS, NO_MEANING, is_short
from trainer.schema.table_remedies import DeclareColumn
from trainer.table.table_readings import reading_of

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
OLDEST = 120.0
RARE = 0.01  # of the known cells; more that have no place in an order, and there is none
LARGEST_POWER = 38  # of ten, in single precision
_CODE = re.compile(r"-?\d+(\.0)?")


def column_spec(name: str, kind: str, facts: Facts, chosen: ColumnSettings) -> ColumnSpec:
    """Declare a column of a usable kind.

    Raises:
        InputError: when what is set contradicts what the column holds.
    """
    label, unit = split_header(facts.header)
    _check(name, kind, facts, chosen)
    used = COLUMN_KINDS[kind].settings
    categories, other = _categories(facts, chosen) if "categories" in used else ((), "")
    return ColumnSpec(
        name=name,
        header=facts.header,
        label=chosen.label or label or name.replace("_", " ").capitalize(),
        kind=kind,
        aliases=chosen.aliases or (),
        unit=unit if chosen.unit is None else chosen.unit,
        range=(chosen.range or _range(facts)) if "range" in used else None,
        hard_range=chosen.range is not None,
        categories=categories,
        other=other,
        missing=_missing(facts, chosen, categories) if "missing" in used else (),
        date_format=(chosen.date_format or facts.dates.fitting[0]) if "date_format" in used else "",
        reading=reading_of(facts.column, facts.missing_words, COLUMN_KINDS[kind].served),
        **_meaning(facts, chosen, chosen.label or label),
        person=_person((facts.header, label, name), chosen),
    )


def _check(name: str, kind: str, facts: Facts, chosen: ColumnSettings) -> None:
    """Refuse settings of another kind of column, and a kind the cells do not have."""
    own = COLUMN_KINDS[kind]
    belongs = [(key, wanted) for wanted, each in COLUMN_KINDS.items() for key in each.settings]
    for key, wanted in belongs:
        if getattr(chosen, key) is not None and key not in own.settings:
            raise InputError(f"{key!r} belongs to a {wanted} column, but {quoted(name)} is a {kind} column")
    if own.served.numeric_text and facts.number is None:
        raise InputError(
            f"column {quoted(name)} must hold numbers, but {1 - facts.number_share:.0%} of the cells of "
            f"{quoted(facts.header)} are not numbers",
            remedies=[
                FixInput(action="fix the table"),
                DeclareColumn(column=name, setting="kind", example=CATEGORY),
            ],
        )
    if own.is_date and not chosen.date_format and len(facts.dates.fitting) != 1:
        raise InputError(
            f"column {quoted(name)} must hold dates of one format, but the format of "
            f"{quoted(facts.header)} is not clear",
            remedies=[DeclareColumn(column=name, setting="date_format", example="%d/%m/%Y")],
        )


def _meaning(facts: Facts, chosen: ColumnSettings, label: str) -> dict[str, str]:
    """What the column means in names, tiers and actions: as set, else as its header says."""
    found = recognise(facts.header)
    meaning = chosen.meaning or found.meaning
    usual = found.direction if meaning == found.meaning else DEFAULT_DIRECTIONS[meaning]
    short = short_name(label, meaning) if meaning != NO_MEANING else ""
    return {
        "meaning": meaning,
        "direction": chosen.direction or usual,
        "short": chosen.short or (short if is_short(short) else ""),
    }


def _person(headers: Sequence[str], chosen: ColumnSettings) -> bool | None:
    """Whether the column describes the person: as set, else as its header says, which never denies it."""
    return (describes_person(*headers) or None) if chosen.person is None else chosen.person


def _range(facts: Facts) -> tuple[float, float] | None:
    """Limits wider than the training data; a customer outside of them is answered all the same.

    From 0 to the power of ten above ten times the largest number; ages to 120; none for signed numbers.
    """
    number = facts.number
    if number is None or number.low < 0:
        return None
    if "age" in words(facts.header) and number.high <= OLDEST:
        return (0.0, OLDEST)
    return (0.0, 10.0 ** min(math.ceil(math.log10(max(number.high, 1.0))) + 1, LARGEST_POWER))


def _categories(facts: Facts, chosen: ColumnSettings) -> tuple[tuple[Category, ...], str]:
    if chosen.categories is not None:
        given = _ordered(chosen.categories, chosen) if not chosen.other else chosen.categories
        return given, chosen.other or ""
    kept, rest = levels(facts)
    if len(kept) + rest < 2:
        raise InputError(
            f"a category column needs at least two values that customers share, but "
            f"{quoted(facts.header)} has {len(kept)} among {facts.distinct:,} different ones; "
            "leave it out, or list its categories"
        )
    known = [Category(value=value, aliases=_aliases(value, kept)) for value in kept]
    shown = sum(dict(facts.levels)[value] for value in (*kept, *unknown_words(facts)))
    if not rest or facts.known - shown < RARE * facts.known:
        ordered = _ordered(tuple(known), chosen)
        if not rest or ordered[0].number is not None:
            return ordered, ""
    return (*known, Category(value=OTHER)), OTHER


def _ordered(categories: tuple[Category, ...], chosen: ColumnSettings) -> tuple[Category, ...]:
    """The categories from low to high with their numbers, where they have an order; else as they are."""
    known = {each.value: each for each in categories}
    if chosen.order is not None and set(chosen.order) not in (set(), set(known)):
        raise InputError(
            f"order must name every category once, {quoted_names(known)}, but it is "
            f"{quoted_names(chosen.order)}; use [] for no order"
        )
    found = numbers_of(list(known)) if chosen.order is None else in_given_order(chosen.order)
    if not found:
        return categories
    return tuple(replace(known[value], number=number) for value, number in found.items())


def _missing(facts: Facts, chosen: ColumnSettings, categories: tuple[Category, ...]) -> tuple[str, ...]:
    """The words for missing: those a person gives, else those for unknown that are no category."""
    if chosen.missing is not None:
        return chosen.missing
    known = {text.casefold() for each in categories for text in (each.value, *each.aliases)}
    return tuple(word for word in unknown_words(facts) if word.casefold() not in known)


def _aliases(value: str, kept: tuple[str, ...]) -> tuple[str, ...]:
    """Other spellings of yes and no in a column of these only, and ``3`` for the code ``3.0``."""
    folded = {each.casefold() for each in kept}
    if len(folded) != 2 or len(folded & set(_YES)) != 1 or len(folded & set(_NO)) != 1:
        twin = value[:-2] if value.endswith(".0") else f"{value}.0"
        return (twin,) if _CODE.fullmatch(value) and twin not in kept else ()
    own = _YES if value.casefold() in _YES else _NO
    return tuple(each for each in own if each != value.casefold())
