"""Writes every customer to a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from customers.records import Customer
from customers.store import Store
from inference.files.write.atomic_output import open_target
from inference.files.write.csv_injection import neutral_text

HEAD = ("id", "segment", "probability", "route", "answered_at", "model")


def export_file(store: Store, path: Path) -> int:
    """Write all customers, one row each, with every column that any of them has; returns how many.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.

    Raises:
        OSError: when the file cannot be written; an earlier one is then still there.
        StoreError: when the store cannot be read.
    """
    names = list(dict.fromkeys(name for page in store.every() for each in page for name in each.inputs))
    fields = [*HEAD, *(name if name not in HEAD else f"{name} (input)" for name in names)]
    rows = 0
    with open_target(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(_neutral(fields))
        for page in store.every():
            columns = [_neutral([_head(each, name) for each in page]) for name in HEAD]
            columns += [_neutral([_shown(each.inputs.get(name)) for each in page]) for name in names]
            lines.writerows(zip(*columns, strict=True))
            rows += len(page)
        text.detach()
    return rows


def _head(customer: Customer, name: str) -> str:
    return customer.answered_at.isoformat() if name == "answered_at" else str(getattr(customer, name))


def _shown(value: object) -> str | None:
    return None if value is None else str(value)


def _neutral(cells: Sequence[str | None]) -> list[str | None]:
    found: list[str | None] = neutral_text(pa.array(cells, pa.string()))[0].to_pylist()
    return found
