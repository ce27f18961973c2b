"""The two texts around the tabs: the heading of the page and the panel about the project."""

from __future__ import annotations

from inference import Contract
from service.languages.language import ENGLISH, LANGUAGES, Language, current, listed, root
from service.languages.number_format import grouped
from service.page.draw.markup import Markup, element
from service.page.texts import frame_texts
from service.page.views.answer_card import kind_note, source_of


def hero(contract: Contract, *, own_data: bool = False) -> Markup:
    """The heading of the page.

    Args:
        own_data: whether a tab finds segments in a table of one's own; its button then leads there.
    """
    title = contract.title or contract.name
    text, tab = (
        (frame_texts.HERO_OWN_DATA, "#own-data") if own_data else (frame_texts.HERO_SEGMENTS, "#segments")
    )
    return element(
        "header",
        element("p", f"{frame_texts.PAGE_TITLE} · {title}", class_="eyebrow"),
        element("h1", frame_texts.HEADING),
        element("p", frame_texts.LEAD, class_="lead"),
        element("a", text, class_="action", href=tab),
        kind_note(contract),
        class_="hero",
    )


def about(contract: Contract, *, remembers: bool = False, in_languages: bool = False) -> Markup:
    """The panel about the project.

    Args:
        remembers: whether customers can be saved; in_languages: whether the page is there in every language.
    """
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
        rows=grouped(contract.data.rows if contract.data else 0),
        source=source_of(contract),
        kept=frame_texts.ABOUT_KEPT if remembers else frame_texts.ABOUT_NOTHING_KEPT,
    )
    parts += [
        element("h3", frame_texts.ABOUT_LIMITS_TITLE),
        element("p", limits),
        element("h3", frame_texts.ABOUT_API_TITLE),
        element(
            "p",
            f"{frame_texts.ABOUT_API} ",
            element("a", frame_texts.ABOUT_API_LINK, href=f"{root()}v1/docs"),
        ),
    ]
    return element("div", *([switch()] if in_languages else []), *parts, class_="about")


def switch() -> Markup:
    """A link to the page in each language, in that language."""
    links = [
        element("li", element("a", each.name, href=_address(each), hreflang=each.code, **_own(each)))
        for each in LANGUAGES.values()
    ]
    return element("nav", element("ul", *links), class_="languages", aria_label=frame_texts.LANGUAGES)


def _address(language: Language) -> str:
    """Of the page in a language, which its query makes the reader's choice."""
    folder = "" if language is ENGLISH else f"{language.code}/"
    return f"{root()}{folder}?lang={language.code}"


def _own(language: Language) -> dict[str, object]:
    here = "page" if language is current() else None
    return {"lang": language.code, "dir": language.direction, "aria_current": here}
