"""Checks that a link returns the customer it was made from, and no invalid value."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from inference import Segmenter
from service.customer_values import linked_customer, typical_customer


def test_a_link_returns_the_customer_it_was_made_from(published: Segmenter) -> None:
    for segment in published.contract.segments:
        customer = typical_customer(published.contract, segment)
        query = dict(parse_qsl(urlencode(customer)))
        assert linked_customer(published.contract, query) == customer


def test_a_link_without_a_column_has_no_customer(published: Segmenter) -> None:
    assert linked_customer(published.contract, {"__theme": "dark", "utm_source": "x"}) is None


def test_values_that_a_link_omits_are_unknown(published: Segmenter) -> None:
    assert linked_customer(published.contract, {"age": "31"}) == {
        "gender": None, "age": 31, "annual_income": None, "spending_score": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1e999"])
def test_an_invalid_number_is_unknown(published: Segmenter, text: str) -> None:
    customer = linked_customer(published.contract, {"age": text})
    assert customer is not None
    assert customer["age"] is None


@pytest.mark.parametrize(("text", "value"), [("female", "Female"), (" MALE ", "Male"), ("robot", None)])
def test_a_category_is_known_by_any_of_its_spellings(
    published: Segmenter, text: str, value: str | None
) -> None:
    customer = linked_customer(published.contract, {"gender": text})
    assert customer is not None
    assert customer["gender"] == value


@pytest.mark.parametrize(("text", "kind"), [("31.0", int), ("1e30", float), ("-1e300", float)])
def test_a_number_too_large_for_json_stays_a_float(published: Segmenter, text: str, kind: type) -> None:
    customer = linked_customer(published.contract, {"age": text})
    assert customer is not None
    assert type(customer["age"]) is kind
