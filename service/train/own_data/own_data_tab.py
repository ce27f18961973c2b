"""The tab Your data: a file, the roles of its columns, and the segments that a training finds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from service.languages.number_format import grouped
from service.page.draw.markup import element
from service.page.page import Extras
from service.page.scored.upload import KINDS
from service.remember.spoken import AT_ONCE, head, html
from service.train.own_data import own_data_texts as texts
from service.train.own_data.own_data_handlers import OwnDataHandlers
from service.train.own_data.own_data_parts import Parts
from service.train.training_desk import TrainingDesk

LOOK = 1.0  # seconds between two looks at how far a training is
_SCRIPT = Path(__file__).with_name("own_data.js")


def with_own_data(extras: Extras, desk: TrainingDesk | None) -> Extras:
    """The parts of a page, and the tab where tables may be trained on."""
    if desk is None:
        return extras
    return replace(extras, tabs=(*extras.tabs, lambda _: own_data_tab(desk)), own_data=True)


def own_data_tab(desk: TrainingDesk) -> None:
    """Add the tab to the page that is being built."""
    with gr.Tab(texts.TAB, id="own-data"), gr.Column(elem_id="own-data"):
        if desk.problem:
            with gr.Column(elem_classes="card"):
                html(head(texts.TITLE, desk.problem))
            return
        _events(desk, *_built(desk))


def _built(desk: TrainingDesk) -> tuple[Parts, dict[str, Any]]:
    """The components, and the controls that start something."""
    controls: dict[str, Any] = {"sent": gr.Textbox("", visible=False)}
    kept: dict[str, Any] = {"draft": gr.Textbox("", visible=False), "job": gr.Textbox("", visible=False)}
    kept |= _file_card(desk, controls) | _columns_card(controls) | _running_card(controls)
    with gr.Column(visible=False) as kept["found"]:
        kept["result"] = html("")
        controls["remove"] = gr.Button(texts.REMOVE, elem_id="own-remove")
    with gr.Column(visible=False, elem_classes="card") as kept["others"]:
        html(head(texts.OPTIONS_TITLE, texts.OPTIONS_LEAD))
        kept["option"] = gr.Radio([], label=texts.OPTIONS)
        controls["take"] = gr.Button(texts.TAKE)
    with gr.Column(visible=False, elem_classes="card") as kept["naming"]:
        html(head(texts.NAMES_TITLE, texts.NAMES_LEAD))
        kept["names"], kept["renamed"] = html(""), html("")
        controls["rename"] = gr.Button(texts.RENAME)
    return Parts(**kept), controls


def _file_card(desk: TrainingDesk, controls: dict[str, Any]) -> dict[str, Any]:
    limits = desk.limits
    lead = texts.LEAD.format(megabytes=limits.max_mb, rows=grouped(limits.max_rows))
    with gr.Column(elem_classes=["card", "upload-card"], elem_id="own-file"):
        html(head(texts.TITLE, lead))
        file = gr.File(label=texts.FILE, file_types=list(KINDS), height=190)
        controls["example"] = gr.Button(texts.EXAMPLE, elem_id="own-example")
        html(element("p", texts.PRIVACY.format(minutes=limits.kept_minutes), class_="hint"))
    return {"file": file, "said": html("", elem_id="own-said")}


def _columns_card(controls: dict[str, Any]) -> dict[str, Any]:
    with gr.Column(visible=False, elem_classes="card", elem_id="own-columns") as columns:
        html(head(texts.COLUMNS_TITLE, texts.COLUMNS_LEAD))
        roles = html("")
        controls["quick"] = gr.Checkbox(value=True, label=texts.QUICK)
        controls["find"] = gr.Button(texts.FIND, variant="primary", elem_id="own-find")
    return {"columns": columns, "roles": roles}


def _running_card(controls: dict[str, Any]) -> dict[str, Any]:
    with gr.Column(visible=False, elem_classes="card", elem_id="own-running") as running:
        stage, progress = html(""), html("")
        controls["cancel"] = gr.Button(texts.CANCEL, elem_id="own-cancel")
    return {
        "running": running,
        "stage": stage,
        "progress": progress,
        "timer": gr.Timer(LOOK, active=False),
    }


def _events(desk: TrainingDesk, parts: Parts, controls: dict[str, Any]) -> None:
    made, every, sent = OwnDataHandlers(desk, parts), parts.all(), controls["sent"]
    reading: dict[str, Any] = {
        "show_progress_on": parts.said,
        "concurrency_limit": 2,
        "concurrency_id": "own_data",
        "api_visibility": "private",
    }
    parts.file.upload(made.given, [parts.file, parts.draft], every, **reading)
    controls["example"].click(made.example, parts.draft, every, **reading)
    start = [parts.draft, controls["quick"], sent]
    found = controls["find"].click(made.find, start, every, js=_collect("roles"), **AT_ONCE)
    named = controls["rename"].click(made.rename, [parts.job, sent], every, js=_collect("names"), **AT_ONCE)
    taken = controls["take"].click(made.take, [parts.job, parts.option], every, **AT_ONCE)
    controls["cancel"].click(made.cancel, parts.job, every, **AT_ONCE)
    controls["remove"].click(made.remove, [parts.draft, parts.job], every, **AT_ONCE)
    looked = parts.timer.tick(made.poll, parts.job, every, **AT_ONCE)
    for event in (found, named, taken, looked):
        event.then(None, None, None, js=_collect("follow"), api_visibility="private")


def _collect(form: str) -> str:
    """A function in JavaScript that puts what a form holds in place of the last input."""
    script = re.sub(r"^//.*\n", "", _SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE).strip()
    return f"(...given) => {script}.{form}(...given)"
