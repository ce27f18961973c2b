"""The card of an answered segment by three writers of HTML, from the same texts."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from html.parser import HTMLParser
from typing import Any

import htpy
from jinja2 import Environment

from benchmarks.speed.measuring import OURS
from service.languages.number_format import percent
from service.page.draw.markup import element
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts
from service.page.views.answer_card import segment_card
from service.page.views.cards import Area, rendered
from service.page.views.prediction_context import PredictionContext

HOSTILE = "</p><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;\"' onclick=\"alert(3)"
REASONS = "annual income 26 k$, spending score 20"

_ENVIRONMENT = Environment(autoescape=True)
_CARD = _ENVIRONMENT.from_string(
    '<section class="card result" style="{{ card.style }}"><div class="result-head">'
    '<div class="who" aria-live="polite"><h2>{{ card.name }}</h2><div class="tags">'
    '<span class="tag tier {{ card.tier }}">{{ card.tier_label }}</span></div></div>'
    '<div class="how-sure"><b>{{ card.share }}</b><span>{{ card.probability }}</span></div></div>'
    '<div class="meter" aria-hidden="true"><i style="width:{{ card.width }}"></i></div>'
    '{% for title, text in card.parts %}<p class="action"><b>{{ title }}: </b>{{ text }}</p>{% endfor %}'
    '<p class="route exact"><b>{{ card.route }}</b> {{ card.route_text }}</p></section>'
)
_TITLED = _ENVIRONMENT.from_string('<b title="{{ text }}">{{ text }}</b>')


@dataclass(frozen=True, kw_only=True)
class CardTexts:
    """What is on a card; ``parts`` are titles and texts."""

    style: str
    name: str
    tier: str
    tier_label: str
    share: str
    probability: str
    width: str
    parts: tuple[tuple[str, str], ...]
    route: str
    route_text: str


@dataclass(frozen=True, kw_only=True)
class CardWriter:
    """One writer: the card, and a text as content and attribute of one element."""

    name: str
    card: Callable[[CardTexts], str]
    titled: Callable[[str], str]


def card_texts(context: PredictionContext) -> CardTexts:
    """The texts of a complete answer's card."""
    segment = context.contract.segments[context.answer.segment_id]
    value = percent(segment.share * (segment.index or 0.0))
    because = answer_texts.ACTION_BECAUSE.format(figures=segment.because)
    size = answer_texts.SEGMENT_VALUE_TEXT.format(customers=percent(segment.share), value=value)
    return CardTexts(
        style=segment_style(segment.id),
        name=segment.name,
        tier=segment.tier,
        tier_label=answer_texts.TIERS[segment.tier],
        share=percent(context.answer.probability),
        probability=answer_texts.PROBABILITY,
        width=f"{context.answer.probability:.1%}",
        parts=(
            (answer_texts.ACTION, f"{segment.action} {because}"),
            (answer_texts.SEGMENT_VALUE, size),
            (answer_texts.BECAUSE_TITLE, f"{REASONS}."),
        ),
        route=answer_texts.ROUTE_EXACT,
        route_text=answer_texts.ROUTE_EXACT_TEXT,
    )


def page_card(context: PredictionContext) -> str:
    """The card as the page has it, which every writer must equal."""
    return segment_card(context.contract, context.answer, context.customer, because=REASONS)


def _by_element(card: CardTexts) -> str:
    tags = element("div", element("span", card.tier_label, class_=f"tag tier {card.tier}"), class_="tags")
    who = element("div", element("h2", card.name), tags, class_="who", aria_live="polite")
    sure = element("div", element("b", card.share), element("span", card.probability), class_="how-sure")
    return element(
        "section",
        element("div", who, sure, class_="result-head"),
        element("div", element("i", style=f"width:{card.width}"), class_="meter", aria_hidden="true"),
        *(element("p", element("b", f"{title}: "), text, class_="action") for title, text in card.parts),
        element("p", element("b", card.route), f" {card.route_text}", class_="route exact"),
        class_="card result",
        style=card.style,
    )


def _by_htpy(card: CardTexts) -> str:
    tags = htpy.div(".tags")[htpy.span(class_=f"tag tier {card.tier}")[card.tier_label]]
    made = htpy.section(".card.result", style=card.style)[
        htpy.div(".result-head")[
            htpy.div(".who", aria_live="polite")[htpy.h2[card.name], tags],
            htpy.div(".how-sure")[htpy.b[card.share], htpy.span[card.probability]],
        ],
        htpy.div(".meter", aria_hidden="true")[htpy.i(style=f"width:{card.width}")],
        (htpy.p(".action")[htpy.b[f"{title}: "], text] for title, text in card.parts),
        htpy.p(".route.exact")[htpy.b[card.route], f" {card.route_text}"],
    ]
    return str(made)


WRITERS = (
    CardWriter(name=OURS, card=_by_element, titled=lambda text: element("b", text, title=text)),
    CardWriter(name="htpy", card=_by_htpy, titled=lambda text: str(htpy.b(title=text)[text])),
    CardWriter(
        name="Jinja2",
        card=lambda card: _CARD.render(card=card),
        titled=lambda text: _TITLED.render(text=text),
    ),
)


class _Tree(HTMLParser):
    """The tags, attributes and texts of a piece of HTML, with entities resolved."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with its attributes in the order of their names."""
        self.tags.append((tag, tuple(sorted(attrs))))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data


def tree(html: str) -> _Tree:
    """What a browser would see."""
    found = _Tree()
    found.feed(str(html))  # htpy returns a string that would escape what is added to it
    found.close()
    return found


def elements(context: PredictionContext) -> dict[str, int]:
    """How many elements the card has, and all that the page shows of an answer."""
    return {
        "card": len(tree(page_card(context)).tags),
        "answer": sum(len(tree(rendered(context, area)).tags) for area in Area),
    }


def writer_report(writer: CardWriter, context: PredictionContext) -> dict[str, Any]:
    """Whether a writer makes the page's card, whether it escapes, and the bytes of the card."""
    card, wanted = writer.card(card_texts(context)), tree(page_card(context))
    made = tree(card)
    return {
        "same_as_the_page": (made.tags, made.text) == (wanted.tags, wanted.text),
        "escapes_hostile_text": escapes(writer, card_texts(context)),
        "bytes": len(card.encode()),
        "packed_bytes": len(gzip.compress(card.encode(), 9)),
    }


def escapes(writer: CardWriter, card: CardTexts) -> bool:
    """Whether hostile text in every place stays text: the same elements, and the text as it was written."""
    words = {each.name: HOSTILE for each in fields(card) if each.name != "parts"}
    hostile = replace(card, **words, parts=tuple((HOSTILE, HOSTILE) for _ in card.parts))
    made, plain = tree(writer.card(hostile)), tree(writer.card(card))
    titled = tree(writer.titled(HOSTILE))
    return (
        [tag for tag, _ in made.tags] == [tag for tag, _ in plain.tags]
        and made.text.count(HOSTILE) == len(words) - len({"style", "tier", "width"}) + 2 * len(card.parts)
        and (titled.tags, titled.text) == ([("b", (("title", HOSTILE),))], HOSTILE)
    )
