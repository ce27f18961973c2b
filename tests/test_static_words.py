"""Checks that the static page has the words of the server's page in every language, and no others."""

from __future__ import annotations

import json
import re

import pytest

from examples.browser.words import SOURCES, WORDS, asked_for, files
from service.languages.language import LANGUAGES, OTHERS, speaking
from service.page.texts import static_page_texts
from tests.test_catalogues import FORMS, parts

pytestmark = pytest.mark.fast
LANGUAGE_CODES = [*LANGUAGES]


def test_the_words_are_those_of_the_server_s_page_in_every_language() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in WORDS.iterdir()}
    assert kept == files(), "run python examples/browser/words.py"
    assert {f"{code}.json" for code in LANGUAGE_CODES} < kept.keys()


@pytest.mark.parametrize("code", LANGUAGE_CODES)
def test_every_word_that_the_page_asks_for_is_there(code: str) -> None:
    known = json.loads((WORDS / f"{code}.json").read_text(encoding="utf-8"))
    assert len(asked_for()) > 100
    assert known.keys() == asked_for() | {"LANGUAGE"}


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.code)
def test_a_text_about_a_count_has_each_form_of_the_language(language: object) -> None:
    code = getattr(language, "code", "")
    known = json.loads((WORDS / f"{code}.json").read_text(encoding="utf-8"))
    counted = [own for own in known.values() if isinstance(own, dict) and "other" in own]
    assert counted
    assert all(own.keys() == FORMS[code] for own in counted)


def test_every_word_of_the_static_page_is_used() -> None:
    own = {name for name in vars(static_page_texts) if name.isupper()}
    assert own <= asked_for()


def test_the_page_has_no_sentence_of_its_own_in_its_markup() -> None:
    page = (SOURCES / "index.html").read_text(encoding="utf-8")
    body = page.partition("<body>")[2]
    assert [text.strip() for text in re.findall(r">([^<]+)<", body) if text.strip()] == []


def test_the_words_of_a_language_are_its_own() -> None:
    """What is said about this page only, too."""
    for language in OTHERS:
        known = json.loads((WORDS / f"{language.code}.json").read_text(encoding="utf-8"))
        with speaking(language):
            assert known["LOADED"] == static_page_texts.LOADED
        assert known["LANGUAGE"]["code"] == language.code
        assert set(parts(known["LOADED"])).isdisjoint(parts(vars(static_page_texts)["LOADED"]))
