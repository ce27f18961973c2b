"""The rules of ``trainer.rfm`` again, line by line in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_lines import KINDS


def reference(rows: Sequence[Sequence[str]], settings: RfmSettings) -> tuple[list[list[Any]], dict[str, int]]:
    """The rows of the customer table, and how many lines are of each kind."""
    last = max(day for row in rows if (day := _day(row[2])))
    snapshot = settings.snapshot or last
    c_means_cancelled = any(row[1].strip().isdigit() for row in rows)
    kinds = dict.fromkeys(KINDS, 0)
    met: dict[str, list[tuple[str, date, float, str]]] = {}
    for place, row in enumerate(rows):
        kind, value = _kind(row, snapshot, c_means_cancelled)
        if settings.drop_duplicates and row in rows[:place]:
            kind = "dropped duplicates"
        kinds[kind] += 1
        if kind != "without a customer":
            lines = met.setdefault(row[0].strip(), [])
            if kind in ("purchases", "returns"):
                day = _day(row[2])
                assert day is not None
                lines.append((kind, day, value, row[1].strip() or f"on {day}"))
    return [
        _customer(name, lines, snapshot)
        for name, lines in met.items()
        if any(line[0] == "purchases" for line in lines)
    ], kinds


def _customer(name: str, lines: list[tuple[str, date, float, str]], snapshot: date) -> list[Any]:
    bought = [line for line in lines if line[0] == "purchases"]
    days = [day for _, day, _, _ in bought]
    orders = {order for *_, order in bought}
    gross = sum(value for _, _, value, _ in bought)
    net = sum(value for _, _, value, _ in lines)
    return [
        name,
        (snapshot - max(days)).days,
        len(orders),
        net,
        (snapshot - min(days)).days,
        gross / len(orders),
    ]


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _kind(row: Sequence[str], snapshot: date, c_means_cancelled: bool) -> tuple[str, float]:
    day, quantity, price = _day(row[2]), _number(row[3]), _number(row[4])
    if row[0].strip().lower() in ("", "null"):
        return "without a customer", 0.0
    if day is None or quantity is None or price is None:
        return "unreadable", 0.0
    negative, order, status = quantity < 0 or price < 0, row[1].strip(), row[5].strip().lower()
    marked = c_means_cancelled and order[:1] in ("C", "c") and order[1:].isdigit()
    value = abs(quantity * price)
    if day > snapshot:
        return "after the snapshot", 0.0
    if status == "cancelled" or (not negative and (marked or status == "returned")):
        return "cancelled", 0.0
    if not value:
        return "zero", 0.0
    return ("returns", -value) if negative else ("purchases", value)
