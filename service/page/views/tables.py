"""Tables that scroll inside their card, so that the page never scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence

from service.page.draw.markup import Markup, element


def table(
    label: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    marked: frozenset[int] = frozenset(),
    shaded: frozenset[int] = frozenset(),
    below: Sequence[Markup] = (),
) -> Markup:
    """A table with one heading row; the first cell of each row is its heading.

    Args:
        label: what the table is, for those who hear it.
        head: headings, as text or markup.
        rows: cells, as text or markup.
        marked: positions of rows to shade, with the lines under them; shaded: positions of columns to shade.
        below: for each row, a line under it over the whole width; or empty.
    """
    titles = element(
        "tr",
        *(element("th", title, scope="col", class_=_shade(at, shaded)) for at, title in enumerate(head)),
    )
    lines = []
    for index, row in enumerate(rows):
        lines.append(_line(row, marked=index in marked, shaded=shaded))
        if below:
            kind = "below marked" if index in marked else "below"
            lines.append(element("tr", element("td", below[index], colspan=len(head)), class_=kind))
    inner = element("table", element("thead", titles), element("tbody", *lines))
    return element("div", inner, class_="scroll", role="region", aria_label=label, tabindex="0")


def two_lines(main: str, below: str) -> Markup:
    """A cell with a smaller second line."""
    return element("span", main, element("small", below), class_="two-lines")


def definitions(entries: Sequence[tuple[str, str]]) -> Markup:
    """Pairs of a term and what it is."""
    rows = [element("div", element("dt", term), element("dd", text)) for term, text in entries]
    return element("dl", *rows, class_="definitions")


def _line(cells: Sequence[str], *, marked: bool, shaded: frozenset[int]) -> Markup:
    first, *others = cells
    parts = [
        element("th", first, scope="row"),
        *(element("td", cell, class_=_shade(at, shaded)) for at, cell in enumerate(others, start=1)),
    ]
    return element("tr", *parts, class_="marked" if marked else None)


def _shade(column: int, shaded: frozenset[int]) -> str | None:
    return "shaded" if column in shaded else None
