"""Other sets of the columns a table has: fewer, more, and with or without logarithms.

Each function takes a schema and a sample of its rows and returns the schema with the other clustering
columns, or ``None`` where the table does not have such a set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.random import SeedSequence

from trainer.roles.proposed_features import logarithm
from trainer.roles.recognise.business_meaning import wants_logarithm
from trainer.roles.recognise.column_statistics import NumberFacts, number_facts
from trainer.roles.recognise.correlations import explain_most, rank_correlations
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Feature, Schema
from trainer.segments.structure.fences import fit_fences
from trainer.segments.structure.noise_columns import columns_with_groups

FEWEST, FEW = 2, 4  # columns of the smaller set
NEARLY_CONSTANT = 0.95  # share of the most frequent value
LEAST_KNOWN = 0.5  # share of the rows; fewer do not stand for the customers


def fewer_columns(schema: Schema, columns: Columns) -> Schema | None:
    """The half of the clustering columns that explains most of the others (``explain_most``)."""
    count = min(FEW, len(schema.clustering) // 2)
    if count < FEWEST or len(schema.clustering_features) > len(schema.clustering):
        return None
    table = matrix(schema, columns, schema.clustering)
    chosen = explain_most(rank_correlations(list(table.T)), count)
    return replace(schema, clustering=tuple(schema.clustering[index] for index in sorted(chosen)))


def without_noise(schema: Schema, columns: Columns) -> Schema | None:
    """The clustering columns that are most likely to hold groups; no column is split."""
    names = schema.clustering_features
    table = matrix(schema, columns, names)
    if len(names) < 2 or not (table.std(axis=0) > 0).all():
        return None
    found = columns_with_groups(fit_fences(table).scaled(table), SeedSequence(0))
    kept = {names[index] for index in found or ()}
    whole = [name for name in schema.clustering if kept & set(_features(schema, name))]
    if not whole or {each for name in whole for each in _features(schema, name)} != kept:
        return None
    return replace(schema, clustering=tuple(whole))


def every_number(schema: Schema, columns: Columns) -> Schema | None:
    """Each number once: as it is clustered now, otherwise by its logarithm where it is skewed."""
    used = set(schema.clustering_sources)
    others = [spec.name for spec in schema.columns if column_kind(spec).is_number and spec.name not in used]
    others = usable(schema, columns, others)
    return _with_logarithms(_and(schema, others), columns, others)


def with_ordinals(schema: Schema, columns: Columns) -> Schema | None:
    """Categories with an order, too."""
    return _and(schema, usable(schema, columns, [spec.name for spec in schema.columns if spec.has_order]))


def with_categories(schema: Schema, columns: Columns) -> Schema | None:
    """Categories without an order, too."""
    names = [spec.name for spec in schema.columns if not (column_kind(spec).ordered or spec.has_order)]
    return _and(schema, usable(schema, columns, names))


def with_engineered(schema: Schema, columns: Columns) -> Schema | None:
    """Every engineered feature, too; not logarithms and sums, which stand for their columns."""
    names = [each.name for each in schema.features if not is_logarithm(each) and not summed(each)]
    return _and(schema, usable(schema, columns, names))


def with_everything(schema: Schema, columns: Columns) -> Schema | None:
    """Numbers, categories and engineered features together."""
    together: tuple[str, ...] = ()
    for made in (every_number, with_ordinals, with_categories, with_engineered):
        found = made(schema, columns)
        together = (*together, *(found.clustering if found is not None else ()))
    known = {*schema.names, *(each.name for each in schema.features)}
    return replace(schema, clustering=tuple(name for name in dict.fromkeys(together) if name in known))


def with_logarithms(schema: Schema, columns: Columns) -> Schema | None:
    """Logarithms in place of skewed columns."""
    return _with_logarithms(schema, columns, schema.clustering)


def without_logarithms(schema: Schema, columns: Columns) -> Schema | None:
    """The columns themselves in place of their logarithms."""
    del columns
    raw = {each.name: each.formula.columns[0] for each in schema.features if is_logarithm(each)}
    return replace(schema, clustering=tuple(dict.fromkeys(raw.get(name, name) for name in schema.clustering)))


def is_logarithm(feature: Feature) -> bool:
    """Whether a feature is the logarithm of one column."""
    return feature.formula.text in {f"log1p({name})" for name in feature.formula.columns}


def summed(feature: Feature) -> tuple[str, ...]:
    """The columns a feature adds up; none where its formula is anything else."""
    terms = _terms(ast.parse(feature.formula.text, mode="eval").body)
    return () if None in terms else tuple(dict.fromkeys(each for each in terms if each is not None))


def _terms(node: ast.expr) -> tuple[str | None, ...]:
    """The parts of a sum: columns, and ``None`` for anything else."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return (*_terms(left), *_terms(right))
    return (None,)


def usable(schema: Schema, columns: Columns, names: Iterable[str]) -> list[str]:
    """Those of the columns or features that most rows have and in which customers differ."""
    return [name for name in names if _is_usable(schema, columns, name)]


def skewed(facts: NumberFacts) -> bool:
    """Whether a number is better measured by its logarithm."""
    return wants_logarithm(facts)


def facts_of(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> NumberFacts:
    """What numbers ``[N]`` hold."""
    return number_facts(values, len(values), np.arange(len(values)))


def _is_usable(schema: Schema, columns: Columns, name: str) -> bool:
    values = matrix(schema, columns, _features(schema, name))
    known = ~np.isnan(values).any(axis=1)
    if known.mean() <= LEAST_KNOWN:
        return False
    counts = np.unique(values[known], axis=0, return_counts=True)[1]
    varies = (values[known].std(axis=0) > 0).all()
    return bool(varies and counts.max() <= NEARLY_CONSTANT * known.sum())


def _features(schema: Schema, name: str) -> tuple[str, ...]:
    """The features of one clustering column."""
    return replace(schema, clustering=(name,)).clustering_features


def _and(schema: Schema, names: Sequence[str]) -> Schema:
    return replace(schema, clustering=tuple(dict.fromkeys((*schema.clustering, *names))))


def _with_logarithms(schema: Schema, columns: Columns, names: Sequence[str]) -> Schema:
    """The schema with the logarithms of those of the columns ``names`` that are skewed in their place."""
    features, logs = list(schema.features), {}
    for spec in schema.columns:
        if spec.name in names and column_kind(spec).is_number and skewed(facts_of(columns[spec.name])):
            feature = logarithm(spec, features, {*schema.names, *(each.name for each in features)})
            features += [] if feature in features else [feature]
            logs[spec.name] = feature.name
    clustering = tuple(dict.fromkeys(logs.get(name, name) for name in schema.clustering))
    return replace(schema, features=tuple(features), clustering=clustering)
