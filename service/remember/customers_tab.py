"""The tab Customers, and saving below a prediction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

from customers.records import LONGEST_ID, is_id
from service.gradio_api.offered_file import offered_file
from service.languages.number_format import day, percent
from service.page.draw.markup import Markup, element
from service.page.texts import customers_texts, frame_texts
from service.page.views.tables import table
from service.remember.movement_card import movement_card
from service.remember.remembered import Remembered
from service.remember.spoken import AT_ONCE, ShownNames, head, html, problem, said, shown

SHOWN = 50
_SCRIPT = Path(__file__).with_name("customer_list.js")


def save_row(form: gr.HTML, remembered: Remembered, names: ShownNames) -> None:
    """A field for an id and a button that saves the customer of the form."""

    async def save(customer: dict[str, Any], id: str) -> str:
        id = id.strip()
        if not is_id(id):
            return said(customers_texts.SAVE_NO_ID, "problem")
        try:
            found = await remembered.save(
                id, {name: value for name, value in customer.items() if value is not None}
            )
        except Exception as error:
            return problem(error)
        saved = found["saved"]
        sentence = (
            customers_texts.SAVE_MOVED
            if saved["moved"]
            else customers_texts.SAVE_SAME
            if saved["unchanged"]
            else customers_texts.SAVE_DONE
        )
        return said(sentence.format(id=id, segment=names.of(found["prediction"]["segment"])), "done")

    with gr.Column(elem_id="save", elem_classes="card"):
        html(head(customers_texts.SAVE_TITLE, customers_texts.SAVE_LEAD))
        with gr.Row(elem_classes="fields"):
            field = gr.Textbox(label=customers_texts.SAVE_ID, max_length=LONGEST_ID, scale=3)
            button = gr.Button(customers_texts.SAVE_BUTTON, variant="primary", scale=1)
        done = html("", elem_id="saved")
    gr.on([button.click, field.submit], save, [form, field], done, **AT_ONCE)


def customers_tab(remembered: Remembered, names: ShownNames) -> None:
    """Search, one customer, and movement."""
    segments = [segment.name for segment in remembered.segmenter.contract.segments]
    with gr.Tab(frame_texts.TAB_CUSTOMERS, id="customers") as tab, gr.Column(elem_id="customers"):
        with gr.Column(elem_classes="card"):
            html(head(customers_texts.CUSTOMERS_TITLE, customers_texts.CUSTOMERS_LEAD))
            if not remembered.lasting:
                html(said(customers_texts.CUSTOMERS_LOST, "problem"))
            with gr.Row(elem_classes="fields"):
                search = gr.Textbox(label=customers_texts.CUSTOMERS_SEARCH, max_length=LONGEST_ID)
                choices = [
                    (customers_texts.CUSTOMERS_ALL, ""),
                    *((names.of(each), each) for each in segments),
                ]
                segment = gr.Dropdown(
                    choices, value="", label=customers_texts.CUSTOMERS_SEGMENT, filterable=False
                )
                find = gr.Button(customers_texts.CUSTOMERS_FIND)
            listed = gr.HTML(
                "",
                elem_id="customer-list",
                apply_default_css=False,
                js_on_load=_SCRIPT.read_text(encoding="utf-8"),
            )
        with gr.Column(elem_classes="card"):
            html(head(customers_texts.CUSTOMER_TITLE, customers_texts.CUSTOMER_LEAD))
            with gr.Row(elem_classes="fields"):
                own = gr.Textbox(label=customers_texts.SAVE_ID, max_length=LONGEST_ID, elem_id="customer-id")
                show = gr.Button(customers_texts.CUSTOMER_SHOW, variant="primary", elem_id="customer-show")
                letter = gr.Button(customers_texts.CUSTOMER_LETTER)
                export = gr.Button(customers_texts.CUSTOMER_EXPORT)
                erase = gr.Button(customers_texts.CUSTOMER_ERASE, variant="stop")
            sure = gr.Button("", variant="stop", visible=False, elem_id="customer-sure")
            one = html("", elem_id="one-customer")
            file = gr.File(visible=False, label=customers_texts.CUSTOMER_TITLE)
        movement_card(remembered, names)

    def listing(search: str, segment: str) -> str:
        return shown(lambda: _listing(remembered, names, search.strip(), segment))

    def history(id: str) -> tuple[str, Any, Any]:
        return (
            shown(lambda: _history(remembered, names, id.strip())),
            gr.update(visible=False),
            gr.update(visible=False),
        )

    def as_file(id: str, *, of_letter: bool) -> tuple[Any, Any]:
        try:
            path = _written(remembered, id.strip(), of_letter=of_letter)
        except Exception as error:
            return str(problem(error)), gr.update(value=None, visible=False)
        return gr.update(), gr.update(value=path, visible=True)

    def ask(id: str) -> tuple[Any, Any]:
        try:
            remembered.customer(id.strip())
        except Exception as error:
            return str(problem(error)), gr.update(visible=False)
        return gr.update(), gr.update(value=customers_texts.CUSTOMER_SURE.format(id=id.strip()), visible=True)

    def erased(id: str, asked: str, search: str, segment: str) -> tuple[str, Any, Any, str]:
        if asked != customers_texts.CUSTOMER_SURE.format(id=id.strip()):
            done = str(said(customers_texts.CUSTOMER_OTHER, "problem"))
        else:
            done = shown(lambda: said(remembered.erase(id.strip())["note"], "done"))
        hidden = gr.update(visible=False)
        return done, hidden, gr.update(value=None, visible=False), listing(search, segment)

    for event in (tab.select, find.click, search.submit, segment.input):
        event(listing, [search, segment], listed, **AT_ONCE)
    gr.on([show.click, own.submit], history, own, [one, sure, file], **AT_ONCE)
    letter.click(lambda id: as_file(id, of_letter=True), own, [one, file], **AT_ONCE)
    export.click(lambda id: as_file(id, of_letter=False), own, [one, file], **AT_ONCE)
    erase.click(ask, own, [one, sure], **AT_ONCE)
    sure.click(erased, [own, sure, search, segment], [one, sure, file, listed], **AT_ONCE)


def _listing(remembered: Remembered, names: ShownNames, search: str, segment: str) -> Markup:
    found = remembered.page(limit=SHOWN, segment=segment, search=search)
    if not found["customers"]:
        return said(customers_texts.CUSTOMERS_NONE, "empty")
    rows = [
        [
            _pick(each["id"]),
            names.of(each["segment"]),
            percent(each["probability"]),
            each["route"],
            day(each["answered_at"][:10]),
        ]
        for each in found["customers"]
    ]
    more = (
        element("p", customers_texts.CUSTOMERS_MORE.format(shown=SHOWN), class_="hint")
        if found["next"]
        else Markup("")
    )
    return element("div", table(customers_texts.CUSTOMERS_TITLE, customers_texts.CUSTOMERS_HEAD, rows), more)


def _pick(id: str) -> Markup:
    """An id that shows its customer."""
    return element("button", id, type="button", class_="pick", data_customer=id)


def _history(remembered: Remembered, names: ShownNames, id: str) -> Markup:
    found = remembered.one(id)
    rows = [
        [
            f"{day(each['at'][:10])} {each['at'][11:16]}",
            names.of(each["from"]),
            names.of(each["to"]),
            customers_texts.CUSTOMER_CAUSES[each["cause"]],
        ]
        for each in found["history"]
    ]
    contract = remembered.segmenter.contract
    labels = {column.name: column.title for column in contract.columns}
    inputs = [f"{labels.get(name, name)}: {value}" for name, value in found["inputs"].items()]
    return element(
        "div",
        element("p", f"{found['id']}: {names.of(found['segment'])}", class_="lead"),
        element("p", ", ".join(inputs), class_="hint"),
        table(customers_texts.CUSTOMER_TITLE, customers_texts.CUSTOMER_HISTORY, rows),
    )


def _written(remembered: Remembered, id: str, *, of_letter: bool) -> str:
    """A file with the letter, or everything as JSON; the page removes it with its other old files."""
    if of_letter:
        text, name = remembered.letter(id, html=True), "letter.html"
    else:
        text, name = json.dumps(remembered.everything(id), indent=1, ensure_ascii=False), "customer.json"
    return offered_file(text.encode(), name)
