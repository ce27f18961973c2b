"""The form: one field per column of the contract, any of which may be unknown."""

from __future__ import annotations

import json
from pathlib import Path

import gradio as gr

from inference import Contract
from inference.contract import Histograms
from service.customer_values import Customer, typical_customer, unknown_customer
from service.languages.number_format import by_count
from service.page.draw.markup import Markup, element, join
from service.page.draw.palette import segment_style
from service.page.fields import field
from service.page.texts import form_texts

MOST_FIELDS = 12  # of more columns, only the clustering columns are in view at first
_HERE = Path(__file__).parent


def customer_form(contract: Contract, customer: Customer) -> gr.HTML:
    """The form as one component; its value is a customer, and ``input`` fires when a person changes it.

    It is no subclass, because Gradio writes a stub file next to the source of each.
    """
    return gr.HTML(
        customer,
        html_template="${markup}",  # the markup goes in as a value: a label is never read as a template
        js_on_load=f"{form_script()}\n{(_HERE / 'form_page.js').read_text(encoding='utf-8')}",
        apply_default_css=False,
        elem_id="form",
        markup=str(form(contract, customer)),
    )


def form_script() -> str:
    """What keeps fields, chips and the component's value in step."""
    return (_HERE / "form.js").read_text(encoding="utf-8")


def form(contract: Contract, customer: Customer) -> Markup:
    """The whole form, filled in with ``customer``."""
    head = element(
        "div",
        element("h2", form_texts.FORM_TITLE),
        element("p", form_texts.FORM_HINT, class_="hint"),
        class_="form-head",
    )
    stale = element("p", form_texts.STALE, class_="stale", role="alert", hidden=True, data_stale=True)
    parts = [head, stale, _examples(contract, customer), *_fields(contract, customer), _link()]
    return element("div", *parts, class_="card form")


def _fields(contract: Contract, customer: Customer) -> list[Markup]:
    """The fields, clustering columns first because they decide; of many, the profile columns are folded."""
    ridges = contract.histograms or Histograms(columns={})
    made = {
        column.name: field(column, customer[column.name], ridges.number(column.name))
        for column in sorted(contract.columns, key=lambda column: not column.clusters)
    }
    folded = [column.name for column in contract.columns if column.role != "clustering"]
    if len(made) <= MOST_FIELDS or not folded:
        return list(made.values())
    title = element("summary", by_count(len(folded), form_texts.MORE_FIELDS))
    more = element("details", title, *(made.pop(name) for name in folded), class_="more-fields")
    return [*made.values(), more]


def _link() -> Markup:
    """A button that makes a link to the page with these values."""
    button = element(
        "button",
        form_texts.LINK,
        type="button",
        class_="chip",
        data_share=True,
        data_copied=form_texts.LINK_COPIED,
        data_shown=form_texts.LINK_SHOWN,
    )
    status = element("span", form_texts.LINK_HINT, class_="hint", data_share_told=True, role="status")
    return element("div", button, status, class_="link")


def _examples(contract: Contract, customer: Customer) -> Markup:
    swatch = element("span", class_="swatch", aria_hidden="true")
    chips = []
    for segment in contract.segments:
        typical, style = typical_customer(contract, segment), segment_style(segment.id)
        chips.append(_chip(join(swatch, segment.name), typical, pressed=typical == customer, style=style))
    chips.append(_chip(form_texts.CLEAR, unknown_customer(contract), pressed=False))
    title = element("span", form_texts.EXAMPLES, class_="hint", id="examples-title")
    group = element("div", *chips, class_="chips", role="group", aria_labelledby="examples-title")
    return element("div", title, group, class_="examples")


def _chip(label: str, fill: Customer, *, pressed: bool, style: str | None = None) -> Markup:
    return element(
        "button",
        label,
        type="button",
        class_="chip" if style else "chip plain",
        data_fill=json.dumps(fill),
        aria_pressed="true" if pressed else "false",
        style=style,
    )
