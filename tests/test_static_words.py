"""Checks that the static page has the words of the server's page, which are kept in service/page/texts."""

from __future__ import annotations

import json
import re

import pytest

from examples.browser.words import WORDS, words

pytestmark = pytest.mark.fast
SOURCES = WORDS.parent


def test_the_words_are_those_of_the_server_s_page() -> None:
    assert WORDS.read_text(encoding="utf-8") == words(), "run python examples/browser/words.py"


def test_every_word_that_the_page_asks_for_is_there() -> None:
    known = json.loads(WORDS.read_text(encoding="utf-8"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.js"))
    page = (SOURCES / "index.html").read_text(encoding="utf-8")
    asked = {*re.findall(r"\bwords\.(\w+)", scripts), *re.findall(r'data-words="(\w+)"', page)} - {"json"}
    assert asked
    assert asked <= known.keys()
