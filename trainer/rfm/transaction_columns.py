"""Finds the columns of a file of transactions by their headers and cells, or says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from inference.errors import InputError
from inference.wording import nearest, quoted, quoted_names
from trainer.rfm.column_values import fits, found_by_values, is_order_code
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_headers import (
    AMOUNT,
    CURRENCY,
    CUSTOMER,
    DATE,
    ORDER,
    PRICE,
    QUANTITY,
    REFUND,
    ROLES,
    STATUS,
    groups,
    means_shipping_or_tax,
    means_subtotal,
    plain,
)
from trainer.schema.table_remedies import NameColumns

_SEARCHED = (CUSTOMER, DATE, AMOUNT, QUANTITY, PRICE, ORDER, STATUS, REFUND, CURRENCY)
_OPTIONAL = (STATUS, REFUND, CURRENCY)  # taken only where the cells agree with the header


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Role -> header in the file, and in words what was assumed to find it."""

    headers: dict[str, str]
    assumed: tuple[str, ...]

    def __contains__(self, role: str) -> bool:
        return role in self.headers

    def __getitem__(self, role: str) -> str:
        return self.headers[role]


@dataclass(kw_only=True)
class _Search:
    """What is searched and what has been found so far."""

    names: Sequence[str]
    settings: RfmSettings
    table: pa.Table | None
    headers: dict[str, str]
    by_name: list[str] = field(default_factory=list)
    by_values: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def free(self) -> list[str]:
        """Headers without a role."""
        ignored = {plain(name) for name in self.settings.ignore}
        taken = set(self.headers.values())
        return [name for name in self.names if name not in taken and plain(name) not in ignored]

    def fits(self, role: str, name: str) -> bool:
        """Whether the cells of a column can have a role; the user's own words are a status, too."""
        own_words = bool(self.settings.cancelled or self.settings.counted)
        if role == STATUS and own_words:
            return True
        return self.table is None or fits(role, self.table.column(name))


def find_columns(names: Sequence[str], settings: RfmSettings, table: pa.Table | None = None) -> Columns:
    """Which header plays which role; order, status, refund and currency are not needed.

    Args:
        names: headers.
        settings: those that are given.
        table: the columns, whose cells decide where headers do not; without them headers alone do.

    Raises:
        InputError: when a header that was given is not there, or a role has no or several candidates.
    """
    headers = {
        role: _given(names, role, getattr(settings, role)) for role in ROLES if getattr(settings, role)
    }
    _check_differ(names, headers)
    if table is not None and len(set(names)) < len(names):
        table = None
    search = _Search(names=names, settings=settings, table=table, headers=headers)
    for role in _SEARCHED:
        if role not in headers and not _needless(role, headers):
            _search_names(search, role)
    if table is not None:
        _search_values(search)
    if AMOUNT in headers and not settings.price:
        headers.pop(PRICE, None)
    _check_complete(names, headers)
    words = (*settings.cancelled, *settings.counted)
    if words and STATUS not in headers:
        raise InputError(
            f"the values {quoted_names(words)} must belong to a column with the status, but there is none",
            remedies=[NameColumns(roles=(STATUS,))],
        )
    _check_apart(names, headers)
    return Columns(headers=headers, assumed=_assumed(search))


def _needless(role: str, headers: dict[str, str]) -> bool:
    """A value that is given is not searched for again: quantity and price replace the amount."""
    return (role == AMOUNT and PRICE in headers) or (role == PRICE and AMOUNT in headers)


def _given(names: Sequence[str], role: str, header: str) -> str:
    alike = [name for name in names if name == header] or [n for n in names if plain(n) == plain(header)]
    if len(alike) == 1:
        return alike[0]
    seen = "several columns have" if alike else "no column has"
    near = nearest(header, names)
    raise InputError(
        f"the {_word(role)} must be one column, but {seen} the header {quoted(header)}; "
        f"the headers are {quoted_names(names, most=60)}",
        column=header,
        remedies=[NameColumns(roles=(role,), suggestion=alike[0] if alike else near)],
        suggestion="" if alike else near,
    )


