"""The card of the tab Segments that shows who came into each segment and who left it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import gradio as gr
import numpy as np

from inference import Contract
from inference.drift.movement import Counts, Judgement, Movement
from service.languages.language import apart
from service.languages.number_format import by_count, decimals, grouped
from service.page.draw.markup import Markup, element, join
from service.page.draw.palette import segment_style
from service.page.segments.segment_export import cell
from service.page.texts import customers_texts as texts
from service.page.views.tables import table
from service.remember.remembered import Remembered
from service.remember.spoken import AT_ONCE, ShownNames, head, html, said, shown

WINDOWS = (7, 30, 90, 365)  # days
USUAL = 30


def segment_movement(tab: gr.Tab, remembered: Remembered, names: ShownNames) -> None:
    """Add the card; it is drawn when the tab is opened, and when another time is chosen."""
    choices = [(by_count(each, texts.MOVED_DAYS), each) for each in WINDOWS]
    with gr.Column(elem_id="segment-movement", elem_classes="card"):
        html(head(texts.MOVED_TITLE, texts.MOVED_LEAD))
        days = gr.Radio(choices, value=USUAL, label=texts.MOVED_WINDOW, elem_id="moved-days")
        moved = html("", elem_id="moved")

    def drawn(days: int) -> str:
        return shown(lambda: drawn_movement(remembered, names, days))

    gr.on([tab.select, days.input], drawn, days, moved, **AT_ONCE)


def drawn_movement(remembered: Remembered, names: ShownNames, days: int) -> Markup:
    """The movement of the last days, until now."""
    last = datetime.now(UTC)
    window = timedelta(days=days if days in WINDOWS else USUAL)  # a browser may send anything
    found, judgement = remembered.movement(last - window, last)
    return movement_view(remembered.segmenter.contract, names.on(found), judgement)


def movement_view(contract: Contract, movement: Movement, judgement: Judgement) -> Markup:
    """The movement as a table with pictures, from each segment to each, and as a file.

    Args:
        contract: whose segments come first in the movement, in their order.
    """
    new = int(movement.arrived.sum())
    if not movement.customers and not new:
        return said(texts.MOVED_NOBODY, "empty")
    total = texts.MOVED_TOTAL.format(moved=grouped(movement.moved), total=grouped(movement.customers))
    return element(
        "div",
        element("p", total, class_="lead", role="status"),
        _segments(contract, movement, judgement),
        element("p", texts.MOVED_NOTE, class_="hint"),
        *([_matrix(movement), _download(movement)] if movement.moved else []),
        class_="moved",
    )


def _segments(contract: Contract, movement: Movement, judgement: Judgement) -> Markup:
    came, left = movement.came, movement.left
    now = movement.flows.sum(axis=0) + movement.arrived
    widest = max(1, int(came.max()), int(left.max()))
    beyond = {each.segment for each in judgement.shifts}
    known = [
        index for index in range(len(now)) if index < len(contract.segments) or now[index] or left[index]
    ]
    rows = [
        [
            _name(contract, movement, index),
            _change(int(came[index] - left[index]), beyond=index in beyond),
            _picture(contract, index, int(came[index]), int(left[index]), widest),
            grouped(int(came[index])),
            grouped(int(left[index])),
            grouped(int(now[index])),
            grouped(int(movement.arrived[index])),
        ]
        for index in known
    ]
    below = [_others(contract, movement, index) for index in known]
    return table(texts.MOVED_TITLE, texts.MOVED_HEAD, rows, below=below)


def _name(contract: Contract, movement: Movement, index: int) -> Markup:
    swatch = element("span", class_="swatch", aria_hidden="true", style=_style(contract, index))
    return join(swatch, " ", element("bdi", movement.segments[index]))


def _style(contract: Contract, index: int) -> str | None:
    """The colour of a segment; segments of earlier models have none."""
    return segment_style(contract.segments[index].id) if index < len(contract.segments) else None


def _picture(contract: Contract, index: int, came: int, left: int, widest: int) -> Markup:
    bars = [
        element("i", class_=side, style=f"width:{count / widest / 2:.1%}")
        for side, count in (("left", left), ("came", came))
    ]
    told = texts.MOVED_PICTURE.format(left=grouped(left), came=grouped(came))
    return element(
        "span", *bars, class_="moved-track", role="img", aria_label=told, title=told,
        style=_style(contract, index),
    )  # fmt: skip


def _change(count: int, *, beyond: bool) -> Markup:
    """The count, marked where chance does not explain it."""
    written = apart(decimals(count, 0, signed=True)) if count else grouped(0)
    return join(written, *([" ", element("span", texts.MOVED_BEYOND, class_="tag")] if beyond else []))


def _others(contract: Contract, movement: Movement, index: int) -> Markup:
    """Where they came from and where they went, the most first."""
    told = [
        element("span", element("b", title), *_counted(contract, movement, index, flows))
        for title, flows in (
            (texts.MOVED_FROM, movement.flows[:, index]),
            (texts.MOVED_TO, movement.flows[index]),
        )
        if flows.sum() > flows[index]
    ]
    return element("div", *told, class_="moved-others")


def _counted(contract: Contract, movement: Movement, index: int, flows: Counts) -> Iterator[Markup]:
    """The other segments of some flows with their counts."""
    for each in np.argsort(-flows, kind="stable").tolist():
        if each != index and flows[each]:
            count = element("b", grouped(int(flows[each])))
            yield join(" ", element("span", _name(contract, movement, each), " ", count))


def _matrix(movement: Movement) -> Markup:
    known = np.flatnonzero(movement.flows.sum(axis=0) + movement.flows.sum(axis=1))
    names = [movement.segments[each] for each in known]
    rows = [
        [movement.segments[source], *(grouped(int(movement.flows[source, target])) for target in known)]
        for source in known
    ]
    return element(
        "details", element("summary", texts.MOVED_MATRIX), table(texts.MOVED_MATRIX, ["", *names], rows)
    )


def _download(movement: Movement) -> Markup:
    address = f"data:text/csv;charset=utf-8,{quote(movement_csv(movement))}"
    return element("a", texts.MOVED_EXPORT, href=address, download=texts.MOVED_NAME, class_="chip")


def movement_csv(movement: Movement) -> str:
    """A row for each pair of segments that somebody went between or stayed in, and for each with new ones."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(texts.MOVED_HEADERS)
    for source, target in np.argwhere(movement.flows):
        names = (movement.segments[each] for each in (source, target))
        lines.writerow([*map(cell, names), movement.flows[source, target]])
    for target in np.flatnonzero(movement.arrived):
        lines.writerow(["", cell(movement.segments[target]), movement.arrived[target]])
    return written.getvalue()
