"""Which other clustering columns are tried: the same ones for the same table, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from inference.errors import InputError
from inference.wording import listed, nearest, quoted
from trainer.roles.training_rows import clusterable_columns
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.alternatives.column_sets import (
    LEAST_KNOWN,
    every_number,
    fewer_columns,
    with_categories,
    with_engineered,
    with_everything,
    with_logarithms,
    with_ordinals,
    without_logarithms,
    without_noise,
)
from trainer.segments.alternatives.principal_directions import principal_directions
from trainer.segments.alternatives.spend_features import ratios_of_spend, shares_of_spend, total_of_spend
from trainer.table.customer_table import MIN_ROWS, Table, clusterable

AS_PROPOSED = "as-proposed"
MOST_VARIANTS = 8
MOST_FEATURES = 20  # with more, distances say little
LOOKED_AT = 1_000  # rows, the same for every seed

Maker = Callable[[Schema, Columns], Schema | None]

MAKERS: dict[str, tuple[str, Maker]] = {  # the most promising first
    "without-noise-columns": ("without columns that show no groups", without_noise),
    "shares-of-spend": ("shares of the spend columns", shares_of_spend),
    "total-of-spend": ("total instead of the spend columns", total_of_spend),
    "fewer-columns": ("fewer columns", fewer_columns),
    "every-number": ("with every number", every_number),
    "with-ordinals": ("with ordered categories", with_ordinals),
    "with-categories": ("with categories", with_categories),
    "ratios-of-spend": ("ratios of the spend columns", ratios_of_spend),
    "principal-directions": ("principal directions", principal_directions),
    "with-logarithms": ("with logarithms of skewed columns", with_logarithms),
    "without-logarithms": ("without logarithms", without_logarithms),
    "with-engineered-columns": ("with engineered columns", with_engineered),
    "with-everything": ("with everything", with_everything),
}


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A set of clustering columns.

    Attributes:
        slug: its name on the command line; title: in plain words.
        schema: with these clustering columns; new ones are features that the file computes.
    """

    slug: str
    title: str
    schema: Schema

    @property
    def option(self) -> str:
        """What of the command line takes it."""
        return f"--alternative {self.slug}"


def variants(proposed: Table) -> tuple[Variant, ...]:
    """The proposed clustering columns and at most eight other sets, those that differ and can cluster.

    Raises:
        InputError: when too few customers have every proposed clustering column.
    """
    return tuple(_variants(proposed.schema, clusterable_columns(proposed)))


def take_alternative(proposed: Table, slug: str | None) -> Table:
    """The table under another of its ``variants``; under the proposed columns where ``slug`` is ``None``.

    Raises:
        InputError: when the table has no variant of this name.
    """
    if slug is None:
        return proposed
    known = {each.slug: each for each in variants(proposed)}
    if slug not in known:
        names = listed(known, last="or")
        raise InputError(
            f"the alternative must be one that this table has ({names}), but it is {quoted(slug, most=20)}",
            suggestion=nearest(slug, known),
        )
    return proposed.under(known[slug].schema)


def _variants(schema: Schema, columns: Columns) -> Iterator[Variant]:
    yield Variant(slug=AS_PROPOSED, title="as proposed", schema=schema)
    total = len(next(iter(columns.values())))
    rows = np.random.default_rng(0).permutation(total)[:LOOKED_AT]
    seen = {frozenset(schema.clustering)}
    sample = take_rows(columns, np.sort(rows))
    for slug, (title, make) in MAKERS.items():
        made = make(schema, sample)
        if made is None or frozenset(made.clustering) in seen or not _can_cluster(made, sample, total):
            continue
        seen.add(frozenset(made.clustering))
        yield Variant(slug=slug, title=title, schema=made)
        if len(seen) > MOST_VARIANTS:
            return


def _can_cluster(schema: Schema, sample: Columns, total: int) -> bool:
    """Whether enough customers have all of the columns, and each of the columns varies among them."""
    names = schema.clustering_features
    if len(names) > MOST_FEATURES:
        return False
    known = clusterable(schema, sample)
    if known.mean() <= LEAST_KNOWN or known.mean() * total < MIN_ROWS:
        return False
    values = matrix(schema, take_rows(sample, known), names)
    return bool(np.isfinite(values).all() and (values.std(axis=0) > 0).all())
