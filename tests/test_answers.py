"""Checks that an answer in plain values has the same form for one customer and for many."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from inference import Segmenter

ROWS = {
    "age": [31, None, 45, None],
    "annual_income": [17, 80, None, None],
    "spending_score": [40, 80, 20, None],
}


@pytest.mark.parametrize("opinion", [False, True])
def test_many_answers_are_the_rows_in_turn(segmenter: Segmenter, opinion: bool) -> None:
    answers = segmenter.predict_many(ROWS, opinion=opinion)
    found = list(answers.to_dicts())
    assert found == [answers.row(position).to_dict() for position in range(len(answers))]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_an_answer_in_plain_values_has_every_field(segmenter: Segmenter) -> None:
    answer = segmenter.predict(age=31, annual_income=17)
    assert answer.to_dict() == asdict(answer)
    assert list(answer.to_dict()) == list(asdict(answer))


def test_a_row_is_counted_from_both_ends(segmenter: Segmenter) -> None:
    answers = segmenter.predict_many(ROWS)
    assert answers.row(-1) == answers.row(3)
    with pytest.raises(IndexError):
        answers.row(4)
