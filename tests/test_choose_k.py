"""Checks that the choice of k meets its requirements, rejects noise, and is the same on any machine."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from trainer.segments.choose_k import Choice, ChoiceSettings, choose_k

from trainer.segments.cluster_metrics import Floats

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"

# The null draws stay at 19: fewer give no 5% level.
QUICK = ChoiceSettings(bootstraps=10, gap_draws=2, k_max=4)


def age_income_score() -> Floats:
    return np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(2, 3, 4))


def scaled(raw: Floats) -> Floats:
    features: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return features


def groups(*centres: tuple[float, float], rows: int = 90) -> Floats:
    """Return round groups of equal size around the centres, [rows, 2]."""
    places = np.array(centres)[np.arange(rows) % len(centres)]
    return places + np.random.default_rng(0).normal(size=(rows, 2))


def blobs(rows: int = 90) -> Floats:
    """Return three far groups, [rows, 2]."""
    return groups((0, 0), (4, 9), (9, 4), rows=rows)


@pytest.fixture(scope="module")
def mall() -> Choice:
    return choose_k(age_income_score()[:, 1:], scaled, ChoiceSettings())


def test_income_and_score_make_five_segments(mall: Choice) -> None:
    assert (mall.k, mall.chosen_by, mall.stable, mall.finer) == (5, "rule", True, ())
    assert mall.reason.startswith("k = 5 has the largest silhouette of the admissible k: silhouette 0.555")
    (five,) = (row for row in mall.table if row.k == 5)
    assert five.silhouette >= 0.55
    assert five.davies_bouldin <= 0.60
    assert five.calinski_harabasz >= 240
    assert five.negative_silhouette_share == pytest.approx(0.01)


def test_the_five_segments_are_stable_and_none_is_tiny(mall: Choice) -> None:
    (five,) = (row for row in mall.table if row.k == 5)
    assert five.ari_mean >= 0.93
    assert five.jaccard_min == min(five.jaccard) >= 0.90
    assert len(five.jaccard) == 5
    assert five.smallest_share >= 0.10
    assert five.smallest_rows == 22


def test_the_five_segments_clearly_exceed_both_null_models(mall: Choice) -> None:
    (five,) = (row for row in mall.table if row.k == 5)
    assert five.silhouette - mall.limit_permuted >= 0.08
    assert five.silhouette - mall.limit_copula >= 0.08
    assert mall.limit_permuted >= max(row.null_permuted_95 for row in mall.table)
    assert all(row.null_copula_mean < row.null_copula_95 for row in mall.table)


def test_the_elbow_agrees_and_the_other_criteria_are_reported(mall: Choice) -> None:
    assert mall.elbow == 5
    assert mall.second_opinions[:2] == (
        "Elbow and Davies-Bouldin also recommend k = 5.",
        "Gap statistic recommends k = 1, no segments; from k = 2 it recommends k = 3.",
    )


def test_every_k_has_its_row_and_each_refused_one_its_reasons(mall: Choice) -> None:
    assert [row.k for row in mall.table] == list(range(2, 11))
    assert {row.k for row in mall.table if row.admissible} == {3, 5}
    assert all(bool(row.refusals) != row.admissible for row in mall.table)
    assert mall.left_out == ()
    assert mall.sample_rows == 200


def test_the_choice_is_ready_for_json(mall: Choice) -> None:
    again = json.loads(json.dumps(asdict(mall), allow_nan=False))
    assert again["k"] == 5
    assert again["table"][3]["jaccard"] == list(mall.table[3].jaccard)
    assert again["settings"]["bootstraps"] == 50


def test_age_income_and_score_make_six_segments() -> None:
    settings = ChoiceSettings(bootstraps=20, gap_draws=2, k_min=5, k_max=7)
    choice = choose_k(age_income_score(), scaled, settings)
    assert (choice.k, choice.chosen_by) == (6, "rule")
    (six,) = (row for row in choice.table if row.k == 6)
    assert six.silhouette >= 0.42
    assert six.ari_mean >= 0.85


@pytest.mark.parametrize("seed", [1, 2])
def test_permuted_columns_have_no_stable_segmentation(seed: int) -> None:
    noise = np.random.default_rng(seed).permuted(age_income_score()[:, 1:], axis=0)
    choice = choose_k(noise, scaled, QUICK)
    assert (choice.chosen_by, choice.stable) == ("exploratory", False)
    assert choice.reason.startswith("No stable segmentation found")


@pytest.mark.parametrize("seed", [1, 2])
def test_one_correlated_cloud_has_no_stable_segmentation(seed: int) -> None:
    cloud = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], size=200)
    choice = choose_k(cloud, scaled, QUICK)
    assert (choice.chosen_by, choice.stable) == ("exploratory", False)


def test_groups_of_single_columns_are_not_called_a_structure() -> None:
    corners = groups((0, 0), (9, 0), (0, 9), (9, 9))
    choice = choose_k(corners, scaled, replace(QUICK, k_min=4, k_max=5))
    assert (choice.k, choice.chosen_by) == (4, "exploratory")  # a known limit: permuting rebuilds the corners


def test_the_answer_is_the_same_on_one_thread_and_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.segments.choose_k.THREADED_ROWS", 0)
    one = choose_k(blobs(), scaled, replace(QUICK, k_max=3, jobs=1))
    two = choose_k(blobs(), scaled, replace(QUICK, k_max=3, jobs=2))
    assert replace(two, settings=one.settings) == one


def test_the_users_k_is_used_and_recorded_even_outside_the_range() -> None:
    choice = choose_k(blobs(), scaled, replace(QUICK, user_k=6))
    assert (choice.k, choice.chosen_by, choice.stable) == (6, "user", False)
    assert "k = 6 was chosen by the user and fails: mean ARI" in choice.reason
    assert "The rule would have chosen k = 3" in choice.reason
    assert [row.k for row in choice.table] == [2, 3, 4, 6]


def test_engineered_features_are_rebuilt_from_what_was_permuted() -> None:
    heights = []

    def build(raw: Floats) -> Floats:
        heights.append(raw.copy())
        return scaled(np.column_stack([raw, raw[:, 0] * raw[:, 1]]))

    raw = blobs()
    choose_k(raw, build, replace(QUICK, k_max=3, bootstraps=2))
    assert len(heights) == 1 + 19 + 19
    assert np.array_equal(heights[0], raw)
    assert all(np.array_equal(np.sort(table, axis=0), np.sort(raw, axis=0)) for table in heights)


def test_a_large_table_is_evaluated_on_a_sample() -> None:
    choice = choose_k(blobs(3000), scaled, replace(QUICK, sample_rows=300))
    assert (choice.k, choice.sample_rows) == (3, 300)
    assert 0.25 < next(row for row in choice.table if row.k == 3).smallest_share <= 1 / 3


def test_progress_names_each_part_of_the_work() -> None:
    reported: dict[str, tuple[int, int]] = {}
    settings = replace(QUICK, k_max=3, bootstraps=2)
    choose_k(
        blobs(), scaled, settings, progress=lambda label, done, total: reported.update({label: (done, total)})
    )
    assert reported == {
        "clusterings": (3, 3),
        "gap statistic": (2, 2),
        "permuted columns": (19, 19),
        "correlated cloud": (19, 19),
        "bootstrap": (2, 2),
    }


def test_k_beyond_the_number_of_distinct_rows_is_left_out_with_the_reason() -> None:
    corners = np.array([[0.0, 0.0], [9.0, 1.0], [1.0, 9.0], [10.0, 12.0]])[np.arange(40) % 4]
    choice = choose_k(corners, scaled, replace(QUICK, bootstraps=2, k_max=5))
    assert [row.k for row in choice.table] == [2, 3, 4]
    assert choice.left_out == ("k = 5 was left out: the clustering columns have only 4 distinct rows",)


def test_one_column_alone_is_never_distinguished_from_chance() -> None:
    choice = choose_k(blobs()[:, :1], scaled, replace(QUICK, k_max=3, bootstraps=2))
    assert choice.chosen_by == "exploratory"


GAPS = np.where(np.arange(90)[:, None] == [5, -1], np.nan, blobs())
FLAT = np.column_stack([blobs()[:, 0], np.full(90, 7.0)])


@pytest.mark.parametrize(
    ("raw", "settings", "message"),
    [
        (GAPS, QUICK, "clustering column 1 of 2 has 1 other value; fill or drop those rows"),
        (
            FLAT,
            QUICK,
            "clustering columns must vary; clustering column 2 of 2 is 7 in all 90 rows; leave it out",
        ),
        (blobs(9), QUICK, "at least 10 rows are needed, 5 for each of 2 segments; found 9; add customers"),
        (blobs()[:, 0], QUICK, r"must form a table \[rows, columns\]; found shape \(90,\)"),
        (
            blobs(2)[np.arange(40) % 2],
            replace(QUICK, k_min=3),
            "3 segments need as many distinct rows; found 2",
        ),
        (
            blobs(4)[np.arange(40) % 4],
            replace(QUICK, user_k=5),
            "5 segments need as many distinct rows; found 4",
        ),
    ],
    ids=["missing", "constant", "few rows", "no table", "few points", "few points for the user"],
)
def test_what_cannot_be_clustered_is_refused(raw: Floats, settings: ChoiceSettings, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose_k(raw, scaled, settings)
