"""HTML in which text is escaped by construction: only what ``element`` made passes as markup."""

from __future__ import annotations

import re
from html import escape

from service.languages.language import ENGLISH, current

UNITS = 1000  # width and height of a drawing, whatever its size on the page
_NAMED = re.compile(r"\{(\w+)\}")
_VOID = frozenset({"br", "hr", "input", "link", "meta"})


class Markup(str):
    """Finished HTML; every other string is text and is escaped where it enters an element."""

    __slots__ = ()


def element(tag: str, /, *children: str, **attributes: object) -> Markup:
    """Make one element of text and finished markup.

    Args:
        tag: its name.
        children: a ``Markup`` goes in as it is, any other string as escaped text.
        attributes: an underscore at the end is dropped, others become hyphens; ``None`` and ``False``
            leave the attribute out, ``True`` writes its name alone.

    Example:
        >>> element("p", "5 < 6", class_="note")
        '<p class="note">5 &lt; 6</p>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: str) -> Markup:
    """Put text and markup side by side."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def in_english(text: str) -> str:
    """What is English on every page, such as a sentence of the model file, marked where the page is not."""
    return text if current() is ENGLISH or not text else element("span", text, lang="en", dir="ltr")


def filled(template: str, **parts: str) -> Markup:
    """A text whose placeholders are replaced by text or markup.

    Example:
        >>> filled("Because: {figures}.", figures=element("b", "5 < 6"))
        'Because: <b>5 &lt; 6</b>.'
    """
    pieces = enumerate(_NAMED.split(template))  # text and names in turn
    return join(*(parts[piece] if at % 2 else piece for at, piece in pieces))


def drawing(*shapes: Markup, class_: str | None = None) -> Markup:
    """An SVG that fills its box, ``UNITS`` wide and high; screen readers get its content elsewhere."""
    view = f"0 0 {UNITS} {UNITS}"
    return element(
        "svg", *shapes, class_=class_, viewBox=view, preserveAspectRatio="none", aria_hidden="true"
    )


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
