"""What other clustering columns give: the same rule, on a sample and with fewer draws than the choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from trainer.parallel import Progress, Workers, no_progress
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.schema import Schema
from trainer.segments.alternatives.variants import Variant, variants
from trainer.segments.choose_for_schema import choose_for
from trainer.segments.clustered import Clustered
from trainer.segments.kmeans import Segmentation, segmentation_of
from trainer.segments.ordering import in_order
from trainer.segments.profile import describe_segments
from trainer.segments.separation import separation
from trainer.segments.structure import ChoiceSettings, Kind, SegmentNumber
from trainer.segments.structure.k_decision import LEAST_ROWS
from trainer.table.customer_table import Table, clusterable

AS_CHOSEN = "as chosen"
KINDS: tuple[Kind, ...] = ("natural", "reproducible", "constructive")  # best first


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """The table with one set of clustering columns, compared with the chosen segmentation.

    Attributes:
        title: what the set is, in words; ``clustering`` names its columns, ``labels`` says them.
        slug: its name; ``option`` of the command line takes it; both empty for the chosen set.
        k, kind: the decision of the rule; silhouette, ari, jaccard, smallest_share: at that k.
        excess: silhouette minus what one population reaches. Silhouettes of sets with different numbers of
            columns cannot be compared; this value can.
        names: of the segments, the most valuable first; none where a segment has fewer than five customers.
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
    slug: str
    option: str
    labels: tuple[str, ...]
    names: tuple[str, ...]


def best_first(found: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Natural before reproducible before constructive, then by the excess over one population."""
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), -each.excess)))


def evaluate_alternatives(
    clustered: Clustered, proposed: Table, *, rows: int, progress: Progress = no_progress
) -> tuple[Alternative, ...]:
    """Evaluate the table with other clustering columns: the chosen ones first, then the best first.

    Args:
        clustered: the chosen segments.
        proposed: the table under the proposed clustering columns, which the others start from.
        rows: how many customers are used at most. Each set is judged with fewer draws than the choice.
        progress: called after each set.
    """
    segmentation, columns, labels = clustered.segmentation, clustered.columns, clustered.labels
    settings = clustered.number.settings
    known = take_rows(columns, sampled := _sampled(len(labels), rows, settings.seed))
    sets = [
        each
        for each in variants(proposed)
        if frozenset(each.schema.clustering) != frozenset(segmentation.schema.clustering)
    ]
    run = partial(_alternative, segmentation, known, labels[sampled], settings)
    workers = Workers(jobs=settings.jobs, progress=progress, processes=True)
    others = workers.map("Other clustering columns", run, sets)
    chosen = Variant(slug="", title=AS_CHOSEN, schema=segmentation.schema)
    first = replace(
        _row(chosen, clustered.number, segmentation.k),
        option="",
        names=_names(segmentation, columns, labels),
        agreement=1.0,
        separates=separation(segmentation.schema, columns, labels),
    )
    return (first, *best_first(others))


def _sampled(total: int, rows: int, seed: int) -> NDArray[np.int64]:
    return np.sort(np.random.default_rng(seed).permutation(total)[:rows])


def _alternative(
    chosen: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    settings: ChoiceSettings,
    variant: Variant,
) -> Alternative:
    usable = clusterable(variant.schema, columns)
    known = take_rows(columns, usable)
    light = replace(
        settings,
        most_bootstraps=settings.bootstraps,
        most_draws=settings.draws,
        user_k=None,
        search_columns=False,
        search_scales=False,
        jobs=1,
    )
    found = choose_for(variant.schema, known, light)
    fitted, _ = in_order(segmentation_of(found.schema, known, found.number), known, None)
    own = fitted.nearest(known)
    return replace(
        _row(variant, found.number, chosen.k),
        names=_names(fitted, known, own),
        agreement=float(adjusted_rand_score(labels[usable], own)),
        separates=separation(chosen.schema, known, own),
    )


def _names(segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64]) -> tuple[str, ...]:
    segments = describe_segments(segmentation, columns, labels)
    if min(segment.size for segment in segments) < LEAST_ROWS:
        return ()
    return tuple(segment.name for segment in segments)


def _row(variant: Variant, number: SegmentNumber, chosen_k: int) -> Alternative:
    """The results of a decision about k for a set; names and comparison are filled in later."""
    schema: Schema = variant.schema
    by_k = {row.k: row for row in number.table}
    row = by_k[number.k]
    return Alternative(
        title=variant.title,
        slug=variant.slug,
        option=variant.option,
        clustering=schema.clustering,
        labels=tuple(schema.plain_label(name) for name in schema.clustering),
        k=number.k,
        kind=number.kind,
        silhouette=row.silhouette,
        excess=row.excess,
        ari=row.ari,
        jaccard=row.jaccard,
        smallest_share=row.smallest_share,
        ari_at_chosen_k=by_k[chosen_k].ari if chosen_k in by_k else None,
        names=(),
        agreement=0.0,
        separates={},
    )
