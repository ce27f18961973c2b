"""Checks what is said about customers who changed the segment, with and without a change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from inference.drift.flow_page import flow_page
from inference.drift.flow_picture import flow_picture
from inference.drift.movement import Movement, coin_chance, judge_movement, refit_noise
from inference.drift.movement_words import movement_document, movement_sentences
from tests.mall_samples import clustering_points

NAMES = ("a", "b", "c", "d", "e")
PAIRS = 100


def movement(before: NDArray[np.int64], after: NDArray[np.int64], names: Sequence[str] = NAMES) -> Movement:
    flows = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(flows, (before, after), 1)
    nobody = np.zeros(len(names), dtype=np.int64)
    return Movement(segments=tuple(names), flows=flows, arrived=nobody, gone=nobody)


def many(rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Customers ``[rows, 2]`` like those of the embedded table."""
    points = clustering_points()
    return points[rng.integers(0, len(points), rows)] + rng.normal(0, 0.15, (rows, 2))


def test_two_dates_that_differ_by_noise_only_raise_no_alarm() -> None:
    model = KMeans(5, n_init=5, random_state=0).fit(clustering_points())
    alarms = moved = 0
    for seed in range(PAIRS):
        rng = np.random.default_rng(seed)
        customers = many(2_000, rng)
        dates = [model.predict(customers + rng.normal(0, 0.3, customers.shape)) for _ in range(2)]
        found = movement(*dates)
        moved += found.moved
        alarms += judge_movement(found).alarm
    assert moved > PAIRS * 100  # there was noise to be taken for a change
    assert alarms <= 5


def test_a_small_change_of_all_customers_is_found() -> None:
    model = KMeans(5, n_init=5, random_state=0).fit(clustering_points())
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        customers = many(2_000, rng)
        before = model.predict(customers + rng.normal(0, 0.3, customers.shape))
        after = model.predict(customers + rng.normal(0, 0.3, customers.shape) + [0.3, 0.0])
        found += judge_movement(movement(before, after)).alarm
    assert found == 20


def test_another_training_on_other_customers_of_the_same_kind_raises_no_alarm() -> None:
    alarms = unexplained = 0
    for seed in range(PAIRS):
        rng = np.random.default_rng(seed)
        customers = many(2_000, rng)
        first = KMeans(5, n_init=5, random_state=0).fit(many(200, rng))
        second = KMeans(5, init=first.cluster_centers_, n_init=1).fit(many(200, rng))
        found = movement(first.predict(customers), second.predict(customers))
        unexplained += judge_movement(found).alarm
        alarms += judge_movement(found, refit=refit_noise([0.94, 0.94])).alarm
    assert unexplained > PAIRS // 2  # without the noise of the training, the moved borders are a change
    assert alarms <= 5


def test_ten_customers_who_went_one_way_are_too_few_among_many_comparisons() -> None:
    flows = np.diag([100] * 5)
    flows[0, 1] = 9
    few = Movement(segments=NAMES, flows=flows, arrived=np.zeros(5, int), gone=np.zeros(5, int))
    assert not judge_movement(few).alarm
    flows[0, 1] = 30
    judgement = judge_movement(few)
    assert (judgement.beyond, judgement.flows[0].source, judgement.flows[0].target) == (30, 0, 1)
    assert [each.segment for each in judgement.shifts] == [0, 1]


@pytest.mark.parametrize("draws", [1_999, 2_001, 20_000])
def test_the_chance_of_a_coin_is_that_of_scipy(draws: int) -> None:
    from scipy.stats import binomtest

    heads = round(draws / 2 + 1.3 * draws**0.5)
    assert coin_chance(heads, draws - heads) == pytest.approx(binomtest(heads, draws).pvalue, rel=0.02)


def test_words_document_and_picture_say_the_same_figures() -> None:
    flows = np.diag([100] * 5)
    flows[0, 1] = 60
    arrived, gone = np.array([1, 0, 0, 0, 2]), np.zeros(5, int)
    found = Movement(segments=("a<b", *NAMES[1:]), flows=flows, arrived=arrived, gone=gone)
    judgement = judge_movement(found)
    sentences = movement_sentences(found, judgement)
    document = movement_document(found, judgement)
    picture = flow_picture(found, judgement, dates=("may", "june"))
    assert document["sentences"] == sentences
    assert document["moved"] == 60 == document["beyond_chance"]
    assert "From a<b to b went 60, back 0 (p < 0.001)." in sentences
    assert sentences[-1].startswith("3 customers came and 0 went")
    assert picture.count('class="beyond"') == 1
    assert picture.count('class="stay"') == 5
    page = flow_page("title", sentences, picture, found)
    assert "a<b" not in page
    assert "a&lt;b" in page


def test_nobody_at_both_dates_is_said() -> None:
    found = movement(np.zeros(0, int), np.zeros(0, int))
    assert movement_sentences(found, judge_movement(found)) == [
        "No customer is there at both dates, so nothing can be said about movement."
    ]
