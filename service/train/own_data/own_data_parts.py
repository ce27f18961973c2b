"""The components of the tab Your data, by which its handlers say what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The components of the tab.

    Attributes:
        draft, job: ids of the table and the training, which nobody else can guess; no ``gr.State``, for which
            Gradio would keep a connection open for every visitor.
        said: a sentence about the file; columns: the roles; running, found, others, naming: cards.
    """

    draft: gr.Textbox
    job: gr.Textbox
    file: gr.File
    said: gr.HTML
    columns: gr.Column
    roles: gr.HTML
    running: gr.Column
    stage: gr.HTML
    progress: gr.HTML
    timer: gr.Timer
    found: gr.Column
    result: gr.HTML
    others: gr.Column
    option: gr.Radio
    naming: gr.Column
    names: gr.HTML
    renamed: gr.HTML

    def all(self) -> list[Any]:
        """Every component, as the outputs of an event."""
        return list(vars(self).values())
