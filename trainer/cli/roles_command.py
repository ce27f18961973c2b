"""``python -m trainer roles``: the proposed roles of a table's columns as JSON, for another program.

A file of order lines becomes a table of customers first, where ``--customers`` says where to write it.
Edited, the JSON goes back into the trainer with ``--config``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.errors import InputError
from inference.wording import counted
from trainer.cli.console import consoles
from trainer.cli.rfm_command import write_customers
from trainer.cli.run_progress import add_progress_option, show_refusal
from trainer.cli.source_options import (
    add_read_options,
    add_sample_option,
    read_options,
    sample_settings,
)
from trainer.rfm.recognised_orders import customers_of_orders
from trainer.rfm.rfm_table import Customers
from trainer.roles.preparation import as_raw
from trainer.roles.proposing import propose
from trainer.roles.settings.column_list import ROLES, listed_columns
from trainer.schema.meanings import MEANINGS
from trainer.table.customer_table import embedded
from trainer.table.raw_table import Raw, raw_of, read_raw


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 0 or 2 (bad input)."""
    options = _parser().parse_args(arguments)
    _, errors = consoles()
    try:
        found = _found(options)
    except InputError as error:
        show_refusal(options, errors, error)
        return 2
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0


def _found(options: argparse.Namespace) -> dict[str, Any]:
    raw = _raw(options)
    orders = customers_of_orders(raw) if raw.every is None else None  # a sample lacks lines of each customer
    if orders is not None and options.customers is not None:
        write_customers(orders.table, options.customers)
        customers = raw_of(orders.table, source=raw.source)
        return {**_roles(customers, raw.notes), "orders": _about(orders)}
    notes = raw.notes if orders is None else (*raw.notes, _ORDERS)
    return {**_roles(raw, notes), "orders": None}


_ORDERS = "each row looks like an order line; python -m trainer rfm makes a table of customers from it"


def _raw(options: argparse.Namespace) -> Raw:
    if options.data is None:
        return embedded()
    sample = sample_settings(options)
    return read_raw(options.data, query=options.query, options=read_options(options), sample=sample)


def _roles(raw: Raw, notes: Sequence[str]) -> dict[str, Any]:
    table = as_raw(raw)
    proposal = propose(table.cells, readings=table.readings, source=table.source)
    return {
        "source": raw.source,
        "rows": proposal.rows,
        "notes": [*notes, *proposal.notes],
        "columns": listed_columns(proposal),
        "roles": list(ROLES),
        "meanings": list(MEANINGS),
    }


def _about(orders: Customers) -> dict[str, Any]:
    """What became of the lines, without a cell of them."""
    report = orders.report
    kinds = {kind: count for kind, count in report.kinds.items() if count}
    counts = [f"{counted(count, 'line')}: {kind}" for kind, count in kinds.items()]
    return {
        "lines": report.lines,
        "customers": report.customers,
        "snapshot": report.snapshot.isoformat(),
        "notes": [*report.assumed, *counts],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer roles",
        description="Shows the proposed roles of the columns as JSON; edit it and pass it with --config.",
    )
    parser.add_argument("--data", metavar="FILE|URL", help="as for training (default: Mall Customers)")
    parser.add_argument(
        "--customers",
        type=Path,
        metavar="FILE",
        help="where a table of customers is written if the file holds order lines",
    )
    add_progress_option(parser)
    add_read_options(parser)
    add_sample_option(parser)
    return parser
