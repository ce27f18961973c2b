"""HTML in which text is escaped by construction: only what ``element`` made passes as markup."""

from __future__ import annotations

from html import escape

UNITS = 1000  # width and height of a drawing, whatever its size on the page
_VOID = frozenset({"br", "hr", "input", "meta"})


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
