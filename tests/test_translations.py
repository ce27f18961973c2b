"""Checks that every text of the page has a name that a translation can use."""

from __future__ import annotations

import re

import pytest

from service.page.translations import english, label, translations
from tests.conftest import ROOT


def test_every_label_in_use_has_a_text() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "service").rglob("*.py")]
    used = {name for source in sources for name in re.findall(r"\blabel\(\"(\w+)\"\)", source)}
    assert {"TAB_INPUT", "TAB_PREDICTION", "TAB_MODEL", "TAB_SCORE"} <= used
    assert used <= set(english())


def test_gradio_gets_the_texts_by_name() -> None:
    assert translations().translations["en"]["TAB_MODEL"] == "Model info"
    assert label("TAB_MODEL").to_dict() == {"__type__": "translation_metadata", "key": "TAB_MODEL"}


def test_a_label_without_a_text_is_refused() -> None:
    with pytest.raises(KeyError):
        label("NO_SUCH_TEXT")


def test_no_component_has_a_label_outside_the_table() -> None:
    page = (ROOT / "service" / "page" / "page.py").read_text(encoding="utf-8")
    assert not re.search(r"gr\.(Tab|Button|Accordion|File)\((texts\.|\"|label=texts)", page)
