"""The page's texts as Gradio translates them: by name, a table for each language."""

from __future__ import annotations

import gradio as gr
from gradio.i18n import I18nData

from service.page import texts


def english() -> dict[str, str]:
    """Every text of the page by its name in ``service.page.texts``."""
    return {name: text for name, text in vars(texts).items() if name.isupper() and isinstance(text, str)}


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
