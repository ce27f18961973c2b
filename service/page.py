"""Puts the page together: the panel, the tabs, the form and what follows from it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from service import texts
from service.about import about, hero
from service.customers import typical_customer
from service.desk import Desk, Model
from service.form import customer_form
from service.model_info import model_info

WIDE = 1100  # pixels; the panel stands open from here on and would cover a narrower page
CACHE = (60, 600)  # seconds: how often files of visitors are looked at, and from what age they are deleted
_OPEN_WHEN_WIDE = f"() => ({{__type__: 'update', open: window.innerWidth >= {WIDE}}})"
_AT_ONCE: dict[str, Any] = {  # for the page's own events: no queue, no spinner, not in the API
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}


def build_page(model: Model) -> gr.Blocks:
    """The page about one model, not yet served."""
    contract = model.contract
    page = gr.Blocks(title=texts.PAGE_TITLE, analytics_enabled=False, delete_cache=CACHE)
    with page:
        with gr.Sidebar(open=False, width=300, label=texts.ABOUT_TITLE, elem_id="about") as panel:
            _html(about(contract))
        page.load(None, None, panel, js=_OPEN_WHEN_WIDE, api_visibility="private")
        _html(hero(contract))
        _tabs(model, Desk(model))
    return page


def _tabs(model: Model, desk: Desk) -> None:
    """The three tabs; whatever a person changes in the form shows in the first two at once."""
    contract = model.contract
    customer = typical_customer(contract, contract.segments[0])
    headline, summary, prediction = desk.show(customer)
    with gr.Tabs(overflow_behavior="wrap", elem_id="tabs") as tabs:
        with gr.Tab(texts.TAB_INPUT, id="input"), gr.Row(elem_id="bench"):
            form = customer_form(contract, customer)
            line = _html(headline, elem_id="headline")
            with gr.Column(elem_id="summary"):
                short = _html(summary)
                more = gr.Button(texts.SEE_MORE, elem_id="see-more")
        with gr.Tab(texts.TAB_PREDICTION, id="prediction"):
            full = _html(prediction)
        with gr.Tab(texts.TAB_MODEL, id="model"):
            _html(model_info(contract, model.fingerprint))
    form.input(desk.show, form, [line, short, full], trigger_mode="always_last", **_AT_ONCE)
    more.click(_to_prediction, None, tabs, **_AT_ONCE)


def _to_prediction() -> gr.Tabs:
    return gr.Tabs(selected="prediction")


def _html(value: str, *, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(str(value), elem_id=elem_id, apply_default_css=False)
