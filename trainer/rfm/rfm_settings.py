"""The settings for a file of transactions; whatever is not set is detected in the file."""

from __future__ import annotations

import datetime
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

from inference.errors import InputError
from inference.files.columns.dates.date_reading import ASKED_LAYOUTS
from inference.wording import quoted, quoted_names
from trainer.schema.table_remedies import NameColumns

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day-first", "month-first", "year-first"
OF_ORDER, OF_LINE = "order", "line"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)


@dataclass(frozen=True, kw_only=True)
class RfmSettings:
    """How transactions are read.

    Attributes:
        customer, date, amount, quantity, price, order, status, refund, currency_column: headers; ``None``
            is found by names and values. The status marks which lines were cancelled or returned, the
            refund shows how much of a line was returned.
        ignore: headers that have no role, whatever their names.
        cancelled, counted: values of the status, in any case, whose lines are ignored, or count.
        currency: the one that is kept, or converted to; empty takes the only one.
        rates: currency -> how much one of it is in ``currency``.
        without: customers whose lines are left out.
        decimals: header -> its decimal mark.
        date_format: ``day-first``, ``month-first``, ``year-first`` or a format of ``strptime``; ``None``
            uses the only order that fits the whole column.
        snapshot: the day from which recency and tenure are counted; ``None`` is the last day of the data.
        amount_of: ``"order"`` where the amount is the total of the order, repeated on each of its lines, or
            ``"line"``; empty takes what header and cells show.
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
    refund: str | None = None
    currency_column: str | None = None
    ignore: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    decimals: Mapping[str, str] = field(default_factory=dict)
    date_format: str | None = None
    snapshot: datetime.date | None = None
    amount_of: str = ""
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        if self.amount and self.price:
            raise InputError(
                f"a line's value must come from one source, but amount {quoted(self.amount)} and price "
                f"{quoted(self.price)} are given",
                remedies=[NameColumns(roles=("amount",)), NameColumns(roles=("quantity", "price"))],
            )
        both = {each.casefold() for each in self.cancelled} & {each.casefold() for each in self.counted}
        if both:
            raise InputError(
                f"a status must be cancelled or counted, but {quoted_names(sorted(both))} "
                f"{'is' if len(both) == 1 else 'are'} given as both; give it once"
            )
        for currency, rate in self.rates.items():
            if not 0 < rate < math.inf:
                raise InputError(
                    f"a rate must be a number above 0, but that of {quoted(currency)} is {rate:g}; correct it"
                )
        if self.date_format is not None and self.date_format not in (*ORDERS, *ASKED_LAYOUTS):
            _check_format(self.date_format)


def _check_format(date_format: str) -> None:
    """A date written in the format must be read back as the same date."""
    day = datetime.date(2011, 12, 31)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a format without a year, refused below
            read = datetime.datetime.strptime(day.strftime(date_format), date_format).date()
    except ValueError:
        read = None
    if read != day:
        raise InputError(
            f"the date format must be {', '.join(ORDERS)} or name day, month and year like %d/%m/%Y, "
            f"but it is {quoted(date_format)}"
        )
