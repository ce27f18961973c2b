"""Checks what is computed over all rows behind a sample, without Spark: exact sums, passes, counts, words."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import asdict, replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.cluster import KMeans

from inference import InputError
from inference.contract import Spread
from inference.files.options import ReadOptions
from tests.conftest import quick_config
from tests.every_row import RowsInMemory
from tests.overlapping_groups import overlapping_customers
from trainer import Trained, prepare, read_raw, train
from trainer.__main__ import main
from trainer.cli.transaction_files import read_transactions
from trainer.report.card import model_card
from trainer.report.run_report import report_document
from trainer.report.whole_words import whole_sentences, whole_warnings
from trainer.schema.kinds.column_kinds import column_kind
from trainer.segments.clustered import Clustered, cluster
from trainer.segments.full_passes import UNMOVED, over_all_rows, settled
from trainer.segments.kmeans import match
from trainer.segments.profile import describe_segments
from trainer.segments.whole_counts import count_all
from trainer.table.every_row import SampleSettings
from trainer.table.exact_sums import exact_sums, mean
from trainer.table.raw_table import Raw, raw_of

ROWS, SAMPLE = 6_000, 1_500


def sample_of(table: pa.Table, rows: int = SAMPLE, *, part: int = 1_000) -> Raw:
    """The first rows, with all rows behind them."""
    return replace(raw_of(table.slice(0, rows)), every=RowsInMemory(table=table, part=part))


@pytest.fixture(scope="module")
def whole() -> Trained:
    """A run whose sample is the table, so that all rows and the sample must give the same."""
    return train(sample_of(overlapping_customers(ROWS), ROWS), quick_config())


@pytest.fixture(scope="module")
def part() -> Clustered:
    """The segments of a sample of the table, with centroids of all rows."""
    return cluster(prepare(sample_of(overlapping_customers(ROWS))).table, quick_config())


def test_sums_are_exact_whatever_the_order() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=500) * 10.0 ** rng.integers(-300, 300, 500)
    values[:3] = 5e-324, -1.7e308, 0.0
    groups = rng.integers(0, 3, 500)
    order = rng.permutation(500)
    sums = exact_sums(values, groups, 4)
    assert sums == exact_sums(values[order], groups[order], 4)
    for group in range(3):
        assert mean(sums[group], 1) == math.fsum(values[groups == group])
    assert (sums[3], math.isnan(mean(0, 0))) == (0, True)


def test_passes_over_parts_end_where_k_means_on_one_machine_does() -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(4_000, 3)) + rng.integers(0, 2, (4_000, 1)) * 2
    start = points[:4].copy()
    names = ["x0", "x1", "x2"]
    table = pa.table(list(points.T.copy()), names=names)
    found = [settled(start, RowsInMemory(table=table, part=part)) for part in (4_000, 333)]
    alone = KMeans(4, init=start, n_init=1, tol=0, max_iter=found[0][1].passes).fit(points)
    assert np.array_equal(found[0][0], found[1][0])
    assert np.abs(found[0][0] - alone.cluster_centers_).max() < 1e-9
    passes = found[0][1]
    assert (passes.rows, passes.settled) == (4_000, True)
    assert 1 < passes.passes < 100
    assert passes.last_step <= UNMOVED < max(passes.moved)


def test_a_segment_without_rows_keeps_its_centroid() -> None:
    table = pa.table({"x0": [0.0, 1.0]})
    centroids, passes = settled(np.array([[0.0], [99.0]]), RowsInMemory(table=table))
    assert centroids.tolist() == [[0.5], [99.0]]
    assert (passes.passes, passes.last_step) == (2, 0.0)


def test_counts_of_all_rows_are_those_of_one_machine(whole: Trained) -> None:
    """The sample is the whole table here."""
    columns, segmentation = whole.table.take(whole.table.clusterable()), whole.fitted.segmentation
    alone = describe_segments(segmentation, columns, whole.labels)
    for one, other in zip(whole.fitted.segments, alone, strict=True):
        assert (one.size, one.share, one.name) == (other.size, other.share, other.name)
        assert one.profile.keys() == other.profile.keys()
        for name, typical in one.profile.items():
            known = other.profile[name]
            if isinstance(typical, Spread) and isinstance(known, Spread):
                assert asdict(typical) == pytest.approx(asdict(known), rel=1e-12)
            else:
                assert typical == known
    histograms = whole.described.histograms
    assert histograms is not None
    assert whole.whole is not None
    for spec in whole.table.schema.columns:
        cells = whole.table.columns[spec.name]
        assert whole.whole.histograms[spec.name] == column_kind(spec).histogram(spec, cells)
    assert sum(histograms.segments) == ROWS - ROWS // 50
    assert histograms.columns["income"].missing == ROWS // 50


def test_all_rows_decide_the_centroids_whatever_their_parts(part: Clustered) -> None:
    alone = cluster(replace(part.table, every=None), quick_config())
    every = prepare(raw_of(overlapping_customers(ROWS))).table
    columns = every.take(every.clusterable())
    points = alone.segmentation.clustering(columns)[alone.segmentation.inside_fences(columns)]
    assert part.passes is not None
    assert part.passes.rows == len(points) < len(columns["income"])
    start, passes = alone.segmentation.kmeans.cluster_centers_, part.passes.passes
    expected = KMeans(len(start), init=start, n_init=1, tol=0, max_iter=passes).fit(points).cluster_centers_
    centroids = part.segmentation.kmeans.cluster_centers_
    order = match(centroids, expected)
    assert np.abs(centroids - expected[order]).max() < 1e-9
    moved = np.linalg.norm(centroids - start[match(centroids, start)], axis=1)
    assert np.allclose(part.passes.moved, moved)
    assert part.table.every is not None
    rows = replace(part.table.every, every=RowsInMemory(table=overlapping_customers(ROWS), part=77))
    cut, _ = over_all_rows(alone.segmentation, alone.columns, rows)
    assert np.array_equal(
        cut.kmeans.cluster_centers_[match(centroids, cut.kmeans.cluster_centers_)], centroids
    )


def test_all_rows_decide_the_sizes(part: Clustered) -> None:
    counts = count_all(part)
    assert counts is not None
    every = prepare(raw_of(overlapping_customers(ROWS))).table
    labels = part.segmentation.nearest(every.take(every.clusterable()))
    assert list(counts.sizes) == np.bincount(labels).tolist()
    assert (counts.rows, counts.sample_rows, counts.clustered) == (ROWS, SAMPLE, len(labels))
    assert counts.missing["income"] == ROWS // 50


def test_report_and_card_say_which_rows_were_used_for_what(whole: Trained) -> None:
    sentences = whole_sentences(whole)
    assert sentences[0] == "6,000 rows in the table"
    assert "a sample of 6,000 rows (seed 0) decided roles" in sentences[1]
    assert "of K-Means over" in sentences[2]
    assert all(segment.name in sentences[3] for segment in whole.fitted.segments)
    document = report_document(whole)
    assert document["whole_table"]["sentences"] == sentences
    assert document["whole_table"]["passes"]["settled"] is True
    assert "6000 rows, SHA-256 of the sample" in model_card(whole)
    assert list(whole_warnings(whole)) == []
    assert whole.whole is not None
    passes = replace(whole.whole.passes, last_step=0.1, moved=(0.7, 0.1, 0.1))
    warned = list(whole_warnings(replace(whole, whole=replace(whole.whole, passes=passes))))
    assert warned[0].startswith("after 100 passes over all rows, a centroid still moved by 0.1 ")
    assert warned[1].startswith("over all rows a centroid moved 0.70 standard deviations away")


def test_rows_that_equal_another_count_once_where_the_sample_has_some() -> None:
    table = overlapping_customers(2_000)
    twice = RowsInMemory(table=pa.concat_tables([table, table]))

    def rows(sample: pa.Table) -> list[int]:
        every = prepare(replace(raw_of(sample), every=twice)).table.every
        assert every is not None
        return every.total(lambda columns: {"rows": [len(columns["income"])]})["rows"]

    assert rows(pa.concat_tables([table, table.slice(0, 9)])) == [2_000]
    assert rows(table) == [4_000]


def test_a_feature_that_reaches_infinity_in_any_row_is_refused() -> None:
    table = pa.table({"x0": [0.0, 1.0, np.inf]})
    with pytest.raises(InputError, match="in 1 row of the whole table one is not: a formula divides by zero"):
        settled(np.array([[0.0], [1.0]]), RowsInMemory(table=table))


def test_spark_is_asked_for_only_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"install requirements/spark_training\.lock in an environment"):
        read_raw("spark:customers")
    with pytest.raises(InputError, match="which has no sheet to choose, but 'May' was given"):
        read_raw("spark:customers", options=ReadOptions(sheet="May"))


def test_what_a_sample_cannot_answer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="transactions must be read whole"):
        read_transactions(["spark:orders"])
    with pytest.raises(InputError, match="at least 1,000 rows, but it should have 10; give a larger number"):
        SampleSettings(rows=10)
    assert main(["--data", "spark:customers", "--sample-rows", "10"]) == 2
    assert "the sample must have at least 1,000 rows" in capsys.readouterr().err
