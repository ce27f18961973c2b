"""From a customer to what the page shows: the handlers of the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from inference import InputError
from service.api.http.request_log import log_quietly
from service.customer_values import Customer
from service.page.draw.decision_map import MapCache
from service.page.draw.decision_map import Model as GridModel
from service.page.draw.markup import Markup, in_english
from service.page.texts import answer_texts
from service.page.views import cards as registry
from service.page.views.answer_card import (
    headline,
    message,
    outdated_card,
    problem_text,
    short_message,
    stack,
)
from service.page.views.cards import CARDS, Area, Card
from service.page.views.prediction_context import PredictionContext, predict_context


class Model(GridModel, Protocol):
    """What the page asks; ``inference.Segmenter`` is one."""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the model file."""

    @property
    def sealed(self) -> bool:
        """Whether the model file has a seal, which was compared."""


class PageHandlers:
    """Shows customers to one model; its methods are the page's handlers."""

    def __init__(self, model: Model, cards: Sequence[Card] = CARDS) -> None:
        self._model = model
        self._maps = MapCache(model)
        self._cards = cards

    def show_on(self, built_for: str, customer: Customer, *axes: str) -> tuple[str, ...]:
        """The same for a page that was built for a model, by its fingerprint; only that model is shown on it.

        A page that was opened before another model took over asks its reader to load it again, so that no
        page mixes two models.
        """
        if built_for == self._model.fingerprint:
            return self.show(customer, *axes)
        values: object = customer  # a browser may send anything
        card = outdated_card(values if isinstance(values, dict) else {})
        return _parts_without_answer(short_message(answer_texts.OUTDATED_SHORT, "empty"), card)

    def show(self, customer: Customer, *axes: str) -> tuple[str, ...]:
        """The headline, the summary next to the form, and the cards of each ``Area`` in order.

        Never raises, whatever the browser sends.

        Args:
            customer: column name -> value.
            axes: the clustering columns to draw the map along, across and upward; else the leading ones.
        """
        try:
            context = predict_context(self._model, self._maps, customer, axes)
            return tuple(str(each) for each in self._parts(context))
        except InputError as error:
            return _problem(answer_texts.PROBLEM_TITLE, in_english(problem_text(self._model.contract, error)))
        except Exception as error:  # a fault of ours must not leave the page without an answer
            log_quietly(error)
            return _problem(answer_texts.FAILED_TITLE, answer_texts.FAILED)

    def _parts(self, context: PredictionContext) -> list[Markup]:
        areas = [registry.rendered(context, area, self._cards) for area in Area]
        return [_headline(context), _summary(context), *areas]


def _headline(context: PredictionContext) -> Markup:
    """The answer in one line."""
    if context.segment is not None:
        return headline(context.segment, context.answer)
    text = answer_texts.EMPTY_SHORT if context.informed is None else answer_texts.UNSURE_SHORT
    return short_message(text, "empty")


def _summary(context: PredictionContext) -> Markup:
    """What is next to the form: the answer and the map; without a segment also the ranking."""
    between = [registry.ranking(context)] if context.segment is None else []
    return stack(registry.answer(context), registry.question(context), *between, registry.region_map(context))


def _problem(title: str, text: str) -> tuple[str, ...]:
    """The same parts where there is no answer."""
    return _parts_without_answer(
        short_message(answer_texts.PROBLEM_SHORT, "problem"), message(title, text, "problem")
    )


def _parts_without_answer(line: Markup, card: Markup) -> tuple[str, ...]:
    stacked = stack(card)
    areas = [stacked if area is Area.MAIN else Markup("") for area in Area]
    return tuple(str(each) for each in (line, stacked, *areas))
