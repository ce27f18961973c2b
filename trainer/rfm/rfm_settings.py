"""What may be said about a file of transactions beforehand; everything left out is found in the file."""

from __future__ import annotations

import datetime
import warnings
from dataclasses import dataclass

from inference.errors import InputError
from inference.wording import quoted, quoted_names
from trainer.schema.table_remedies import NameColumns

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day-first", "month-first", "year-first"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)


@dataclass(frozen=True, kw_only=True)
class RfmSettings:
    """How transactions are read.

    Attributes:
        customer, date, amount, quantity, price, order: headers; ``None`` is found by its usual names.
        status: header of a column that says which lines were cancelled or returned; ``None`` reads none.
        cancelled: further values of that column, in any case, whose lines count in nothing.
        date_format: ``day-first``, ``month-first``, ``year-first`` or a format of ``strptime``; ``None``
            takes the one order that reads the whole column.
        snapshot: the day from which recency and tenure look back; ``None`` is the last day of the data.
        drop_duplicates: whether lines equal to an earlier one in every cell are left out.

    Raises:
        InputError: for settings that contradict each other.
    """

    customer: str | None = None
    date: str | None = None
    amount: str | None = None
    quantity: str | None = None
    price: str | None = None
    order: str | None = None
    status: str | None = None
    cancelled: tuple[str, ...] = ()
    date_format: str | None = None
    snapshot: datetime.date | None = None
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        if self.amount and self.price:
            raise InputError(
                f"a line's value must come from one source, but amount {quoted(self.amount)} and price "
                f"{quoted(self.price)} are given",
                remedies=[NameColumns(roles=("amount",)), NameColumns(roles=("quantity", "price"))],
            )
        if self.cancelled and not self.status:
            raise InputError(
                f"the values of cancelled lines must belong to a column, but {quoted_names(self.cancelled)} "
                "are given without one",
                remedies=[NameColumns(roles=("status",))],
            )
        if self.date_format is not None and self.date_format not in ORDERS:
            _check_format(self.date_format)


def _check_format(date_format: str) -> None:
    """A format must give a date back that it has written."""
    told = datetime.date(2011, 12, 31)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a format without a year, refused below
            read = datetime.datetime.strptime(told.strftime(date_format), date_format).date()
    except ValueError:
        read = None
    if read != told:
        raise InputError(
            f"the date format must be {', '.join(ORDERS)} or name day, month and year like %d/%m/%Y, "
            f"but it is {quoted(date_format)}"
        )
