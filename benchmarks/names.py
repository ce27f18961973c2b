"""How often resampled customers get the same names, on tables whose files are given.

    python -m benchmarks.names FILE...

Of each table customers are drawn again with replacement, segments are fitted to them and named. Counted are
the drawn tables with the same partition (an adjusted Rand index of at least .95 with the usual one), and
among them those in which every segment has the usual name. Prints the names and the share.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
from sklearn.metrics import adjusted_rand_score

from trainer import TrainConfig
from trainer.roles.training_rows import table_of
from trainer.schema.column_arrays import Columns
from trainer.segments.clustered import Clustered, cluster
from trainer.segments.kmeans import Segmentation, fit_segmentation, match
from trainer.segments.naming.name_segments import name_segments

RESAMPLES = 200
SAME_PARTITION = 0.95
SHOWN = 3  # other names


def main(files: list[str]) -> None:
    """Print one line per table, and the names it gets otherwise."""
    for file in files:
        config = TrainConfig(seed=0)
        clustered = cluster(table_of(file, config), config)
        usual = _names(clustered.segmentation, clustered.columns)
        found = resampled_names(clustered, RESAMPLES)
        share = found[usual] / max(found.total(), 1)
        print(f"{file}: {'; '.join(usual)}")
        print(f"  the same names in {found[usual]} of {found.total()} ({share:.3f})")
        for names, times in [each for each in found.most_common() if each[0] != usual][:SHOWN]:
            print(f"  {times} times: {'; '.join(names)}")


def resampled_names(clustered: Clustered, resamples: int) -> Counter[tuple[str, ...]]:
    """How often which names come of drawn customers with the same partition, in the usual order."""
    usual, columns, labels = clustered.segmentation, clustered.columns, clustered.labels
    rng = np.random.default_rng(0)
    found: Counter[tuple[str, ...]] = Counter()
    for seed in range(resamples):
        rows = rng.integers(0, len(labels), len(labels))
        drawn = {name: cells[rows] for name, cells in columns.items()}
        again = _fitted_again(usual, drawn, seed)
        if adjusted_rand_score(labels, again.nearest(columns)) >= SAME_PARTITION:
            found[_names(again, drawn)] += 1
    return found


def _fitted_again(usual: Segmentation, columns: Columns, seed: int) -> Segmentation:
    """Fitted to drawn customers, with the numbering of the usual segments."""
    again = fit_segmentation(usual.schema, columns, usual.k, seed=seed, factors=usual.factors)
    scaled = usual.fences.scaled
    return again.reordered(match(scaled(usual.raw_centroids()), scaled(again.raw_centroids())))


def _names(segmentation: Segmentation, columns: Columns) -> tuple[str, ...]:
    return tuple(each.name for each in name_segments(segmentation, columns, segmentation.nearest(columns)))


if __name__ == "__main__":
    main(sys.argv[1:] or ["trainer/data/mall_customers.csv"])
