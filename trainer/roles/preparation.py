"""From a table in any form to a clean one with a schema: the given one, Mall Customers, or a proposal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from inference.errors import InputError
from inference.wording import quoted
from trainer.roles.column_names import find
from trainer.roles.proposal import Proposal
from trainer.roles.proposing import propose
from trainer.roles.settings.role_settings import Roles
from trainer.schema.mall_schema import MALL
from trainer.schema.schema import Schema
from trainer.table.customer_table import Table, clean
from trainer.table.raw_table import Raw, raw_of, read_raw, table_of_arrow


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A clean table, and the proposal its schema comes from; ``None`` for the Mall Customers schema."""

    table: Table
    proposal: Proposal | None


def prepare(data: Any, roles: Roles | None = None, *, seed: int = 0) -> Prepared:
    """Clean a table under the roles that are set, or proposed.

    Args:
        data: a path, a ``Raw``, or a DataFrame of pandas, polars or pyarrow.
        roles: what the user sets for its columns.
        seed: of the sample the proposal is measured on.

    Raises:
        InputError: when the table cannot be read or trained, or what is set does not fit it.
    """
    roles = roles or Roles()
    raw = as_raw(data).with_missing_words(roles.na)
    if replace(roles, cluster=(), na=()) == Roles() and is_mall(raw.cells.column_names):
        return Prepared(table=clean(raw, _clustered(MALL, roles)), proposal=None)
    proposal = propose(raw.cells, roles, readings=raw.readings, source=raw.source, seed=seed)
    return Prepared(table=clean(raw, proposal.schema()), proposal=proposal)


def as_raw(data: Any) -> Raw:
    """A table in any form as Arrow cells.

    Raises:
        InputError: when it is none, or has no rows.
    """
    if isinstance(data, Raw):
        return data
    if isinstance(data, (str, Path)):
        return read_raw(data)
    if isinstance(data, (pd.DataFrame, pa.Table)):
        return raw_of(data)
    if hasattr(data, "__arrow_c_stream__"):
        return raw_of(table_of_arrow(data))
    raise InputError(
        "a customer table must be a path, a DataFrame of pandas or polars, or a pyarrow Table, but it is a "
        f"{type(data).__name__}"
    )


def is_mall(headers: list[str]) -> bool:
    """Whether the headers are those of the Mall Customers table, each known and none missing."""
    known = [
        {spec.header.casefold(), spec.name, *(("genre",) if spec.name == "gender" else ())}
        for spec in MALL.columns
    ]
    folded = [header.strip().casefold() for header in headers if header.strip().casefold() != _IDENTIFIER]
    found = [next((index for index, own in enumerate(known) if each in own), None) for each in folded]
    return None not in found and sorted(set(found)) == list(range(len(known)))  # type: ignore[type-var]  # no position is None here


_IDENTIFIER = (MALL.identifier or "").casefold()


def _clustered(schema: Schema, roles: Roles) -> Schema:
    """The schema with the clustering columns that are set."""
    if not roles.cluster:
        return schema
    features = {feature.name.casefold(): feature.name for feature in schema.features}
    identifier = (schema.identifier or "").casefold()
    clustering = []
    for wanted in roles.cluster:
        folded = wanted.strip().casefold()
        if folded == identifier:
            raise InputError(
                f"{quoted(wanted)} identifies customers and does not describe them; choose another"
            )
        headers = [spec.header for spec in schema.columns]
        clustering.append(features.get(folded) or schema.names[find(wanted, headers, schema.names)])
    return replace(schema, clustering=tuple(clustering))
