"""From a customer to what the page shows: the handlers behind the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol, cast

from inference import (
    Answer,
    Contract,
    Explanation,
    InputError,
    Segmenter,
    explain,
    nearest_changes,
)
from inference.answers import PRIOR_ROUTE
from inference.validation import check_row
from service.customer_values import Customer
from service.page import texts
from service.page.draw.decision_map import Atlas, RegionMap
from service.page.draw.decision_map import Model as GridModel
from service.page.draw.markup import Markup, element
from service.page.views.answer_card import (
    headline,
    message,
    problem_text,
    short_message,
    stack,
    unsure,
    verdict,
)
from service.page.views.change_cards import turns
from service.page.views.explanation_card import main_reasons, reasons
from service.page.views.map_view import map_view
from service.page.views.ranking import comparison, ranking
from service.request_log import log_quietly

SAMPLES = 64  # orders of arrival where there are too many columns for exact reasons; the page answers at once


class Model(GridModel, Protocol):
    """What the page asks; ``inference.Segmenter`` is one."""

    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class View:
    """What the page shows about one customer, as HTML.

    Attributes:
        headline: the answer in one line; summary: what stands beside the form.
        answer: the segment, why, and what would change it; place: the map; ranked: all segments;
            compared: the customer beside the segment.
    """

    headline: Markup
    summary: Markup
    answer: Markup
    place: Markup
    ranked: Markup
    compared: Markup

    def parts(self) -> tuple[str, ...]:
        """Its parts, in the order above, as plain strings."""
        return tuple(str(getattr(self, each.name)) for each in fields(self))


def ask(model: Model, values: Mapping[str, object]) -> Answer:
    """Answer about one customer, the classifier's opinion included.

    Raises:
        InputError: for an unknown column or a value that is refused.
    """
    return model.answer(check_row(model.contract, values), opinion=True).row(0)


class Desk:
    """Shows customers to one model; its methods are the page's handlers."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._contract: Contract = model.contract
        self._atlas = Atlas(model)

    def show(self, customer: Customer, *axes: str) -> tuple[str, ...]:
        """The parts of the view; never raises, whatever the browser sends.

        Args:
            customer: column name -> value.
            axes: the deciding numbers to draw the map along, across and upward; else the leading ones.
        """
        try:
            return self.view(customer, axes).parts()
        except InputError as error:
            return _problem(texts.PROBLEM_TITLE, problem_text(self._contract, error)).parts()
        except Exception as error:  # a fault of ours must not leave the page without an answer
            log_quietly(error)
            return _problem(texts.FAILED_TITLE, texts.FAILED).parts()

    def view(self, customer: Customer, axes: Sequence[str] = ()) -> View:
        """What there is to show.

        Raises:
            InputError: when a value or an axis is refused, or no customer was sent.
        """
        if not isinstance(customer, dict):
            raise InputError("a customer must be an object of column names and values")
        answer = ask(self._model, customer)
        known = None if answer.route == PRIOR_ROUTE else answer
        picture = _framed(self._contract, self._atlas.map_for(customer, axes), customer, known)
        ranked = ranking(self._contract, known)
        if known is None:
            card = message(texts.EMPTY_TITLE, texts.EMPTY_TEXT, "empty")
            line = short_message(texts.EMPTY_SHORT, "empty")
            return _without_segment(line, card, ranked, picture)
        why, changed = self._reasons(customer, answer)
        if not answer.enough:
            card = unsure(self._contract, answer, customer)
            line = short_message(texts.UNSURE_SHORT, "empty")
            return _without_segment(line, card, ranked, picture, reasons(self._contract, why), changed)
        segment = self._contract.segments[answer.segment_id]
        card = verdict(self._contract, answer, customer, because=main_reasons(self._contract, why))
        return View(
            headline=headline(segment, answer),
            summary=stack(card, picture),
            answer=stack(card, reasons(self._contract, why), changed),
            place=picture,
            ranked=ranked,
            compared=comparison(self._contract, segment, customer),
        )

    def _reasons(self, customer: Customer, answer: Answer) -> tuple[Explanation, Markup]:
        """Why the model answers so, and what would change it."""
        model = cast(Segmenter, self._model)  # of which both ask for the contract and for answers only
        changed = turns(self._contract, answer, nearest_changes(model, customer))
        return explain(model, customer, samples=SAMPLES), changed


def _without_segment(line: Markup, card: Markup, ranked: Markup, picture: Markup, *more: Markup) -> View:
    """What is shown when no one segment can be named: the ranking takes its place."""
    return View(
        headline=line,
        summary=stack(card, ranked, picture),
        answer=stack(card, ranked, *more),
        place=picture,
        ranked=Markup(""),
        compared=Markup(""),
    )


def _framed(contract: Contract, drawn: RegionMap | None, customer: Customer, answer: Answer | None) -> Markup:
    if drawn is None:
        return Markup("")
    picture = map_view(contract, drawn, customer, answer)
    return element("section", element("h2", texts.MAP_TITLE), picture, class_="card")


def _problem(title: str, text: str) -> View:
    card = message(title, text, "problem")
    line, nothing = short_message(texts.PROBLEM_SHORT, "problem"), Markup("")
    return View(
        headline=line,
        summary=stack(card),
        answer=stack(card),
        place=nothing,
        ranked=nothing,
        compared=nothing,
    )
