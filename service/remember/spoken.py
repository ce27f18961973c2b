"""What the handlers of the tab Customers say: markup, or what is wrong in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from inference import InputError
from inference.drift.movement import Movement
from service.api.http.request_log import log_quietly
from service.api.problems import Problem
from service.page.draw.markup import Markup, element, in_english
from service.page.texts import answer_texts

AT_ONCE: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class ShownNames(dict[str, str]):
    """What the page calls segments whose name in the store, that of a model file, is another one."""

    def of(self, segment: str | None) -> str:
        """The name on the page; empty for no segment."""
        return "" if segment is None else self.get(segment, segment)

    def on(self, movement: Movement) -> Movement:
        """A movement between segments under their names on the page."""
        return replace(movement, segments=tuple(map(self.of, movement.segments)))


def shown(made: Callable[[], Markup]) -> str:
    """Markup, or what is wrong; never an exception."""
    try:
        return str(made())
    except Exception as error:
        return str(problem(error))


def problem(error: Exception) -> Markup:
    """What is wrong, in a sentence; a fault of ours is logged."""
    if isinstance(error, (Problem, InputError)):
        return said(in_english(str(error)), "problem")
    log_quietly(error)
    return said(answer_texts.FAILED, "problem")


def said(sentence: str, kind: str) -> Markup:
    """A sentence that is read aloud when it appears; ``kind`` is its style."""
    return element("p", sentence, class_=f"said {kind}", role="status")


def head(title: str, lead: str) -> Markup:
    """The heading of a card and what it is for."""
    return element("div", element("h2", title), element("p", lead, class_="hint"), class_="form-head")


def html(value: str, *, elem_id: str | None = None) -> gr.HTML:
    """Markup on the page."""
    return gr.HTML(str(value), elem_id=elem_id, apply_default_css=False)
