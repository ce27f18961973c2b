"""Checks that the page shows the model's answer, in plain words and escaped."""

from __future__ import annotations

import logging
import re
from html import unescape
from inspect import signature
from typing import Any, cast

import pytest

from inference import Answers, InputError, Segmenter
from inference.validation import Checked
from inference.wording import listed
from service.customer_values import Customer
from service.languages.number_format import entered, percent
from service.languages.number_format import number as written
from service.page.draw.markup import Markup, element
from service.page.handlers import PageHandlers
from service.page.views.about_panel import about, hero
from service.page.views.answer_card import problem_text
from service.page.views.model_info import model_info
from service.page.views.ranking_card import ranking_card
from tests.shown_text import words
from tests.synthetic import SyntheticModel, category, contract, day, decision, number
from tests.web import predict_endpoint

COMPLETE: Customer = {"gender": "Female", "age": 30, "annual_income": 80, "spending_score": 80}
NASTY = '<img src=x onerror="1">'


@pytest.fixture
def desk(published: Segmenter) -> PageHandlers:
    return PageHandlers(published)


def test_an_element_escapes_text_and_keeps_markup() -> None:
    inner = element("b", "1 < 2")
    assert element("p", inner, ' "&', title='"<') == '<p title="&quot;&lt;"><b>1 &lt; 2</b> &quot;&amp;</p>'
    assert isinstance(inner, Markup)
    assert element("input", disabled=True, checked=False, max=None) == "<input disabled>"


def test_a_probability_never_promises_certainty() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.5, 0.984, 0.9999, 1.0)] == [
        "<1%", "<1%", "50%", "98%", ">99%", ">99%",
    ]  # fmt: skip


def test_numbers_are_rounded_for_reading_but_not_as_entered() -> None:
    assert [written(value) for value in (1234.5, 61.54, 0.00421, -3.0)] == ["1,234", "61.5", "0.00421", "-3"]
    assert [entered(value) for value in (1234.5, 10000.0)] == ["1,234.5", "10,000"]
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_a_complete_customer_gets_the_segment_its_action_and_a_complete_answer(
    desk: PageHandlers, published: Segmenter
) -> None:
    answer = published.predict(**COMPLETE)
    headline, summary, prediction, *_ = desk.show(dict(COMPLETE))
    assert answer.segment in headline
    assert percent(answer.probability) in unescape(headline)
    for shown in (summary, prediction):
        assert answer.segment in shown
        assert answer.action in words(shown)
        assert "Complete answer" in shown
        assert "Premium tier" in shown


def test_the_classifiers_prediction_is_next_to_a_complete_answer(desk: PageHandlers) -> None:
    *_, ranked, _ = desk.show(dict(COMPLETE))
    assert "The classifier alone" in words(ranked)
    assert ranked.count('class="bar thin"') == 5 + 1  # one a segment, and the legend


def test_segments_are_ranked_by_probability(published: Segmenter) -> None:
    answer = published.predict(age=30, annual_income=80)
    order = re.findall(
        r"</span>([^<]+)</span><span class=\"bars\">", ranking_card(published.contract, answer)
    )
    assert order == sorted(answer.probabilities, key=lambda name: -answer.probabilities[name])


def test_partial_information_is_named_with_what_is_missing(desk: PageHandlers) -> None:
    headline, summary, *_ = desk.show({**COMPLETE, "age": 60, "annual_income": 55, "spending_score": None})
    assert "Mid income, mid score" in headline
    assert "Partial answer Spending score is unknown" in words(summary)


def test_too_little_information_is_shown_instead_of_a_segment(desk: PageHandlers) -> None:
    headline, summary, prediction, *_ = desk.show({"age": 30})
    assert "Not enough information" in headline
    assert "Not enough information to name one segment" in words(summary)
    assert 'class="ranking"' in prediction
    assert 'class="card result"' not in summary + prediction


def test_without_known_values_the_segment_sizes_are_shown(desk: PageHandlers) -> None:
    headline, summary, prediction, *_ = desk.show({"gender": None, "age": None})
    assert "Enter a value" in headline
    assert "Nothing is known yet" in summary
    assert "Segment sizes" in prediction


def test_a_customer_unlike_training_is_marked(desk: PageHandlers) -> None:
    assert "Unlike the training customers" not in desk.show(dict(COMPLETE))[1]
    assert "Unlike the training customers" in desk.show({**COMPLETE, "annual_income": 5000})[1]


def test_a_refused_value_is_explained_with_the_label(desk: PageHandlers) -> None:
    headline, summary, prediction, *_ = desk.show({**COMPLETE, "annual_income": 20000})
    assert "Check a value" in headline
    for shown in (summary, prediction):
        assert "Annual income must be from 0 to 10000 k$, but it is 20000" in words(shown)
        assert 'role="alert"' in shown


@pytest.mark.parametrize("sent", [None, "", [], 3, {"age": [1, 2]}, {"age": {}}, {"no such": 1}])
def test_any_browser_input_is_answered_with_a_card(desk: PageHandlers, sent: Any) -> None:
    assert all("problem" in shown for shown in desk.show(sent)[:3])


class Broken(SyntheticModel):
    """Fails with the customer's values in the message."""

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        raise RuntimeError(f"cannot answer {checked.feeds}")


