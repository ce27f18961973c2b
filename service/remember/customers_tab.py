"""The tab Customers, and saving below a prediction."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import gradio as gr

from customers.records import LONGEST_ID, is_id
from inference import InputError
from inference.drift.flow_picture import flow_picture
from inference.drift.movement_words import movement_sentences
from service.api.problems import Problem
from service.api.request_log import log_quietly
from service.number_format import percent
from service.page import texts
from service.page.draw.markup import Markup, element
from service.page.translations import label
from service.page.views.tables import table
from service.remember.remembered import Remembered

SHOWN = 50
WEEK = timedelta(days=7)
_AT_ONCE: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def save_row(form: gr.HTML, remembered: Remembered) -> None:
    """A field for an id and a button that saves the customer of the form."""

    async def save(customer: dict[str, Any], id: str) -> str:
        id = id.strip()
        if not is_id(id):
            return _said(texts.SAVE_NO_ID, "problem")
        try:
            done = await remembered.save(
                id, {name: value for name, value in customer.items() if value is not None}
            )
        except (Problem, InputError) as error:
            return _said(str(error), "problem")
        except Exception as error:
            log_quietly(error)
            return _said(texts.FAILED, "problem")
        saved = done["saved"]
        sentence = (
            texts.SAVE_MOVED if saved["moved"] else texts.SAVE_SAME if saved["unchanged"] else texts.SAVE_DONE
        )
        return _said(sentence.format(id=id, segment=done["prediction"]["segment"]), "done")

    with gr.Column(elem_id="save", elem_classes="card"):
        _html(_head(texts.SAVE_TITLE, texts.SAVE_LEAD))
        with gr.Row(elem_classes="fields"):
            field = gr.Textbox(label=label("SAVE_ID"), max_length=LONGEST_ID, scale=3)
            button = gr.Button(label("SAVE_BUTTON"), variant="primary", scale=1)
        said = _html("", elem_id="saved")
    gr.on([button.click, field.submit], save, [form, field], said, **_AT_ONCE)


def customers_tab(remembered: Remembered) -> None:
    """Search, one customer, and movement."""
    names = [segment.name for segment in remembered.segmenter.contract.segments]
    with gr.Tab(label("TAB_CUSTOMERS"), id="customers") as tab, gr.Column(elem_id="customers"):
        with gr.Column(elem_classes="card"):
            _html(_head(texts.CUSTOMERS_TITLE, texts.CUSTOMERS_LEAD))
            if not remembered.lasting:
                _html(_said(texts.CUSTOMERS_LOST, "problem"))
            with gr.Row(elem_classes="fields"):
                search = gr.Textbox(label=label("CUSTOMERS_SEARCH"), max_length=LONGEST_ID)
                choices = [(texts.CUSTOMERS_ALL, ""), *((name, name) for name in names)]
                segment = gr.Dropdown(choices, value="", label=label("CUSTOMERS_SEGMENT"), filterable=False)
                find = gr.Button(label("CUSTOMERS_FIND"))
            listed = _html("", elem_id="customer-list")
        with gr.Column(elem_classes="card"):
            _html(_head(texts.CUSTOMER_TITLE, texts.CUSTOMER_LEAD))
            with gr.Row(elem_classes="fields"):
                own = gr.Textbox(label=label("SAVE_ID"), max_length=LONGEST_ID, elem_id="customer-id")
                show = gr.Button(label("CUSTOMER_SHOW"), variant="primary")
                letter = gr.Button(label("CUSTOMER_LETTER"))
                export = gr.Button(label("CUSTOMER_EXPORT"))
                erase = gr.Button(label("CUSTOMER_ERASE"), variant="stop")
            sure = gr.Button(label("CUSTOMER_SURE"), variant="stop", visible=False)
            one = _html("", elem_id="one-customer")
            file = gr.File(visible=False, label=label("CUSTOMER_TITLE"))
        with gr.Column(elem_classes="card"):
            _html(_head(texts.MOVEMENT_TITLE, texts.MOVEMENT_LEAD))
            with gr.Row(elem_classes="fields"):
                today = datetime.now(UTC).date()
                first = gr.Textbox(str(today - WEEK), label=label("MOVEMENT_FROM"), max_length=10)
                last = gr.Textbox(str(today), label=label("MOVEMENT_TO"), max_length=10)
                compare = gr.Button(label("MOVEMENT_SHOW"))
            moved = _html("", elem_id="movement")

    def listing(search: str, segment: str) -> str:
        return _shown(lambda: _listing(remembered, search.strip(), segment))

    def history(id: str) -> tuple[str, Any, Any]:
        return (
            _shown(lambda: _history(remembered, id.strip())),
            gr.update(visible=False),
            gr.update(visible=False),
        )

    def as_file(id: str, *, of_letter: bool) -> tuple[str, Any]:
        try:
            return "", gr.update(
                value=str(_written(remembered, id.strip(), of_letter=of_letter)), visible=True
            )
        except Problem as error:
            return _said(str(error), "problem"), gr.update(visible=False)

    def erased(id: str) -> tuple[str, Any, Any]:
        done = _shown(lambda: _said(remembered.erase(id.strip())["note"], "done"))
        return done, gr.update(visible=False), gr.update(visible=False)

    def movement(first: str, last: str) -> str:
        return _shown(lambda: _movement(remembered, first.strip(), last.strip()))

    for event in (tab.select, find.click, search.submit, segment.input):
        event(listing, [search, segment], listed, **_AT_ONCE)
    gr.on([show.click, own.submit], history, own, [one, sure, file], **_AT_ONCE)
    letter.click(lambda id: as_file(id, of_letter=True), own, [one, file], **_AT_ONCE)
    export.click(lambda id: as_file(id, of_letter=False), own, [one, file], **_AT_ONCE)
    erase.click(lambda: gr.update(visible=True), None, sure, **_AT_ONCE)
    sure.click(erased, own, [one, sure, file], **_AT_ONCE)
    compare.click(movement, [first, last], moved, **_AT_ONCE)


def _listing(remembered: Remembered, search: str, segment: str) -> Markup:
    found = remembered.page(limit=SHOWN, segment=segment, search=search)
    if not found["customers"]:
        return _said(texts.CUSTOMERS_NONE, "empty")
    rows = [
        [each["id"], each["segment"], percent(each["probability"]), each["route"], each["answered_at"][:10]]
        for each in found["customers"]
    ]
    more = (
        element("p", texts.CUSTOMERS_MORE.format(shown=SHOWN), class_="hint") if found["next"] else Markup("")
    )
    return element("div", table(texts.CUSTOMERS_TITLE, texts.CUSTOMERS_HEAD, rows), more)


def _history(remembered: Remembered, id: str) -> Markup:
    found = remembered.one(id)
    rows = [
        [
            each["at"][:16].replace("T", " "),
            each["from"] or "",
            each["to"],
            texts.CUSTOMER_CAUSES[each["cause"]],
        ]
        for each in found["history"]
    ]
    contract = remembered.segmenter.contract
    labels = {column.name: column.title for column in contract.columns}
    inputs = [f"{labels.get(name, name)}: {value}" for name, value in found["inputs"].items()]
    return element(
        "div",
        element("p", f"{found['id']}: {found['segment']}", class_="lead"),
        element("p", ", ".join(inputs), class_="hint"),
        table(texts.CUSTOMER_TITLE, texts.CUSTOMER_HISTORY, rows),
    )


def _written(remembered: Remembered, id: str, *, of_letter: bool) -> Path:
    """A file with the letter, or everything as JSON; Gradio removes it with its other old files."""
    if of_letter:
        text, name = remembered.letter(id, html=True), "letter.html"
    else:
        text, name = json.dumps(remembered.everything(id), indent=1, ensure_ascii=False), "customer.json"
    path = Path(tempfile.mkdtemp(prefix="customer-")) / name
    path.write_text(text, encoding="utf-8")
    return path


def _movement(remembered: Remembered, first: str, last: str) -> Markup:
    try:
        days = [date.fromisoformat(each) for each in (first, last)]
    except ValueError:
        return _said(texts.MOVEMENT_DAY, "problem")
    if not days[0] < days[1]:
        return _said(texts.MOVEMENT_DAY, "problem")
    ends = [datetime.combine(day, time.max, UTC) for day in days]
    movement, judgement = remembered.movement(*ends)
    points = [element("li", sentence) for sentence in movement_sentences(movement, judgement)]
    picture = (
        Markup(flow_picture(movement, judgement, dates=(first, last))) if movement.customers else Markup("")
    )
    return element(
        "div", element("ul", *points, class_="points"), element("div", picture, class_="scroll", tabindex="0")
    )


def _shown(made: Callable[[], Markup]) -> str:
    """Markup, or what is wrong; never an exception."""
    try:
        return str(made())
    except Problem as error:
        return str(_said(str(error), "problem"))
    except Exception as error:
        log_quietly(error)
        return str(_said(texts.FAILED, "problem"))


def _said(sentence: str, kind: str) -> Markup:
    return element("p", sentence, class_=f"said {kind}", role="status")


def _head(title: str, lead: str) -> Markup:
    return element("div", element("h2", title), element("p", lead, class_="hint"), class_="form-head")


def _html(value: str, *, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(str(value), elem_id=elem_id, apply_default_css=False)
