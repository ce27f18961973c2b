"""Checks the form that plans a test of an action, and the card with the next questions."""

from __future__ import annotations

import pytest

from inference import Segmenter
from service.api.schemas import Question, Questions
from service.page.handlers import PageHandlers
from service.page.segments.planner import result
from service.page.views.question_card import question_card


def test_each_segment_is_told_whether_it_is_large_enough(published: Segmenter) -> None:
    shown = result(published.contract, 10, 5, 5, 80, 10_000)
    assert "1,372 customers: 686 with the action and 686 without it." in shown
    assert shown.count("large enough") == 3
    assert "too small: would need 1,372, has 1,100" in shown


@pytest.mark.parametrize("values", [(None, 5, 5, 80, 200), (10, 0, 5, 80, 200), (10, 5, 5, 80, 0)])
def test_what_is_wrong_with_a_field_is_said(published: Segmenter, values: tuple[float | None, ...]) -> None:
    assert 'role="alert"' in result(published.contract, *values)


def test_the_page_asks_for_what_tells_most_until_the_segment_is_decided(published: Segmenter) -> None:
    handlers = PageHandlers(published)
    asked = handlers.show({"annual_income": 80})[1]
    assert 'What to ask next</h2><ol class="points questions"><li><b>Spending score' in asked
    decided = handlers.show({"annual_income": 80, "spending_score": 20})
    assert "What to ask next" not in "".join(decided)


def test_a_question_that_tells_nothing_is_not_asked() -> None:
    useless = Question(column="age", label="Age", gain=0.001)
    assert not question_card(Questions(decided=False, uncertainty=1.0, questions=[useless]))