def test_an_internal_error_is_logged_without_the_customers_values(caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken(contract([number("a"), number("b")], ["One", "Two"]))
    with caplog.at_level(logging.ERROR):
        shown = PageHandlers(broken).show({"a": 12.3456})
    assert "went wrong on our side" in shown[1]
    assert "RuntimeError" in caplog.text
    assert "in answer" in caplog.text
    assert "12.3456" not in caplog.text + "".join(shown)


def test_a_problem_without_a_column_keeps_its_message(published: Segmenter) -> None:
    assert problem_text(published.contract, InputError("nothing fits")) == "nothing fits."


@pytest.mark.parametrize("names", [["One", "Two"], [f"S{place}" for place in range(10)], [NASTY, "B & C"]])
def test_any_contract_makes_a_whole_page(names: list[str]) -> None:
    columns = [number("a", label=NASTY), category("b", [NASTY, "y"]), number("c"), number("d", unit="<u>")]
    known = contract(columns, names, title=NASTY)
    desk = PageHandlers(SyntheticModel(known))
    pages = [
        *desk.show({"a": 1.0, "b": NASTY, "c": 3.0, "d": 4.0}),
        *desk.show({"a": 1.0}),
        *desk.show({}),
        model_info(known, "f" * 64),
        hero(known),
        about(known),
    ]
    assert not any("<img" in page or "<u>" in page for page in pages)
    assert "Value index" not in model_info(known, "f" * 64)
    assert "What the tiers mean" not in about(known)


def test_segments_that_are_not_natural_are_named_at_the_top() -> None:
    columns, names = [number("a")], ["One", "Two"]

    def shown(kind: str) -> str:
        return hero(contract(columns, names, choice=decision(kind)))

    assert "Reproducible segments. Customers form a continuum" in words(shown("reproducible"))
    assert "Constructive segments. Customers form no groups" in words(shown("constructive"))
    assert "of a newer kind." in words(shown("of a newer kind"))
    assert 'role="note"' in shown("constructive")
    assert 'role="note"' not in shown("natural")


def test_the_endpoint_is_named_and_documented_by_the_contract() -> None:
    columns = [number("class", unit="EUR"), category("b c", ["x", "y"]), number("api_name")]
    model = cast(Segmenter, SyntheticModel(contract(columns, ["One", "Two"])))
    described = predict_endpoint(model)
    answer = described.function(class_=90.0, b_c="x", api_name_=80.0)
    assert answer["segment"] == "Two"
    assert answer["model_version"] == "f" * 12
    labels = dict(zip(signature(described.function).parameters, described.labels, strict=True))
    assert labels["class_"].startswith(
        "Class (EUR), a number from 0 to 100; null if unknown. Clustering column"
    )
    assert labels["b_c"] == "B c, one of x, y; null if unknown."


def test_dates_are_shown_as_dates_everywhere() -> None:
    known = contract([day("joined"), number("a"), day("left", role="profile")], ["One", "Two"])
    desk = PageHandlers(SyntheticModel(known))
    shown = words(" ".join(desk.show({"joined": "2024-02-29", "a": 3.0, "left": "2021-01-01"})))
    assert "2024-02-29" in shown
    assert "2021-01-01" in shown
    reported = words(model_info(known, "f" * 64))
    assert "2020-01-01 to 2024-12-31" in reported
    for days in ("18,262", "20,088", "19,782", "19,175", "18262", "20088", "19782", "19175"):
        assert days not in shown + reported


def test_a_wrong_date_is_explained_with_dates() -> None:
    known = contract([day("joined"), number("a")], ["One", "Two"])
    _, summary, *_ = PageHandlers(SyntheticModel(known)).show({"joined": "2031-05-05", "a": 3.0})
    assert "Joined must be from 2020-01-01 to 2024-12-31, but it is '2031-05-05'" in words(summary)


def test_a_map_is_drawn_along_dates_and_at_dates() -> None:
    columns = [
        day("joined"),
        number("a"),
        day("left", "2020-01-01", "2020-01-09"),
        number("b", role="profile"),
    ]
    desk = PageHandlers(SyntheticModel(contract(columns, ["One", "Two", "Three"])))
    _, summary, *_ = desk.show({"joined": "2024-02-29", "a": 3.0, "left": "2020-01-03"})
    assert "Drawn for Left 2020-01-03" in words(summary) or "left 2020-01-03" in unescape(summary)
    unknown = desk.show({"a": 3.0, "b": 1.0})
    assert not any("problem" in shown for shown in unknown)


def test_the_endpoint_describes_dates_and_other_categories() -> None:
    columns = [day("joined"), category("kind", ["x", "rest"], other="rest"), day("left", range=None)]
    described = predict_endpoint(cast(Segmenter, SyntheticModel(contract(columns, ["One", "Two"]))))
    predict, reported = described.function, described.labels
    assert reported[0].startswith(
        "Joined, a date as text such as 2024-03-01 (ISO 8601) from 2020-01-01 to 2024-12-31; null"
    )
    assert reported[1].startswith("Kind, one of x, rest; any other text counts as rest; null")
    assert reported[2].startswith("Left, a date as text such as 2024-03-01 (ISO 8601); null")
    assert set(predict.__annotations__.values()) >= {str | None}
    assert predict(joined="2024-12-01", left="2024-01-01", kind="unheard of")["segment"] == "Two"
