"""Features of the columns that each hold one kind of spending: their sum, shares of it, and ratios.

What customers buy and how much they buy are two questions; columns of amounts answer mostly the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trainer.roles.proposed_features import free_name
from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.formula import Formula
from trainer.schema.schema import Feature, Schema
from trainer.segments.alternatives.column_sets import LEAST_KNOWN, facts_of, skewed, summed, usable

FEWEST = 2  # columns of spending
LARGE_TOTAL = 100.0  # of a customer: one more does not change the shares


def spend_columns(schema: Schema) -> tuple[str, ...]:
    """The columns that each hold one kind of spending: as proposed, otherwise those the value adds up."""
    if schema.spend_columns:
        return schema.spend_columns
    return next((summed(each) for each in schema.features if each.name == schema.value), ())


def total_of_spend(schema: Schema, columns: Columns) -> Schema | None:
    """The sum in place of the columns, as a logarithm where it is skewed."""
    specs = _specs(schema, columns)
    if specs is None:
        return None
    text = _sum(specs)
    values = Formula(text).evaluate(columns)
    is_skewed = skewed(facts_of(values[~np.isnan(values)]))
    text, name, label = (
        (f"log1p({text})", "log_total_spend", "Total spend")
        if is_skewed
        else (text, "total_spend", "Total spend")
    )
    amounts = set(spend_columns(schema))
    others = [each for each in schema.clustering if not amounts & set(schema.sources(each))]
    return added(schema, [(name, label, text)], keep=others)


def shares_of_spend(schema: Schema, columns: Columns) -> Schema | None:
    """What part of a customer's spending goes to each column; nearly 0 for who spends nothing."""
    specs = _specs(schema, columns)
    if specs is None:
        return None
    whole = f"({_sum(specs)} + {_little(specs, columns)})"
    parts = [(f"share_{each.name}", f"{each.label} share", f"{each.name} / {whole}") for each in specs]
    return added(schema, parts)


def ratios_of_spend(schema: Schema, columns: Columns) -> Schema | None:
    """How much customers spend on each column compared with the largest one, as a logarithm."""
    specs = _specs(schema, columns)
    if specs is None:
        return None
    largest = max(specs, key=lambda each: float(np.nanmean(columns[each.name])))
    parts = [
        (
            f"{each.name}_to_{largest.name}",
            f"{each.label} to {largest.label.lower()} ratio",
            f"log1p({each.name}) - log1p({largest.name})",
        )
        for each in specs
        if each is not largest
    ]
    return added(schema, parts)


def added(schema: Schema, parts: Sequence[tuple[str, str, str]], *, keep: Sequence[str] = ()) -> Schema:
    """The schema clustered by new features (name, label, formula) and the columns ``keep``.

    A feature that is there already is used.
    """
    features, names = list(schema.features), list(keep)
    for name, label, text in parts:
        formula = Formula(text)
        feature = next((each for each in features if each.formula == formula), None)
        if feature is None:
            taken = {
                *schema.names,
                *(each.name for each in features),
                *(each.name for each in schema.outcomes),
            }
            feature = Feature(name=free_name(name, taken), label=label, formula=formula)
            features.append(feature)
        names.append(feature.name)
    return replace(schema, features=tuple(features), clustering=tuple(dict.fromkeys(names)))


def _specs(schema: Schema, columns: Columns) -> list[ColumnSpec] | None:
    """The usable spend columns; ``None`` where they are too few, or most rows lack one of them."""
    names = usable(schema, columns, spend_columns(schema))
    specs = [spec for spec in schema.columns if spec.name in names]
    if len(specs) < FEWEST:
        return None
    together = np.isfinite(np.column_stack([columns[spec.name] for spec in specs])).all(axis=1)
    return specs if together.mean() > LEAST_KNOWN else None


def _sum(specs: Sequence[ColumnSpec]) -> str:
    return " + ".join(spec.name for spec in specs)


def _little(specs: Sequence[ColumnSpec], columns: Columns) -> str:
    """What keeps a total above 0 without changing the shares of most customers."""
    total = Formula(_sum(specs)).evaluate(columns)
    typical = float(np.nanmedian(total))
    return "1" if typical >= LARGE_TOTAL or typical <= 0 else f"{typical / LARGE_TOTAL:.1g}"
