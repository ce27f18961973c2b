"""What the cells of a column show about its role, where its header leaves it open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.cell_texts import one_array, plain_texts
from inference.files.columns.dates.date_decision import decide_dates
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.numbers.currency_marks import currencies
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import Refusal
from trainer.rfm.status_words import COMPLETED, status_kind
from trainer.rfm.transaction_cells import texts
from trainer.rfm.transaction_headers import (
    AMOUNT,
    CURRENCY,
    CUSTOMER,
    DATE,
    ORDER,
    PRICE,
    QUANTITY,
    REFUND,
    STATUS,
)

_MOST_STATUSES, _MOST_CURRENCIES = 25, 40
_NEARLY_ALL, _HALF, _LEAST_LINES, _LEAST_CODE = 0.9, 0.5, 4, 3
_ORDER_CODE = r"^#?\pL{0,5}[-_ ]?\d+(?:[-/]\d+)*$"
_CODE = r"^\d{3,}(?:\.0)?$|^\pL{1,4}[-_ ]?\d{2,}$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


def fits(role: str, column: pa.ChunkedArray) -> bool:
    """Whether the cells of a column can have a role; needed where its header alone is not enough."""
    return _FITS.get(role, lambda _: True)(column)


def found_by_values(role: str, table: Mapping[str, pa.ChunkedArray]) -> list[str]:
    """The headers of the columns whose cells fit a role, among columns without another role."""
    suggests = _SUGGESTS.get(role)
    return [name for name, column in table.items() if suggests(column)] if suggests else []


def is_order_code(column: pa.ChunkedArray) -> bool:
    """Whether nearly all cells are codes such as ``#1001``."""
    return _share(column, _ORDER_CODE) >= _NEARLY_ALL


def _holds_dates(column: pa.ChunkedArray) -> bool:
    return isinstance(decide_dates(column), DateReading | Refusal)


def _holds_numbers(column: pa.ChunkedArray) -> bool:
    return isinstance(decide_numbers(column), NumberReading | Refusal) and not _holds_dates(column)


def _holds_money(column: pa.ChunkedArray) -> bool:
    reading = decide_numbers(column)
    typed = pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    if isinstance(reading, NumberReading):
        money = bool(reading.decimal_mark or reading.currency or typed) and not reading.units
        return money and not _holds_dates(column)
    return isinstance(reading, Refusal)


def _holds_statuses(column: pa.ChunkedArray) -> bool:
    return any(status_kind(cell) not in ("", COMPLETED) for cell in _few(column, _MOST_STATUSES))


def _only_statuses(column: pa.ChunkedArray) -> bool:
    cells = _few(column, _MOST_STATUSES)
    return _holds_statuses(column) and sum(bool(status_kind(cell)) for cell in cells) > _HALF * len(cells)


def _holds_currencies(column: pa.ChunkedArray) -> bool:
    cells = _few(column, _MOST_CURRENCIES)
    return bool(cells) and all(currencies(cell) for cell in cells)


def _holds_emails(column: pa.ChunkedArray) -> bool:
    return _repeats(column) and _share(column, _EMAIL) >= _NEARLY_ALL


def _holds_codes(column: pa.ChunkedArray) -> bool:
    return _repeats(column) and _share(column, _CODE) >= _NEARLY_ALL and not _holds_dates(column)


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether there are several customers, and fewer of them than lines."""
    different = pc.count_distinct(column).as_py()
    return bool(len(column) >= _LEAST_LINES and 1 < different < len(column))


def _share(column: pa.ChunkedArray, pattern: str) -> float:
    cells = texts(one_array(column)).drop_null()
    return float(pc.mean(pc.match_substring_regex(cells, pattern)).as_py()) if len(cells) else 0.0


def _few(column: pa.ChunkedArray, most: int) -> list[str]:
    """The different texts of a column; none where there are more than ``most``."""
    array = one_array(column)
    if not pa.types.is_large_string(array.type):
        return []
    different = pc.unique(array.drop_null())
    return [] if len(different) > 2 * most else texts(plain_texts(different)).drop_null().to_pylist()[:most]


_FITS: dict[str, Callable[[pa.ChunkedArray], bool]] = {
    DATE: _holds_dates,
    AMOUNT: _holds_numbers,
    QUANTITY: _holds_numbers,
    PRICE: _holds_numbers,
    REFUND: _holds_numbers,
    STATUS: _holds_statuses,
    CURRENCY: _holds_currencies,
    ORDER: lambda column: _repeats(column) or pc.count_distinct(column).as_py() == len(column),
}
_SUGGESTS: dict[str, Callable[[pa.ChunkedArray], bool]] = {
    CUSTOMER: lambda column: _holds_emails(column) or _holds_codes(column),
    DATE: _holds_dates,
    AMOUNT: _holds_money,
    STATUS: _only_statuses,
    CURRENCY: _holds_currencies,
}
