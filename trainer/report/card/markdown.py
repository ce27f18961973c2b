"""The Markdown elements of the card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_HTML = re.compile(r"<(?=[\w/!?])")
_OTHER_LINK = re.compile(r"\](\(|\[|:)(?!figures/\w+\.svg\))")


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, separated by blank lines."""
    return "\n\n".join(part for part in parts if part)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a ``|`` in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def sentences(parts: Iterable[str]) -> list[str]:
    """Each part with a capital and a full stop."""
    return [f"{part[0].upper()}{part[1:].removesuffix('.')}." for part in parts]


def without_markup(card: str) -> str:
    r"""A card in which nothing but its own figures is a link or a picture, and nothing is HTML.

    Headers, categories and names are whatever somebody wrote into a table or a settings file. The card's own
    words have neither HTML nor other links, so all that looks like them is shown as it is written.

    >>> without_markup("<b>x</b> [y](javascript:z) ![Sizes](figures/sizes.svg)")
    '&lt;b>x&lt;/b> [y]\\(javascript:z) ![Sizes](figures/sizes.svg)'
    """
    lines, in_code = [], False
    for line in card.split("\n"):
        in_code ^= line.startswith("```")
        plain = _OTHER_LINK.sub(lambda found: f"]\\{found[1]}", _HTML.sub("&lt;", line))
        lines.append(line if in_code else plain)
    return "\n".join(lines)


def picture(name: str, words: str) -> str:
    """A figure in the folder of the card."""
    return f"![{words}](figures/{name}.svg)"


def with_error(value: float, error: float | None, *, digits: int = 3) -> str:
    """``0.958 ± 0.014``, or the value alone where it has no error."""
    return f"{value:.{digits}f}" if error is None else f"{value:.{digits}f} ± {error:.{digits}f}"
