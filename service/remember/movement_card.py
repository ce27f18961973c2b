"""The card that shows who moved between two days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import gradio as gr

from inference.drift.flow_picture import flow_picture
from inference.drift.movement_words import movement_sentences
from service.page.draw.markup import Markup, element, in_english
from service.page.texts import customers_texts
from service.remember.remembered import Remembered
from service.remember.spoken import AT_ONCE, ShownNames, head, html, said, shown

WEEK = timedelta(days=7)


def movement_card(remembered: Remembered, names: ShownNames) -> None:
    """Two days and a button to compare them."""
    with gr.Column(elem_classes="card"):
        html(head(customers_texts.MOVEMENT_TITLE, customers_texts.MOVEMENT_LEAD))
        with gr.Row(elem_classes="fields"):
            today = datetime.now(UTC).date()
            first = gr.Textbox(str(today - WEEK), label=customers_texts.MOVEMENT_FROM, max_length=10)
            last = gr.Textbox(str(today), label=customers_texts.MOVEMENT_TO, max_length=10)
            compare = gr.Button(customers_texts.MOVEMENT_SHOW)
        moved = html("", elem_id="movement")

    def movement(first: str, last: str) -> str:
        return shown(lambda: _movement(remembered, names, first.strip(), last.strip()))

    compare.click(movement, [first, last], moved, **AT_ONCE)


def _movement(remembered: Remembered, names: ShownNames, first: str, last: str) -> Markup:
    try:
        days = [date.fromisoformat(each) for each in (first, last)]
    except ValueError:
        return said(customers_texts.MOVEMENT_DAY, "problem")
    if not days[0] < days[1]:
        return said(customers_texts.MOVEMENT_DAY, "problem")
    ends = [datetime.combine(day, time.max, UTC) for day in days]
    found, judgement = remembered.movement(*ends)
    movement = names.on(found)
    points = [element("li", in_english(sentence)) for sentence in movement_sentences(movement, judgement)]
    picture = (
        Markup(flow_picture(movement, judgement, dates=(first, last))) if movement.customers else Markup("")
    )
    return element(
        "div", element("ul", *points, class_="points"), element("div", picture, class_="scroll", tabindex="0")
    )
