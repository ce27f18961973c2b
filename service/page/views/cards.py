"""The cards of the Prediction tab, in one table: a new card is a module of its own and one row here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from service.page.draw.markup import Markup, element
from service.page.texts import answer_texts, decision_map_texts
from service.page.views.answer_card import message, segment_card, stack, unsure_card
from service.page.views.changes_card import changes_card
from service.page.views.comparison_card import comparison_card
from service.page.views.explanation_card import explanation_card, main_reasons
from service.page.views.map_figure import map_figure
from service.page.views.prediction_context import PredictionContext
from service.page.views.question_card import question_card
from service.page.views.ranking_card import ranking_card


class Area(Enum):
    """Where a card is on the tab; cards in one area are below each other."""

    MAIN = "left"
    MAP = "right, at the top"
    SIDE = "right, below the map"
    BELOW = "left, at the end"


def _always(_: PredictionContext) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card.

    Attributes:
        name: unique.
        area: where it is.
        render: makes its markup.
        shown: whether it is shown; ``render`` is called only then.
    """

    name: str
    area: Area
    render: Callable[[PredictionContext], Markup]
    shown: Callable[[PredictionContext], bool] = _always


def answer(context: PredictionContext) -> Markup:
    """The segment, or why none is named."""
    if context.informed is None:
        return message(answer_texts.EMPTY_TITLE, answer_texts.EMPTY_TEXT, "empty")
    if context.segment is None:
        return unsure_card(context.contract, context.answer, context.customer)
    because = main_reasons(context.contract, context.explanation) if context.explanation else ""
    return segment_card(context.contract, context.answer, context.customer, because=because)


def ranking(context: PredictionContext) -> Markup:
    """All segments with their probabilities."""
    return ranking_card(context.contract, context.informed)


def question(context: PredictionContext) -> Markup:
    """What to ask for next; empty where the segment is decided."""
    return question_card(context.questions)


def region_map(context: PredictionContext) -> Markup:
    """The map with the customer; empty where there is nothing to draw along."""
    if context.region_map is None:
        return Markup("")
    figure = map_figure(context.contract, context.region_map, context.customer, context.informed)
    return element("section", element("h2", decision_map_texts.MAP_TITLE), figure, class_="card")


def _explanation(context: PredictionContext) -> Markup:
    return explanation_card(context.contract, context.explanation) if context.explanation else Markup("")


def _comparison(context: PredictionContext) -> Markup:
    segment = context.segment
    return comparison_card(context.contract, segment, context.customer) if segment else Markup("")


CARDS: tuple[Card, ...] = (
    Card(name="answer", area=Area.MAIN, render=answer),
    Card(name="ranking-first", area=Area.MAIN, render=ranking, shown=lambda each: each.segment is None),
    Card(name="question", area=Area.MAIN, render=question, shown=lambda each: each.questions is not None),
    Card(
        name="explanation",
        area=Area.MAIN,
        render=_explanation,
        shown=lambda each: each.explanation is not None,
    ),
    Card(
        name="changes",
        area=Area.MAIN,
        render=lambda each: changes_card(each.contract, each.answer, each.changes),
        shown=lambda each: each.informed is not None,
    ),
    Card(name="map", area=Area.MAP, render=region_map, shown=lambda each: each.region_map is not None),
    Card(name="ranking", area=Area.SIDE, render=ranking, shown=lambda each: each.segment is not None),
    Card(name="comparison", area=Area.BELOW, render=_comparison, shown=lambda each: each.segment is not None),
)


def rendered(context: PredictionContext, area: Area, cards: Sequence[Card] = CARDS) -> Markup:
    """The cards of one area, below each other; empty when none is shown."""
    shown = [each.render(context) for each in cards if each.area is area and each.shown(context)]
    return stack(*shown) if shown else Markup("")
