"""Checks which column is asked for next: the one that leaves the least doubt about the segment."""

from __future__ import annotations

import numpy as np
import pytest

from inference import InputError, Segmenter
from service.api.next_questions import entropy, gain, next_questions


def test_a_value_that_decides_gains_everything_and_an_unrelated_one_nothing() -> None:
    half = np.array([0.5, 0.5])
    assert gain(np.eye(2), half) == pytest.approx(1)
    assert gain(np.array([[0.3, 0.7], [0.3, 0.7]]), half) == pytest.approx(0, abs=1e-12)
    assert gain(np.eye(2), np.array([1.0, 0.0])) == 0


def test_the_gain_of_a_noisy_channel_is_the_known_one() -> None:
    """A binary symmetric channel with an error of 0.11 carries about half a bit."""
    noisy = np.array([[0.89, 0.11], [0.11, 0.89]])
    assert gain(noisy, np.array([0.5, 0.5])) == pytest.approx(0.5, abs=0.001)


def test_clustering_columns_are_asked_before_profile_columns(published: Segmenter) -> None:
    found = next_questions(published, {})
    clustering = set(published.contract.clustering)
    assert {each["column"] for each in found["questions"][:2]} == clustering
    assert not found["decided"]
    gains = [each["gain"] for each in found["questions"]]
    assert gains == sorted(gains, reverse=True)


def test_what_is_known_is_not_asked_and_no_question_tells_more_than_there_is(published: Segmenter) -> None:
    found = next_questions(published, {"annual_income": 80, "age": None})
    columns = [each["column"] for each in found["questions"]]
    assert "annual_income" not in columns
    assert "age" in columns
    assert found["questions"][0]["gain"] <= found["uncertainty"] * 1.05


def test_nothing_is_asked_where_the_segment_is_decided(published: Segmenter) -> None:
    found = next_questions(published, {"annual_income": 80, "spending_score": 20})
    assert found == {"decided": True, "uncertainty": 0.0, "questions": []}


def test_asking_in_this_order_leaves_less_doubt_than_the_reverse(published: Segmenter) -> None:
    """One column known of a customer with a high score: the first that is asked, or the last."""
    order = [each["column"] for each in next_questions(published, {})["questions"]]
    doubt = {}
    for name, asked in (("first", order[:1]), ("last", order[-1:])):
        medians = {"gender": "Female", "age": 36, "annual_income": 62, "spending_score": 83}
        answers = published.predict_many([{column: medians[column] for column in asked}])
        doubt[name] = float(entropy(answers.probabilities.astype(float))[0])
    assert doubt["first"] < doubt["last"]


def test_a_refused_customer_is_refused_here_too(published: Segmenter) -> None:
    with pytest.raises(InputError, match="age"):
        next_questions(published, {"age": -5})
    with pytest.raises(InputError, match="height"):
        next_questions(published, {"height": None})
