"""The number of segments of small tables, its kind, and what is handed on."""

import numpy as np
import pytest

from inference.errors import InputError
from trainer.segments.structure import ChoiceSettings, SegmentNumber, choose_k

TABLE = "trainer/data/mall_customers.csv"


def corners(rows: int = 200, noise: int = 0) -> np.ndarray:
    rng = np.random.default_rng(0)
    table = 6 * rng.integers(0, 2, (rows, 2)) + rng.normal(size=(rows, 2))
    return np.hstack([table, 3 * rng.normal(size=(rows, noise))])


def cloud(rows: int = 200, d: int = 2) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(rows, d))


@pytest.fixture(scope="module")
def mall() -> SegmentNumber:
    table = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    return choose_k(table, ChoiceSettings())


def test_mall_customers_form_five_natural_segments(mall: SegmentNumber) -> None:
    assert (mall.k, mall.kind, mall.natural_k) == (5, "natural", 5)
    assert mall.p_value == pytest.approx(1 / 40)
    assert mall.reason.startswith("5 segments are natural")
    assert sorted(np.bincount(mall.labels)) == pytest.approx([22, 23, 35, 39, 81], abs=2)


def test_the_partition_judged_is_the_one_handed_on(mall: SegmentNumber) -> None:
    table = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    np.testing.assert_array_equal(mall.segments(table), mall.labels)
    scaled = mall.scaler.scaled(table)
    for segment, centroid in enumerate(mall.centroids):
        np.testing.assert_allclose(scaled[mall.labels == segment].mean(axis=0), centroid, atol=1e-9)


def test_a_cloud_is_not_natural_and_still_gets_an_answer() -> None:
    found = choose_k(cloud(), ChoiceSettings())
    assert found.natural_k is None
    assert found.kind in ("reproducible", "constructive")
    assert found.p_value > 0.05
    assert "One population" in found.reason


def test_columns_of_noise_are_dropped() -> None:
    found = choose_k(corners(noise=4), ChoiceSettings())
    assert (found.k, found.kind, found.columns) == (4, "natural", (0, 1))
    assert found.centroids.shape == (4, 2)
    np.testing.assert_array_equal(found.segments(corners(noise=4)), found.labels)


def test_one_column_is_enough() -> None:
    found = choose_k(corners()[:, :1], ChoiceSettings())
    assert (found.k, found.kind) == (2, "natural")


@pytest.mark.parametrize(("k", "kind"), [(4, "natural"), (7, "constructive")])
def test_the_users_k_is_obeyed_and_judged(k: int, kind: str) -> None:
    found = choose_k(corners(), ChoiceSettings(user_k=k))
    assert (found.k, found.kind, found.chosen_by) == (k, kind, "user")
    assert len(np.unique(found.labels)) == k
    assert "chosen by the user" in found.reason


def test_the_users_k_may_lie_outside_the_range() -> None:
    found = choose_k(corners(), ChoiceSettings(k_max=4, user_k=12, most_bootstraps=20))
    assert found.k == 12
    assert [row.k for row in found.table] == [2, 3, 4, 12]


def test_the_answer_does_not_depend_on_the_number_of_threads() -> None:
    one, two = (choose_k(corners(1_200), ChoiceSettings(jobs=jobs)) for jobs in (1, 2))
    assert one.table == two.table
    np.testing.assert_array_equal(one.labels, two.labels)


def test_a_large_table_is_judged_on_a_sample_and_labelled_whole() -> None:
    found = choose_k(corners(5_000), ChoiceSettings(sample_rows=400))
    assert (found.k, found.sample_rows, len(found.labels)) == (4, 400, 5_000)


def test_units_do_not_matter() -> None:
    table = corners()
    one = choose_k(table, ChoiceSettings())
    other = choose_k(table * [1e3, 1e-3] + [5, -7], ChoiceSettings())
    assert one.k == other.k
    np.testing.assert_array_equal(one.labels, other.labels)


def test_the_table_holds_the_figures_of_each_k() -> None:
    found = choose_k(corners(), ChoiceSettings())
    assert [row.k for row in found.table] == list(range(2, 11))
    (row,) = (row for row in found.table if row.k == 4)
    assert row.passes
    assert row.excess == pytest.approx(row.silhouette - row.null_mean)
    assert row.z == pytest.approx(row.excess / row.null_deviation)


def test_few_different_rows_leave_larger_k_out() -> None:
    table = np.random.default_rng(0).integers(0, 2, (100, 2)).astype(float)
    found = choose_k(table, ChoiceSettings())
    assert [row.k for row in found.table] == [2, 3, 4]
    assert len(found.left_out) == 6
    assert found.left_out[0].startswith("k = 5 was left out")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (np.zeros((100, 0)), "found shape"),
        (np.ones((5, 2)), "at least 10 rows"),
        (np.column_stack([np.arange(50.0), np.full(50, 3.0)]), "column 2 of 2 is 3 in all 50 rows"),
        (np.array([[1.0], [np.nan]] * 20), "has 20 that are not"),
    ],
)
def test_refuses_what_cannot_be_clustered(table: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        choose_k(table, ChoiceSettings())


def test_refuses_more_segments_than_different_rows() -> None:
    table = np.repeat([[0.0], [1.0], [2.0]], 30, axis=0)
    with pytest.raises(InputError, match="4 segments need as many distinct rows; found 3"):
        choose_k(table, ChoiceSettings(user_k=4))


def test_refuses_more_segments_than_rows_that_are_not_far_out() -> None:
    table = np.random.default_rng(0).normal(size=(75, 2))
    table[:2] = 900
    with pytest.raises(InputError, match=r"15 segments need 75 rows that are not far .*; found 73; ask for"):
        choose_k(table, ChoiceSettings(user_k=15))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"draws": 10}, "draws must be at least 39"),
        ({"k_max": 1}, "k_max must be at least 2"),
        ({"min_ari": 1.5}, "min_ari must lie between 0 and 1"),
        ({"jobs": 0}, "jobs must not be 0"),
    ],
)
def test_refuses_settings_without_sense(settings: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ChoiceSettings(**settings)  # type: ignore[arg-type]  # settings of any type


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_column_of_two_values_is_no_group_by_itself(share: float) -> None:
    rng = np.random.default_rng(1)
    table = np.column_stack([rng.random(300) < share, rng.normal(size=(300, 2))]).astype(float)
    assert choose_k(table, ChoiceSettings(most_bootstraps=20)).natural_k is None
