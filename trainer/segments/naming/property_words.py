"""Words for one property of a segment: *high income*, *long away*, *many returns*, *older*."""

from __future__ import annotations

from collections.abc import Sequence

from trainer.roles.recognise.header_words import phrases
from trainer.schema import meanings as m
from trainer.segments.naming.named_columns import NamedColumn

LOW, MID, HIGH = "low", "mid", "high"

_OWN = {  # meanings whose words need no noun
    m.RECENCY: ("recently active", "some time away", "long away"),
    m.AGE: ("younger", "middle-aged", "older"),
}
_SIZES = {  # meanings whose nouns are not high or low
    m.RECENCY: ("recent", "not so recent", "long since"),
    m.TENURE: ("short", "mid", "long"),
    m.BASKET: ("small", "mid", "large"),
    m.HOUSEHOLD: ("small", "mid-size", "large"),
}
_COUNTED = phrases(
    "orders, purchases, visits, logins, calls, returns, refunds, complaints, tickets, claims, deals",
    "discounts, coupons, vouchers, children, kids, dependents, transactions, bookings, trips",
    "sessions, clicks, opens, accidents, violations, loans, items, products, stays, downloads",
    "streams, interactions, escalations, cancellations, invoices, promotions, contacts, services",
    "accounts, cards, policies",
)
_YES = frozenset(("yes", "y", "true", "1", "ja", "si", "sí", "sim", "oui", "tak", "evet", "да", "是"))
_NO = frozenset(("no", "n", "false", "0", "nein", "não", "nao", "non", "nie", "hayir", "нет", "否"))


def words_for(column: NamedColumn, level: str) -> str:
    """The property in lower case; ``level`` is that of the numbers, and is turned where high means few days.

    >>> column = NamedColumn(
    ...     name="r", source="r", label="R", unit="", meaning="recency", direction="", short=""
    ... )
    >>> words_for(column, HIGH), words_for(column, LOW)
    ('long away', 'recently active')
    """
    index = (LOW, MID, HIGH).index(level)
    if column.turned:
        index = 2 - index
    if not column.short:
        return _OWN[column.meaning][index]
    return f"{_adjectives(column)[index]} {column.short}"


def compared_words(column: NamedColumn, rank: int) -> str:
    """The property next to another segment's: rank 0 is the lower number, 1 the higher: *lower income*."""
    rank = 1 - rank if column.turned else rank
    if not column.short:
        return {m.RECENCY: ("more recent", "longer away"), m.AGE: ("younger", "older")}[column.meaning][rank]
    return f"{_COMPARED[_adjectives(column)[0]][rank]} {column.short}"


def stronger_words(column: NamedColumn, level: str, end: str) -> tuple[str, ...]:
    """Words of a segment at the end ``end`` of several with one level: *very high income*."""
    words, turned = words_for(column, level), column.turned
    if level == MID:
        if not column.short:
            return ()
        side = "lower" if (end == LOW) != turned else "upper"
        return (f"{side}-mid {column.short}",)
    if level != end:
        return ()
    if column.meaning == m.AGE and not column.short:
        return ({"younger": "youngest", "older": "oldest"}[words],)
    return (f"very {words}", f"extremely {words}")


_COMPARED = {
    "low": ("lower", "higher"),
    "few": ("fewer", "more"),
    "small": ("smaller", "larger"),
    "short": ("shorter", "longer"),
    "early": ("earlier", "later"),
    "recent": ("more recent", "longer since"),
}


def is_yes_or_no(category: str) -> bool:
    """Whether a category is a yes or a no."""
    return category.casefold() in _YES | _NO


def is_flag(categories: Sequence[str]) -> bool:
    """Whether categories are a yes and a no: *Yes* and *No*, or 1 and 0, but not 1 and 2.

    >>> is_flag(["1", "0"]), is_flag(["1", "2"]), is_flag(["No", "Yes", "No phone"])
    (True, False, True)
    """
    words = {each.casefold() for each in categories}
    numbered = len(words) > 2 and any(each.isdigit() for each in words)
    return bool(words & _YES) and bool(words & _NO) and not numbered


def category_words(column: NamedColumn, category: str, *, frequent: bool) -> str:
    """A category that is frequent, or rare, in a segment: *fiber optic*, *no tech support*, *plan B*."""
    if column.flag and is_yes_or_no(category):
        says_yes = (category.casefold() in _YES) == frequent
        return f"{'with' if says_yes else 'no'} {column.short}"
    own = category.lower() if category.istitle() or category.islower() else category
    words = own if len(own) > 3 and any(sign.isalpha() for sign in own) else f"{column.short} {category}"
    return words if frequent else f"not {words}"


def _adjectives(column: NamedColumn) -> tuple[str, str, str]:
    if column.date and column.meaning not in _SIZES:
        return ("early", "mid", "late")
    if column.meaning in _SIZES and not _is_counted(column):
        return _SIZES[column.meaning]
    return ("few", "some", "many") if _is_counted(column) else ("low", "mid", "high")


def _is_counted(column: NamedColumn) -> bool:
    money = column.meaning in (m.VALUE, m.INCOME) or (column.unit and not column.unit.isdigit())
    return not money and column.short.rsplit(" ", 1)[-1].casefold() in _COUNTED and not _is_share(column)


def _is_share(column: NamedColumn) -> bool:
    words = column.label.casefold()
    return any(each in words for each in ("rate", "share", "percent", "ratio", "%", "amount", "value", "amt"))