def _search_names(search: _Search, role: str) -> None:
    for pattern in groups(role):
        alike = [name for name in search.free if pattern.fullmatch(plain(name))]
        if role in _OPTIONAL or len(alike) > 1:
            alike = [name for name in alike if search.fits(role, name)]
        if role == ORDER and [plain(name) for name in alike] == ["name"]:  # its cells show of what
            alike = alike if search.table is not None and is_order_code(search.table.column(alike[0])) else []
        if role == AMOUNT and len(alike) > 1:
            alike = _without_extras(search, alike)
        if len(alike) > 1:
            raise _several(role, alike)
        if alike:
            search.headers[role] = alike[0]
            search.by_name.append(role)
            return


def _without_extras(search: _Search, alike: list[str]) -> list[str]:
    """The value of the goods where another total includes shipping or taxes."""
    goods = [name for name in alike if means_subtotal(name)]
    if len(goods) != 1 or not any(means_shipping_or_tax(name) for name in search.names):
        return alike
    others = quoted_names([name for name in alike if name not in goods])
    search.notes.append(f"{quoted(goods[0])} is used, not {others}, which can include shipping or taxes")
    return goods


def _search_values(search: _Search) -> None:
    """Roles that no header names, where exactly one column's cells suggest them."""
    table = search.table
    if table is None:
        return
    for role in (DATE, AMOUNT, CUSTOMER, STATUS, CURRENCY):
        priced = role == AMOUNT and QUANTITY in search.headers and PRICE in search.headers
        if role in search.headers or priced or (role == AMOUNT and search.settings.price):
            continue
        found = found_by_values(role, {name: table.column(name) for name in search.free})
        if len(found) > 1 and role not in _OPTIONAL:
            raise _several(role, found)
        if len(found) == 1:
            search.headers[role] = found[0]
            search.by_values.append(role)


def _several(role: str, alike: Sequence[str]) -> InputError:
    return InputError(
        f"one column must be the {_word(role)}, but {quoted_names(alike)} could be",
        remedies=[NameColumns(roles=(role,), suggestion=alike[0])],
    )


def _word(role: str) -> str:
    return role.replace("_column", "")


def _check_complete(names: Sequence[str], headers: dict[str, str]) -> None:
    for role in (CUSTOMER, DATE):
        if role not in headers:
            raise InputError(
                f"the file must have a column with the {role}, but its headers are {quoted_names(names)}",
                remedies=[NameColumns(roles=(role,))],
            )
    if AMOUNT not in headers and not (QUANTITY in headers and PRICE in headers):
        there = (role for role in (QUANTITY, PRICE) if role in headers)
        half = next((f" ({role} is {quoted(headers[role])})" for role in there), "")
        raise InputError(
            f"the file must have an amount, or a quantity and a price{half}, but its headers are "
            f"{quoted_names(names)}",
            remedies=[NameColumns(roles=(AMOUNT,)), NameColumns(roles=(QUANTITY, PRICE))],
        )


def _check_apart(names: Sequence[str], headers: dict[str, str]) -> None:
    for role, header in headers.items():
        other = next((each for each, name in headers.items() if name == header and each != role), None)
        if other:
            raise InputError(
                f"each role must have a column of its own, but {quoted(header)} is {_word(other)} and "
                f"{_word(role)}; the headers are {quoted_names(names)}",
                remedies=[NameColumns(roles=(role,))],
            )
    _check_differ(names, headers)


def _check_differ(names: Sequence[str], headers: dict[str, str]) -> None:
    for header in headers.values():
        if list(names).count(header) > 1:
            raise InputError(
                f"headers must differ, but {quoted(header)} occurs {list(names).count(header)} times; "
                "rename one"
            )


def _assumed(search: _Search) -> tuple[str, ...]:
    headers, lines = search.headers, []
    for how, roles in (("names", search.by_name), ("values", search.by_values)):
        found = [
            f"{_word(role)} is {quoted(headers[role])}" for role in ROLES if role in roles and role in headers
        ]
        lines += [f"found by their {how}: {', '.join(found)}"] if found else []
    if AMOUNT not in headers:
        lines.append(f"the value of a line is {quoted(headers[QUANTITY])} x {quoted(headers[PRICE])}")
    else:
        sign = f", a return where {quoted(headers[QUANTITY])} is negative" if QUANTITY in headers else ""
        lines.append(f"the value of a line is {quoted(headers[AMOUNT])}{sign}")
    if ORDER not in headers:
        lines.append("there is no order column, so frequency counts the days with a purchase")
    return (*lines, *search.notes)
