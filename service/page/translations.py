"""The page's texts as Gradio translates them: by name, a table for each language."""

from __future__ import annotations

import gradio as gr
from gradio.i18n import I18nData

from service.page.texts import (
    answer_texts,
    customers_texts,
    decision_map_texts,
    form_texts,
    frame_texts,
    model_texts,
    monitoring_texts,
    score_texts,
)

_MODULES = (
    frame_texts,
    form_texts,
    answer_texts,
    decision_map_texts,
    score_texts,
    model_texts,
    monitoring_texts,
    customers_texts,
)


def english() -> dict[str, str]:
    """Every text of the page by its name in ``service.page.texts``, which no two modules there share."""
    return {
        name: text
        for module in _MODULES
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str)
    }


def translations() -> gr.I18n:
    """The texts for Gradio at launch; another language is another table with the same names."""
    return gr.I18n(en=english())


def label(name: str) -> I18nData:
    """The label of a component, in the language of the browser where there is a table for it.

    Raises:
        KeyError: when there is no text of this name.
    """
    english()[name]
    return I18nData(name)
