"""How much the segmentation depends on the clustering columns: the same table with other ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from inference.wording import listed
from trainer.parallel import Progress, Workers, no_progress
from trainer.roles.proposed_features import logarithm
from trainer.roles.recognise.business_meaning import wants_logarithm
from trainer.roles.recognise.column_statistics import number_facts
from trainer.schema.column_arrays import Columns
from trainer.schema.features import feature_names, matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.choose_for_schema import choose_for
from trainer.segments.cluster_metrics import eta_squared
from trainer.segments.kmeans import Segmentation, segmentation_of
from trainer.segments.structure import ChoiceSettings, Kind, SegmentNumber
from trainer.table.customer_table import clusterable

AS_CHOSEN = "as chosen"
ROWS = 1_000  # of a larger table; enough to distinguish reproducible from constructive


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """The table with one set of clustering columns, compared with the chosen segmentation.

    Attributes:
        title: what the set is, in words; ``clustering`` names its columns.
        k, kind: the decision of the rule; silhouette, ari, jaccard, smallest_share: at that k.
        excess: silhouette minus what one population reaches. Silhouettes of sets with different numbers of
            columns cannot be compared; this value can.
        ari_at_chosen_k: its stability at the k that was chosen; ``None`` where that k was not tried.
        agreement: adjusted Rand index with the chosen segments.
        separates: raw column -> share of its variance that lies between these segments (eta squared).
    """

    title: str
    clustering: tuple[str, ...]
    k: int
    kind: Kind
    silhouette: float
    excess: float
    ari: float
    jaccard: float
    smallest_share: float
    ari_at_chosen_k: float | None
    agreement: float
    separates: dict[str, float]


def alternatives(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    number: SegmentNumber,
    *,
    progress: Progress = no_progress,
) -> tuple[Alternative, ...]:
    """Evaluate the table with other clustering columns, the chosen ones first; unusable sets are left out.

    Args:
        segmentation: the chosen one; number: the decision it follows.
        columns: raw columns of the clustered rows ``[N]``; labels: their segments.
        progress: called after each set. Each uses fewer draws than the choice and at most 1,000 rows.
    """
    settings = number.settings
    rows = np.random.default_rng(settings.seed).permutation(len(labels))[:ROWS]
    known = {name: values[np.sort(rows)] for name, values in columns.items()}
    run = partial(_alternative, segmentation, known, labels[np.sort(rows)], settings)
    workers = Workers(jobs=settings.jobs, progress=progress, processes=True)
    others = workers.map("Other clustering columns", run, list(_sets(segmentation.schema, known)))
    first = _row(AS_CHOSEN, segmentation.schema, number, segmentation.k)
    return (
        replace(first, agreement=1.0, separates=separation(segmentation.schema, columns, labels)),
        *others,
    )


def _sets(schema: Schema, columns: Columns) -> Iterator[tuple[str, Schema]]:
    """Titles and schemas: with the other numbers; engineered; categories; everything; logarithms.

    A raw date is not tried: for behaviour it matters how long ago it was, which is an engineered column.
    """
    kinds = {spec.name: column_kind(spec) for spec in schema.columns}
    plain = [name for name, kind in kinds.items() if not kind.is_date]
    candidates = (*plain, *(each.name for each in schema.features))
    usable = [name for name in candidates if _can_cluster(schema, columns, name)]
    numbers = tuple(name for name, kind in kinds.items() if kind.is_number and name in usable)
    categories = tuple(name for name, kind in kinds.items() if not kind.ordered and name in usable)
    engineered = tuple(feature.name for feature in schema.features if feature.name in usable)
    skewed = [name for name in schema.clustering if name in numbers and _is_skewed(columns[name])]
    wanted = {
        "with every number": (*schema.clustering, *numbers),
        "with engineered columns": (*schema.clustering, *engineered),
        "with categories": (*schema.clustering, *categories),
        "with everything": (*schema.clustering, *usable),
    }
    seen = {frozenset(schema.clustering)}
    for title, names in wanted.items():
        if frozenset(names) not in seen:
            seen.add(frozenset(names))
            yield title, replace(schema, clustering=tuple(dict.fromkeys(names)))
    if skewed:
        yield "with logarithms of skewed columns", _with_logarithms(schema, skewed)


def _can_cluster(schema: Schema, columns: Columns, name: str) -> bool:
    """Whether most rows have the column and it varies; a constant column does not distinguish customers."""
    values = matrix(schema, columns, replace(schema, clustering=(name,)).clustering_features)
    known = ~np.isnan(values).any(axis=1)
    return bool(known.mean() > 0.5 and (values[known].std(axis=0) > 0).all())


def _is_skewed(values: NDArray[np.float64]) -> bool:
    every_row = np.arange(len(values))
    return wants_logarithm(number_facts(values, len(values), every_row))


def _with_logarithms(schema: Schema, names: list[str]) -> Schema:
    taken = {*schema.names, *(feature.name for feature in schema.features)}
    logs = {
        spec.name: logarithm(spec, schema.features, taken) for spec in schema.columns if spec.name in names
    }
    added = tuple(feature for feature in logs.values() if feature not in schema.features)
    clustering = tuple(logs[name].name if name in logs else name for name in schema.clustering)
    return replace(schema, features=(*schema.features, *added), clustering=clustering)


def _alternative(
    chosen: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    settings: ChoiceSettings,
    task: tuple[str, Schema],
) -> Alternative:
    title, schema = task
    usable = clusterable(schema, columns)
    known = {name: values[usable] for name, values in columns.items()}
    light = replace(
        settings,
        most_bootstraps=settings.bootstraps,
        most_draws=settings.draws,
        user_k=None,
        search_columns=False,
        jobs=1,
    )
    found = choose_for(schema, known, light)
    own = segmentation_of(found.schema, known, found.number).nearest(known)
    return replace(
        _row(title, schema, found.number, chosen.k),
        agreement=float(adjusted_rand_score(labels[usable], own)),
        separates=separation(chosen.schema, known, own),
    )


def _row(title: str, schema: Schema, number: SegmentNumber, chosen_k: int) -> Alternative:
    """The results of a decision about k for its clustering set; ``separates`` is filled in later."""
    by_k = {row.k: row for row in number.table}
    row = by_k[number.k]
    return Alternative(
        title=title,
        clustering=schema.clustering,
        k=number.k,
        kind=number.kind,
        silhouette=row.silhouette,
        excess=row.excess,
        ari=row.ari,
        jaccard=row.jaccard,
        smallest_share=row.smallest_share,
        ari_at_chosen_k=by_k[chosen_k].ari if chosen_k in by_k else None,
        agreement=0.0,
        separates={},
    )


def separation(schema: Schema, columns: Columns, labels: NDArray[np.int64]) -> dict[str, float]:
    """The share of each raw column's variance that lies between segments (eta squared), 0 to 1.

    A category counts as the mean over its indicators.
    """
    shares = {}
    for spec in schema.columns:
        values = matrix(schema, columns, spec.features)
        shares[spec.name] = float(np.mean([eta_squared(column, labels) for column in values.T]))
    return shares


def clustering_warnings(segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64]) -> list[str]:
    """Problems of the clustering columns, in sentences with figures; usually none."""
    schema = segmentation.schema
    shares = separation(schema, columns, labels)
    found = []
    for spec in schema.columns:
        levels = len(np.unique(columns[spec.name]))
        if spec.name in schema.clustering and (not column_kind(spec).ordered or levels <= 2):
            found.append(
                f"{spec.label} is a clustering column with {levels} values; {shares[spec.name]:.0%} of its "
                "variance lies between the segments, which may be little more than these values"
            )
    for feature in schema.features:
        twice = [schema.label(name) for name in feature.formula.columns if name in schema.clustering]
        if feature.name in schema.clustering and twice:
            explained = _explained(segmentation, columns, feature.name)
            are = "is" if len(twice) == 1 else "are"
            found.append(
                f"{feature.label} is a clustering column, and so {are} {listed(twice)}, which it is computed "
                f"from; the other clustering columns explain {explained:.0%} of it and so count twice"
            )
    return found


def _explained(segmentation: Segmentation, columns: Columns, name: str) -> float:
    """Share of a clustering feature's variance that the others explain (R squared, linear)."""
    names = feature_names(segmentation.schema)
    scaled = segmentation.scaled(columns)
    own = scaled[:, names.index(name)]
    others = [names.index(each) for each in segmentation.schema.clustering_features if each != name]
    design = np.column_stack([scaled[:, others], np.ones(len(own))])
    fitted = design @ np.linalg.lstsq(design, own, rcond=None)[0]
    return float(1 - ((own - fitted) ** 2).sum() / ((own - own.mean()) ** 2).sum())
