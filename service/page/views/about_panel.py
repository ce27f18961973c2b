"""The two texts around the tabs: the heading of the page and the panel about the project."""

from __future__ import annotations

from inference import Contract
from inference.wording import listed
from service.page.draw.markup import Markup, element
from service.page.texts import frame_texts
from service.page.views.answer_card import kind_note, source_of


def hero(contract: Contract) -> Markup:
    """The heading of the page."""
    title = contract.title or contract.name
    return element(
        "header",
        element("p", f"{frame_texts.PAGE_TITLE} · {title}", class_="eyebrow"),
        element("h1", frame_texts.HEADING),
        element("p", frame_texts.LEAD, class_="lead"),
        kind_note(contract),
        class_="hero",
    )


def about(contract: Contract, *, remembers: bool = False) -> Markup:
    """The panel about the project; ``remembers``: whether customers can be saved."""
    clustering = listed([column.label.lower() for column in contract.columns if column.role == "clustering"])
    steps = [element("li", text.format(clustering=clustering)) for text in frame_texts.ABOUT_HOW]
    parts = [
        element("h2", frame_texts.ABOUT_TITLE),
        element("p", frame_texts.ABOUT_LEAD),
        element("h3", frame_texts.ABOUT_HOW_TITLE),
        element("ol", *steps),
    ]
    if any(segment.tier for segment in contract.segments):
        parts += [element("h3", frame_texts.ABOUT_READ_TITLE), element("p", frame_texts.ABOUT_TIERS)]
    limits = frame_texts.ABOUT_LIMITS.format(
        rows=f"{contract.data.rows if contract.data else 0:,}",
        source=source_of(contract),
        kept=frame_texts.ABOUT_KEPT if remembers else frame_texts.ABOUT_NOTHING_KEPT,
    )
    parts += [
        element("h3", frame_texts.ABOUT_LIMITS_TITLE),
        element("p", limits),
        element("h3", frame_texts.ABOUT_API_TITLE),
        element("p", f"{frame_texts.ABOUT_API} ", element("a", frame_texts.ABOUT_API_LINK, href="v1/docs")),
    ]
    return element("div", *parts, class_="about")
