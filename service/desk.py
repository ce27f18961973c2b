"""From a customer to what the page shows: the handlers behind the form."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from inference import Answer, Answers, Contract, InputError
from inference.answers import PRIOR_ROUTE
from inference.validation import Checked, check_row
from service import texts
from service.atlas import Atlas, RegionMap
from service.atlas import Model as GridModel
from service.bars import comparison, ranking
from service.cards import columns, headline, message, problem_text, short_message, stack, unsure, verdict
from service.customers import Customer
from service.map_view import map_view
from service.markup import Markup, element

_log = logging.getLogger(__name__)


class Model(GridModel, Protocol):
    """What the page asks; ``inference.Segmenter`` is one."""

    fingerprint: str

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer about rows that have passed the door of ``inference``."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What the page shows about one customer, as HTML: a line, the summary, and the prediction in full."""

    headline: Markup
    summary: Markup
    prediction: Markup


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

    def show(self, customer: Customer) -> tuple[str, str, str]:
        """The headline, the summary and the prediction; never raises, whatever the browser sends."""
        try:
            view = self.view(customer)
        except InputError as error:
            view = _problem(texts.PROBLEM_TITLE, problem_text(self._contract, error))
        except Exception as error:  # a fault of ours must not leave the page without an answer
            log_quietly(error)
            view = _problem(texts.FAILED_TITLE, texts.FAILED)
        return str(view.headline), str(view.summary), str(view.prediction)

    def view(self, customer: Customer) -> View:
        """What there is to show.

        Raises:
            InputError: when a value is refused, or no customer was sent.
        """
        if not isinstance(customer, dict):
            raise InputError("a customer must be an object of column names and values")
        answer = ask(self._model, customer)
        drawn = self._atlas.map_for(customer)
        known = None if answer.route == PRIOR_ROUTE else answer
        picture = _framed(self._contract, drawn, customer, known)
        if known is None:
            return self._without_segment(
                message(texts.EMPTY_TITLE, texts.EMPTY_TEXT, "empty"), None, picture, texts.EMPTY_SHORT
            )
        if not answer.enough:
            return self._without_segment(
                unsure(self._contract, answer, customer), answer, picture, texts.UNSURE_SHORT
            )
        segment = self._contract.segments[answer.segment_id]
        card = verdict(self._contract, segment, answer, customer)
        left = stack(card, ranking(self._contract, answer))
        right = stack(picture, comparison(self._contract, segment, customer))
        return View(
            headline=headline(segment, answer), summary=stack(card, picture), prediction=columns(left, right)
        )

    def _without_segment(self, card: Markup, answer: Answer | None, picture: Markup, short: str) -> View:
        """What is shown when no one segment can be named: the ranking takes its place."""
        ranked = ranking(self._contract, answer)
        return View(
            headline=short_message(short, "empty"),
            summary=stack(card, ranked, picture),
            prediction=columns(stack(card, ranked), stack(picture)),
        )


def log_quietly(error: Exception) -> None:
    """Log where an error came from, but not its message, which may hold the customer's values."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s while answering\n%s", type(error).__name__, where)


def _framed(contract: Contract, drawn: RegionMap | None, customer: Customer, answer: Answer | None) -> Markup:
    if drawn is None:
        return Markup("")
    picture = map_view(contract, drawn, customer, answer)
    return element("section", element("h2", texts.MAP_TITLE), picture, class_="card")


def _problem(title: str, text: str) -> View:
    card = message(title, text, "problem")
    return View(
        headline=short_message(texts.PROBLEM_SHORT, "problem"), summary=stack(card), prediction=stack(card)
    )
