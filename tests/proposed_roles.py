"""Tables with one column to try, and what is proposed for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from trainer import Proposal, propose
from trainer.roles.proposal import Decision

ROWS = 300


def table_with(**columns: Any) -> Any:
    """A table with two clustering columns, and the given ones."""
    rng = np.random.default_rng(0)
    orders = rng.poisson(30, ROWS)
    plain = {"orders": orders, "basket": np.round(orders + rng.normal(40, 4, ROWS), 2)}
    return pa.table({name: list(map(_cell, values)) for name, values in {**plain, **columns}.items()})


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def decision_of(proposal: Proposal, header: str) -> Decision:
    return next(each for each in proposal.decisions if each.header == header)


def proposed(values: Any, header: str = "x") -> Decision:
    return decision_of(propose(table_with(**{header: values})), header)
