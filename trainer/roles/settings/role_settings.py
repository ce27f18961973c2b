"""What the user sets for the columns of a table; what is not set is proposed from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inference.contract import Category
from inference.errors import InputError
from inference.wording import listed, nearest, quoted, quoted_names
from trainer.roles.column_names import RESERVED, is_name
from trainer.schema.kinds.column_kinds import COLUMN_KINDS
from trainer.schema.meanings import DIRECTIONS, LONGEST_SHORT, MEANINGS, is_short
from trainer.schema.schema import Feature


@dataclass(frozen=True, kw_only=True)
class ColumnSettings:
    """What is set for one column; ``None`` leaves it to the data.

    Attributes:
        source: its header in the table; without it, the header that fits the name.
        kind: ``"number"``, ``"category"`` or ``"date"``.
        range: inclusive limits of a valid number.
        categories: the known values in the order of their codes; ``other`` is the one for all that are not
            listed.
        order: the categories from the lowest to the highest, where they have an order; ``()`` means that they
            have none.
        missing: words that mean missing in a category column, such as ``"Unknown"``.
        date_format: how a date is written, in the signs of ``strptime``, such as ``"%d/%m/%Y"``, or a word of
            ``inference.files.columns.dates.strptime_formats``: ``"epoch-seconds"``, ``"epoch-milliseconds"``,
            ``"excel-serial"``, ``"month"`` (its first day) or ``"japanese-era"``.
        short: what names of segments call it, such as ``"income"``.
        meaning: what it is about, such as ``"recency"``; ``"none"`` for nothing that is known.
        direction: ``"more is better"``, ``"more is worse"`` or ``"neutral"``.
        person: whether it describes the person, such as age; ``None``: as its header says.
    """

    source: str | None = None
    kind: str | None = None
    label: str | None = None
    unit: str | None = None
    range: tuple[float, float] | None = None
    aliases: tuple[str, ...] | None = None
    categories: tuple[Category, ...] | None = None
    other: str | None = None
    order: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    date_format: str | None = None
    short: str | None = None
    meaning: str | None = None
    direction: str | None = None
    person: bool | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in COLUMN_KINDS:
            raise InputError(
                f"the kind of a column must be {listed(map(repr, COLUMN_KINDS), last='or')}, but it is "
                f"{quoted(self.kind)}",
                suggestion=nearest(self.kind, COLUMN_KINDS),
            )
        if self.range is not None and not self.range[0] < self.range[1]:
            raise InputError(
                f"a range must go from the lower to the higher number, but it is {quoted(self.range)}"
            )
        for key, known in (("meaning", MEANINGS), ("direction", DIRECTIONS)):
            given = getattr(self, key)
            if given is not None and given not in known:
                raise InputError(
                    f"the {key} of a column must be {listed(map(repr, known), last='or')}, but it is "
                    f"{quoted(given)}",
                    suggestion=nearest(given, known),
                )
        if self.short is not None and not is_short(self.short):
            raise InputError(
                f"the short word of a column must be 1 to {LONGEST_SHORT} printable signs without a comma, "
                f"but it is {quoted(self.short)}; it becomes part of names of segments"
            )
        if self.categories is not None:
            _check_categories(self.categories, self.other)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """What is set for a table. Columns are named by header or by name, in any case.

    Attributes:
        name, title: of the model.
        cluster: the columns or features that decide the segments, in place of the proposed ones.
        profile: columns that are kept as profile columns; ignore: columns that are left out.
        outcome: columns that show what came of a customer, never a feature; ``None`` proposes them.
        identifier: the column that names a customer.
        columns: name -> settings, or just the header it is the name of.
        features: engineered features in addition to the proposed ones.
        na: further words for a missing cell, in any column.
        log: whether skewed amounts are log-transformed.
        value, capacity, spend: as in ``Schema``; an empty text means none.

    Example:
        >>> Roles(cluster=("recency", "monetary"), columns={"income": "Annual Income (k$)"}).cluster
        ('recency', 'monetary')
    """

    name: str | None = None
    title: str | None = None
    cluster: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    outcome: tuple[str, ...] | None = None
    identifier: str | None = None
    columns: Mapping[str, ColumnSettings | str] = field(default_factory=dict)
    features: tuple[Feature, ...] = ()
    na: tuple[str, ...] = ()
    log: bool = True
    value: str | None = None
    capacity: str | None = None
    spend: str | None = None

    def __post_init__(self) -> None:
        for role in ("cluster", "profile", "ignore", "outcome"):
            given = getattr(self, role)
            if given is None:
                continue
            if isinstance(given, str):
                raise InputError(
                    f"{role} must be a sequence of columns, but it is the text {quoted(given)}; write a tuple"
                )
            object.__setattr__(self, role, tuple(given))
            if len({each.casefold() for each in given}) < len(given):
                raise InputError(f"{role} must name each column once, but it is {quoted_names(given)}")
        for name in (*self.columns, *(feature.name for feature in self.features)):
            if not is_name(name):
                raise InputError(
                    "a name must be made of plain letters, digits and _, as in 'annual_income', and not be "
                    f"one of the model's own ({quoted_names(sorted(RESERVED), most=40)}), but it is "
                    f"{quoted(name)}; rename it"
                )

    def settings(self) -> dict[str, ColumnSettings]:
        """Name -> settings, a bare header made one."""
        return {
            name: ColumnSettings(source=each) if isinstance(each, str) else each
            for name, each in self.columns.items()
        }


def _check_categories(categories: tuple[Category, ...], other: str | None) -> None:
    values = [each.value for each in categories]
    if len(values) < 2:
        raise InputError(
            f"a category column needs at least two categories, but they are {quoted_names(values)}"
        )
    spellings = [text.strip().casefold() for each in categories for text in (each.value, *each.aliases)]
    twice = sorted({each for each in spellings if spellings.count(each) > 1})
    if twice or "" in spellings:
        seen = quoted_names(twice or [""])
        raise InputError(f"categories and aliases must differ by more than case, but {seen} do not")
    if other and other not in values:
        raise InputError(
            f"other must be one of the categories {quoted_names(values)}, but it is {quoted(other)}"
        )
