"""Checks that reasons are understandable and add up to the answer, and that the model confirms changes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from inference import Change, ChangeOfTwo, Segmenter, SmallestChanges, explain, smallest_changes
from service.customer_values import Customer
from service.page.handlers import PageHandlers
from service.page.views.changes_card import changes_card
from service.page.views.explanation_card import MOST_SHOWN, explanation_card, main_reasons, points
from tests.shown_text import words
from tests.synthetic import SyntheticModel, contract, number

NOTHING = SmallestChanges(of_one=(), of_two=None)
COMPLETE: Customer = {"gender": "Female", "age": 30, "annual_income": 80, "spending_score": 80}


def test_every_known_value_has_a_bar_with_its_unit_and_points(published: Segmenter) -> None:
    why = explain(published, COMPLETE)
    reported = words(explanation_card(published.contract, why))
    assert f"Annual income 80 k$ {points(why.contributions['annual_income'])}" in reported
    assert f"Spending score 80 {points(why.contributions['spending_score'])}" in reported
    assert "Why High income, high score" in reported


def test_values_that_cannot_change_a_complete_answer_have_no_bar_and_are_named(published: Segmenter) -> None:
    markup = explanation_card(published.contract, explain(published, COMPLETE))
    assert markup.count('class="both-ways"') == 2
    assert "Change nothing, because every clustering column is known: Gender and Age." in words(markup)
    partial = explanation_card(published.contract, explain(published, {"age": 30, "annual_income": 80}))
    assert partial.count('class="both-ways"') == 2
    assert "Change nothing" not in words(partial)


def test_the_longest_bar_fills_its_half_and_the_others_keep_proportion(published: Segmenter) -> None:
    why = explain(published, COMPLETE)
    markup = explanation_card(published.contract, why)
    lengths = [float(each) for each in re.findall(r"width:([\d.]+)%", markup)]
    first, second = (abs(share) for _, share in why.ranked()[:2])
    assert lengths[0] == 50.0
    assert lengths[1] == pytest.approx(50 * second / first, abs=0.1)


def test_a_value_that_argues_against_the_segment_has_a_bar_to_the_left(published: Segmenter) -> None:
    why = explain(published, COMPLETE, segment="Mid income, mid score")
    markup = explanation_card(published.contract, why)
    assert why.contributions["annual_income"] < 0
    assert 'class="against" style="right:50%' in markup


def test_an_unknown_value_has_no_bar_but_is_named(published: Segmenter) -> None:
    reported = words(
        explanation_card(published.contract, explain(published, {"age": 30, "annual_income": 80}))
    )
    assert "Unknown, not used: Gender and Spending score." in reported


def test_the_main_reasons_are_in_the_card_of_the_answer(published: Segmenter) -> None:
    why = explain(published, COMPLETE)
    reported = main_reasons(published.contract, why)
    assert reported == "spending score 80 and annual income 80\N{NO-BREAK SPACE}k$"
    _, summary, *_ = PageHandlers(published).show(dict(COMPLETE))
    assert "Mainly because of: spending score 80 and annual income 80 k$." in words(summary)


def test_small_contributions_of_many_values_share_a_line() -> None:
    model = SyntheticModel(contract([number(name) for name in "abcdefghi"], ["One", "Two"]))
    markup = PageHandlers(model).show(dict.fromkeys("abcdefghi", 10.0))[2]
    assert markup.count('class="both-ways"') == MOST_SHOWN
    assert "The other 3 columns together" in markup


def test_each_change_leads_to_the_segment_that_the_model_predicts(published: Segmenter) -> None:
    changes = smallest_changes(published, COMPLETE)
    markup = changes_card(published.contract, published.predict(**COMPLETE), changes)
    offered = [json.loads(unescape(each)) for each in re.findall(r'data-apply="([^"]*)"', markup)]
    assert len(offered) == len(changes.of_one) > 1
    for apply, change in zip(offered, changes.of_one, strict=True):
        segment = published.predict(**{**COMPLETE, **apply}).segment
        assert segment == change.segment_after != "High income, high score"
        assert f"leads to {segment}" in words(markup)


def test_a_change_of_an_estimated_answer_is_called_likely(published: Segmenter) -> None:
    row = {"age": 30, "annual_income": 80}
    reported = words(
        changes_card(published.contract, published.predict(**row), smallest_changes(published, row))
    )
    assert "most likely leads to" in reported


def test_a_message_says_that_no_change_exists(published: Segmenter) -> None:
    reported = words(changes_card(published.contract, published.predict(**COMPLETE), NOTHING))
    assert "No change of one or two values would lead to another segment." in reported


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [(1.0, 4.0016, "4.01"), (9.0, 4.0016, "4"), (0.0, -0.40016, "-0.401"), (0.0, 35000.2, "35,100")],
)
def test_a_new_value_is_rounded_away_from_the_old_one(before: float, after: float, reported: str) -> None:
    known = contract([number("a", -1e6, 1e6)], ["One", "Two"])
    change = Change(
        column="a", before=before, after=after, segment_before="One", segment_after="Two",
        size=1.0, beyond_training=False, sentence="",
    )  # fmt: skip
    answer = SyntheticModel(known).predict_many({"a": [before]}).row(0)
    shown = words(changes_card(known, answer, SmallestChanges(of_one=(change,), of_two=None)))
    assert f"A {reported} instead of" in shown


def test_two_values_are_tried_together(published: Segmenter) -> None:
    both = ChangeOfTwo(
        columns=("spending_score", "annual_income"),
        before=(80, 80),
        after=(40, 50),
        segment_before=published.predict(**COMPLETE).segment,
        segment_after=published.contract.segments[-1].name,
        size=2.0,
        sentence="",
    )
    markup = changes_card(
        published.contract, published.predict(**COMPLETE), SmallestChanges(of_one=(), of_two=both)
    )
    (apply,) = re.findall(r'data-apply="([^"]*)"', markup)
    assert json.loads(unescape(apply)) == {"spending_score": 40, "annual_income": 50}
    assert "Spending score 40 instead of 80 and Annual income 50 k$ instead of 80 k$" in words(markup)
    assert "This smallest change of two values does" in words(markup)
    assert 'aria-label="Try Spending score 40 and Annual income 50 k$"' in markup


def test_a_change_outside_the_training_data_says_that_there_is_none_within(published: Segmenter) -> None:
    beyond = replace(smallest_changes(published, COMPLETE).of_one[0], beyond_training=True)
    changes = SmallestChanges(of_one=(beyond,), of_two=None)
    reported = words(changes_card(published.contract, published.predict(**COMPLETE), changes))
    assert "No change of one or two values within the range of the training data" in reported
    assert "(outside the training data)" in reported
