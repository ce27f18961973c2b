"""All segments ranked by probability, as bars."""

from __future__ import annotations

from collections.abc import Mapping

from inference import Answer, Contract, Segment
from service.languages.number_format import percent
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts


def ranking_card(contract: Contract, answer: Answer | None) -> Markup:
    """All segments with bars, the most likely first; their sizes when nothing is known."""
    if answer is None:
        chances = {segment.name: segment.share for segment in contract.segments}
        opinions: Mapping[str, float] | None = None
    else:
        chances = answer.probabilities
        opinions = answer.classifier_probabilities if answer.complete else None
    order = sorted(contract.segments, key=lambda segment: (-chances[segment.name], segment.id))
    rows = [_bar_row(segment, chances[segment.name], opinions) for segment in order]
    title = answer_texts.RANKING_TITLE_EMPTY if answer is None else answer_texts.RANKING_TITLE
    return element(
        "section",
        element("h2", title),
        _legend() if opinions else Markup(""),
        element("ol", *rows, class_="ranking"),
        _opinion(answer),
        class_="card",
    )


def _bar_row(segment: Segment, chance: float, opinions: Mapping[str, float] | None) -> Markup:
    bars = [_bar("bar", chance)]
    if opinions is not None:
        bars.append(_bar("bar thin", opinions[segment.name]))
    return element(
        "li",
        element("span", element("span", class_="swatch", aria_hidden="true"), segment.name, class_="name"),
        element("span", *bars, class_="bars"),
        class_="row",
        style=segment_style(segment.id),
    )


def _bar(kind: str, chance: float) -> Markup:
    track = element("span", element("i", style=f"width:{chance:.1%}"), class_="track")
    return element("span", track, element("span", percent(chance), class_="figure"), class_=kind)


def _legend() -> Markup:
    entries = [
        element("span", element("i", class_=kind), text)
        for kind, text in (("bar", answer_texts.LEGEND_ANSWER), ("bar thin", answer_texts.LEGEND_OPINION))
    ]
    return element("div", *entries, class_="key", aria_hidden="true")


def _opinion(answer: Answer | None) -> Markup:
    """What the classifier would predict where the nearest centre answers."""
    if answer is None or not answer.complete or not answer.classifier_probabilities:
        return Markup("")
    opinions = answer.classifier_probabilities
    favourite = max(opinions, key=lambda name: opinions[name])
    template = answer_texts.OPINION_AGREES if favourite == answer.segment else answer_texts.OPINION_DIFFERS
    text = template.format(segment=favourite, percent=percent(opinions[favourite]))
    return element("p", element("b", answer_texts.OPINION_TITLE), f" {text}", class_="note")
