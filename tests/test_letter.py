"""Checks the letter to a customer: true dates, the rule that was applied, what counted for an estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from customers.letter import as_html, as_text
from customers.records import Change, Customer
from inference import Segmenter

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
RICH = {"age": 31, "gender": "Female", "annual_income": 90.0, "spending_score": 90.0}


def remembered(segmenter: Segmenter, inputs: dict[str, Any], **more: Any) -> Customer:
    """A customer as the model answers for them."""
    answer = segmenter.predict(**inputs)
    found = Customer(
        id="7",
        inputs=inputs,
        segment_id=answer.segment_id,
        segment=answer.segment,
        probability=answer.probability,
        route=answer.route,
        model=segmenter.fingerprint,
        answered_at=JUNE,
    )
    return replace(found, **more)


def first(customer: Customer) -> list[Change]:
    """The history of a customer who came in May."""
    return [
        Change(
            sequence=1,
            id=customer.id,
            source=None,
            target=customer.segment,
            at=MAY,
            model=customer.model,
            cause="first",
        )
    ]


def test_since_when_and_when_it_was_last_computed(segmenter: Segmenter) -> None:
    customer = remembered(segmenter, RICH)
    text = as_text(segmenter, customer, first(customer))
    assert f"Since 2026-05-01 you are counted among: {customer.segment}." in text
    assert "last computed on 2026-06-01" in text


def test_every_value_and_every_group_is_in_it(segmenter: Segmenter) -> None:
    customer = remembered(segmenter, RICH)
    text = as_text(segmenter, customer, first(customer))
    for column in segmenter.contract.columns:
        assert f"- {column.label}" in text
    assert "- Spending score (1-100): 90\n" in text
    assert "Spending score 90 1-100" not in text
    for segment in segmenter.contract.segments:
        assert f"- {segment.name}: on average " in text
    assert "The rule has changed" not in text


@pytest.mark.parametrize(
    "unknown", [["annual_income"], ["spending_score"], ["annual_income", "spending_score"]]
)
def test_an_estimate_says_what_counted(segmenter: Segmenter, unknown: list[str]) -> None:
    customer = remembered(segmenter, {name: value for name, value in RICH.items() if name not in unknown})
    text = as_text(segmenter, customer, first(customer))
    assert "not known of you. A statistical model" in text
    assert "in 100 more likely" in text
    assert "100% likely" not in text


def test_nothing_known_is_said(segmenter: Segmenter) -> None:
    customer = remembered(segmenter, {})
    assert "Nothing is known of you" in as_text(segmenter, customer, first(customer))


def test_an_answer_of_an_earlier_model_is_not_explained_by_this_one(segmenter: Segmenter) -> None:
    other = segmenter.contract.segments[-1].name
    present = remembered(segmenter, RICH)
    assert present.segment != other
    customer = replace(present, model="0" * 64, segment=other, segment_id=0)
    text = as_text(segmenter, customer, first(customer))
    assert f"you are counted among: {other}." in text
    assert "The rule has changed since then." in text
    assert (
        f"By the present rule, which is described below, you would be counted among: {present.segment}."
        in text
    )


def test_values_that_the_present_model_refuses_are_no_fault(segmenter: Segmenter) -> None:
    customer = replace(
        remembered(segmenter, RICH), model="0" * 64, inputs={**RICH, "gender": "Other", "shoe": 43}
    )
    text = as_text(segmenter, customer, first(customer))
    assert "must be entered again" in text


def test_nothing_in_it_is_run_as_markup(segmenter: Segmenter) -> None:
    customer = replace(
        remembered(segmenter, RICH), id='<img src=x onerror="a">', model="0" * 64, segment="<b>"
    )
    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            del attributes
            found.append(tag)

    Tags().feed(as_html(segmenter, customer, first(customer)))
    assert set(found) <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "ul", "li"}
