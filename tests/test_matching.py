"""Checks that a segment keeps its id and name when a model is trained again, and that moves are reported."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from inference import Contract
from tests.conftest import quick_config
from trainer import MALL, Table, Trained, train
from trainer.segments.matching import Pairing, keep_names, moves, pair

FEATURES = ("annual_income", "spending_score")


@pytest.fixture
def earlier(trained: Trained) -> Contract:
    return Contract.parse(trained.contract)


def _income_scale(earlier: Contract) -> float:
    assert earlier.scaling is not None
    return earlier.scaling.scale["annual_income"]


def _centroids(trained: Trained) -> np.ndarray:
    return trained.fitted.segmentation.raw_centroids()


def test_the_same_run_again_changes_nothing(table: Table, trained: Trained, earlier: Contract) -> None:
    again = train(table, quick_config(), earlier=earlier)
    assert again.moves == ()
    assert again.model == trained.model


def test_ids_follow_their_segments_however_the_clusters_are_numbered(
    trained: Trained, earlier: Contract
) -> None:
    shuffled = np.array([3, 0, 4, 1, 2])
    pairing = pair(earlier, FEATURES, _centroids(trained)[shuffled])
    assert pairing is not None
    assert np.array_equal(shuffled[pairing.order], np.arange(5))
    assert pairing.distances == pytest.approx([0.0] * 5)


def test_a_name_is_kept_after_a_small_move_and_replaced_after_a_large_one(
    trained: Trained, earlier: Contract
) -> None:
    scale = _income_scale(earlier)
    moved = _centroids(trained).copy()
    moved[0, 0] += 0.4 * scale
    moved[1, 0] += 0.6 * scale
    pairing = pair(earlier, FEATURES, moved)
    assert pairing is not None
    fresh = tuple(replace(segment, name=f"fresh {segment.id}") for segment in earlier.segments)
    kept = keep_names(earlier, fresh, pairing)
    assert [segment.name for segment in kept[:3]] == [
        "High income, high score",
        "fresh 1",
        "Low income, high score",
    ]
    reported = moves(earlier, kept, pairing)
    assert [move.before for move in reported] == ["High income, high score", "Mid income, mid score"]
    assert reported[0].sentence().endswith("name kept: its centre moved 0.40 standard deviations")
    renamed = "Mid income, mid score -> fresh 1: 40.5% -> 40.5% of the customers; renamed"
    assert reported[1].sentence().startswith(renamed)


def test_a_name_that_would_be_used_twice_is_not_kept(trained: Trained, earlier: Contract) -> None:
    moved = _centroids(trained).copy()
    moved[1, 0] += _income_scale(earlier)
    pairing = pair(earlier, FEATURES, moved)
    assert pairing is not None
    fresh = tuple(replace(each, name=f"fresh {each.id}") for each in earlier.segments)
    clash = (fresh[0], replace(fresh[1], name="High income, high score"), *fresh[2:])
    names = [segment.name for segment in keep_names(earlier, clash, pairing)]
    assert len(set(names)) == 5


def test_a_dropped_name_does_not_make_another_duplicate(earlier: Contract) -> None:
    olds = earlier.segments[:3]
    before = replace(earlier, automatic_names=("P", "X", "Y"))
    pairing = Pairing(order=np.arange(3), olds=olds, distances=(0.9, 0.1, 0.1))
    fresh = tuple(replace(old, name=name) for old, name in zip(olds, "XYZ", strict=True))
    assert [segment.name for segment in keep_names(before, fresh, pairing)] == ["X", "Y", "Z"]


def test_the_order_of_clustering_columns_does_not_matter(trained: Trained, earlier: Contract) -> None:
    pairing = pair(earlier, FEATURES[::-1], _centroids(trained)[:, ::-1])
    assert pairing is not None
    assert pairing.distances == pytest.approx([0.0] * 5)


@pytest.mark.parametrize("k", [4, 6])
def test_another_k_reports_new_and_removed_segments(table: Table, trained: Trained, k: int) -> None:
    again = train(table, quick_config(user_k=k), earlier=Contract.parse(trained.contract))
    new = [move for move in again.moves if move.before is None]
    gone = [move for move in again.moves if move.after is None]
    assert (len(new), len(gone)) == ((1, 0) if k == 6 else (0, 1))
    assert "no previous segment corresponds" in new[0].reason if new else "no new segment" in gone[0].reason
    assert len({segment.name for segment in again.fitted.segments}) == k


def test_other_clustering_columns_cannot_be_compared(table: Table, earlier: Contract) -> None:
    schema = replace(MALL, clustering=("age", "spending_score"))
    again = train(replace(table, schema=schema), quick_config(user_k=4), earlier=earlier)
    assert {move.after is None for move in again.moves} == {True, False}
    assert len(again.moves) == 5 + 4


def test_the_users_names_are_kept_in_a_run_without_their_file(table: Table, trained: Trained) -> None:
    wanted = {"High income, high score": {"name": "Champions", "action": "Invite."}}
    first = train(table, quick_config(), overrides=wanted)
    second = train(table, quick_config(), earlier=Contract.parse(first.contract))
    assert second.fitted.segments[0].name == "Champions"
    assert second.fitted.segments[0].action == "Invite."
    assert json.loads(second.contract)["automatic_names"][0] == "High income, high score"
    third = train(table, quick_config(), earlier=Contract.parse(second.contract), overrides={})
    assert third.fitted.segments[0].name == "High income, high score"
