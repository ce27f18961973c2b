"""Finds the columns of a file of transactions by their usual names, or says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.errors import InputError
from inference.wording import nearest, quoted, quoted_names
from trainer.rfm.rfm_settings import RfmSettings
from trainer.schema.table_remedies import NameColumns

CUSTOMER, DATE, AMOUNT, QUANTITY, PRICE, ORDER, STATUS = ROLES = (
    "customer",
    "date",
    "amount",
    "quantity",
    "price",
    "order",
    "status",
)

# Usual names without case, spaces and signs. A name of an earlier group is surer: of CustomerID and Customer
# the first is the identifier.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    CUSTOMER: (
        "customerid customerno customernumber customernr customercode customerkey custid clientid clientno "
        "clientnumber userid buyerid memberid shopperid accountid",
        "customer client user buyer member shopper cust",
    ),
    DATE: (
        "invoicedate orderdate purchasedate transactiondate saledate salesdate date datetime timestamp "
        "orderdatetime ordertimestamp orderpurchasetimestamp transactiontime transactiondatetime eventtime "
        "createdat orderedat purchasedat",
    ),
    AMOUNT: (
        "amount total revenue sales totalamount totalprice totalsales totalrevenue linetotal lineamount "
        "orderamount ordertotal salesamount transactionamount netamount turnover subtotal ordervalue "
        "salesvalue spend spent",
    ),
    QUANTITY: ("quantity qty orderquantity quantityordered units unitssold",),
    PRICE: ("unitprice price priceperunit itemprice sellingprice priceeach",),
    ORDER: (
        "invoiceno invoice invoiceid invoicenumber invoicenr orderid orderno ordernumber ordernr order",
        "transactionid transactionno receiptno receiptid billno basketid",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Role -> header in the file, and in words what was assumed to find it."""

    headers: dict[str, str]
    assumed: tuple[str, ...]

    def __contains__(self, role: str) -> bool:
        return role in self.headers

    def __getitem__(self, role: str) -> str:
        return self.headers[role]


def find_columns(names: Sequence[str], settings: RfmSettings) -> Columns:
    """Which header plays which role; an order and a status are not needed.

    Raises:
        InputError: when a header that was given is not there, or a role has no or several candidates.
    """
    headers = {
        role: _given(names, role, getattr(settings, role)) for role in ROLES if getattr(settings, role)
    }
    found = [role for role in USUAL_NAMES if role not in headers and not _needless(role, headers)]
    taken = set(headers.values())
    for role in found:
        header = _search([name for name in names if name not in taken], role)
        if header is not None:
            headers[role] = header
    if AMOUNT in headers:
        headers.pop(PRICE, None)
    _check_complete(names, headers)
    _check_apart(names, headers)
    return Columns(headers=headers, assumed=_assumed(headers, [role for role in found if role in headers]))


def _needless(role: str, headers: dict[str, str]) -> bool:
    """A value that is given is not searched for again: quantity and price stand for the amount."""
    return (role == AMOUNT and PRICE in headers) or (role == PRICE and AMOUNT in headers)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _given(names: Sequence[str], role: str, header: str) -> str:
    alike = [name for name in names if name == header] or [n for n in names if _plain(n) == _plain(header)]
    if len(alike) == 1:
        return alike[0]
    seen = "there are several" if alike else "there is none"
    near = nearest(header, names)
    raise InputError(
        f"the {role} must be one column, but of {quoted(header)} {seen}; "
        f"the headers are {quoted_names(names)}",
        column=header,
        remedies=[NameColumns(roles=(role,), suggestion=alike[0] if alike else near)],
        suggestion="" if alike else near,
    )


def _search(names: Sequence[str], role: str) -> str | None:
    for usual in USUAL_NAMES[role]:
        alike = [name for name in names if _plain(name) in usual.split()]
        if len(alike) > 1:
            raise InputError(
                f"one column must be the {role}, but {quoted_names(alike)} could be",
                remedies=[NameColumns(roles=(role,), suggestion=alike[0])],
            )
        if alike:
            return alike[0]
    return None


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
                f"each role must have a column of its own, but {quoted(header)} is {other} and {role}; "
                f"the headers are {quoted_names(names)}",
                remedies=[NameColumns(roles=(role,))],
            )
        if list(names).count(header) > 1:
            raise InputError(
                f"headers must differ, but {quoted(header)} occurs {list(names).count(header)} times; "
                "rename one"
            )


def _assumed(headers: dict[str, str], found: Sequence[str]) -> tuple[str, ...]:
    told = [f"{role} is {headers[role]!r}" for role in ROLES if role in found]
    lines = [f"found by their names: {', '.join(told)}"] if told else []
    if AMOUNT not in headers:
        lines.append(f"the value of a line is {headers[QUANTITY]!r} x {headers[PRICE]!r}")
    else:
        sign = f", a return where {headers[QUANTITY]!r} is negative" if QUANTITY in headers else ""
        lines.append(f"the value of a line is {headers[AMOUNT]!r}{sign}")
    if ORDER not in headers:
        lines.append("there is no column of orders, so frequency counts the days with a purchase")
    return tuple(lines)
