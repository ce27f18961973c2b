"""Checks what is the reader's: language, numbers, dates, plurals, lists, and where a first visit goes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from inference import Segmenter
from service.languages.language import LANGUAGES, current, listed, speaking
from service.languages.number_format import (
    by_count,
    day,
    decimals,
    entered,
    grouped,
    in_percent,
    moment,
    number,
)
from service.languages.plurals import Plural
from service.page.delivery.first_visit import preferred
from service.page.draw.markup import element, filled, in_english
from service.page.texts import answer_texts, score_texts
from tests.browsing import served

NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", ["1,234", "61.5", "12,345.25", "1,200", "0.123", "12.3%", "2026-05-31"]),
        ("de", ["1.234", "61,5", "12.345,25", "1.200", "0,123", f"12,3{WIDE}%", "31.05.2026"]),
        ("es", ["1234", "61,5", "12.345,25", "1200", "0,123", f"12,3{WIDE}%", "31/05/2026"]),
        ("fr", [f"1{NARROW}234", "61,5", f"12{NARROW}345,25", f"1{NARROW}200", "0,123", f"12,3{NARROW}%"]),
        ("ja", ["1,234", "61.5", "12,345.25", "1,200", "0.123", "12.3%", "2026/05/31"]),
        ("ar", ["1,234", "61.5", "12,345.25", "1,200", "0.123", "12.3%", "31/05/2026"]),
    ],
)
def test_numbers_and_dates_have_the_form_of_the_language(code: str, written: list[str]) -> None:
    with speaking(LANGUAGES[code]):
        found = [number(1234.0), number(61.5), entered(12345.25), grouped(1200), decimals(0.123, 3)]
        found += [in_percent(0.123, 1), day("2026-05-31")]
    assert found[: len(written)] == written


def test_a_moment_begins_with_the_date_of_the_language() -> None:
    with speaking(LANGUAGES["de"]):
        assert moment(0.0) == "01.01.1970 00:00"


@pytest.mark.parametrize(
    ("code", "categories"),
    [
        ("en", {0: "other", 1: "one", 2: "other"}),
        ("fr", {0: "one", 1: "one", 2: "other", 1_000_000: "many"}),
        ("es", {0: "other", 1: "one", 2_000_000: "many", 1_000_001: "other"}),
        ("ja", {0: "other", 1: "other", 5: "other"}),
        ("ar", {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other"}),
        ("ar", {102: "other", 103: "few", 111: "many", 200: "other"}),
    ],
)
def test_plural_categories_are_those_of_the_cldr(code: str, categories: dict[int, str]) -> None:
    assert {count: LANGUAGES[code].plural(count) for count in categories} == categories


def test_a_count_takes_the_form_of_the_language() -> None:
    with speaking(LANGUAGES["ar"]):
        assert "صفوف" in by_count(7, score_texts.SCORE_DONE)
        assert by_count(2, score_texts.SCORE_DONE) == "صُنّف صفّان"
    assert by_count(2, Plural(one="1 row", other="{count} rows")) == "2 rows"


def test_a_list_is_joined_in_the_language() -> None:
    with speaking(LANGUAGES["de"]):
        assert listed(["a", "b", "c"]) == "a, b und c"
    with speaking(LANGUAGES["ja"]):
        assert listed(["a", "b", "c"]) == "a、b、c"


def test_two_threads_each_have_their_language() -> None:
    both = Barrier(2)

    def title(code: str) -> tuple[str, str]:
        with speaking(LANGUAGES[code]):
            both.wait()
            return current().code, answer_texts.FAILED_TITLE

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(title, ["de", "fr"]))
    assert found == [("de", "Keine Antwort"), ("fr", "Pas de réponse")]
    assert answer_texts.FAILED_TITLE == "No answer"


def test_what_is_english_is_marked_on_other_pages_only() -> None:
    assert in_english("Keep them.") == "Keep them."
    with speaking(LANGUAGES["de"]):
        assert in_english("Keep <them>.") == '<span lang="en" dir="ltr">Keep &lt;them&gt;.</span>'


def test_placeholders_are_filled_with_markup_or_escaped_text() -> None:
    assert filled("{a} < {b}", a=element("b", "x"), b="<y>") == "<b>x</b> &lt; &lt;y&gt;"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.5", "en"),
        ("pt-BR,es;q=0.7,fr;q=0.9", "fr"),
        ("nl", ""),
        ("de;q=0, ja", "ja"),
        ("de;q=x, ar", "ar"),
        ("", ""),
    ],
)
def test_the_language_that_a_browser_prefers_is_found(accepted: str, code: str) -> None:
    assert preferred(accepted) == code


@pytest.fixture(scope="module")
def url(published: Segmenter) -> Iterator[str]:
    with served(published) as address:
        yield address


def ask(url: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{url.rstrip('/')}{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_first_visit_goes_to_the_language_of_the_browser(url: str) -> None:
    answer = ask(url, "/", Accept_Language="de-AT")
    assert (answer.status_code, answer.headers["location"]) == (307, "de/")
    assert "accept-language" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Accept_Language": "en"}),
        ("/", {"Accept_Language": "nl"}),
        ("/?lang=en", {"Accept_Language": "de"}),
        ("/?age=30", {"Accept_Language": "de"}),
        ("/", {"Accept_Language": "de", "Cookie": "lang=en"}),
        ("/", {}),
    ],
)
def test_the_english_page_stays_where_nothing_else_is_wanted(
    url: str, path: str, headers: dict[str, str]
) -> None:
    answer = ask(url, path, **headers)
    assert answer.status_code == 200
    assert 'lang="en" dir="ltr"' in answer.text
    assert "accept-language" in answer.headers["vary"].lower()


def test_a_choice_is_kept_in_a_cookie(url: str) -> None:
    assert "set-cookie" not in ask(url, "/").headers
    assert ask(url, "/?lang=en").headers["set-cookie"].startswith("lang=en;")
    assert ask(url, "/", Cookie="lang=ja").headers["location"] == "ja/"


def test_the_api_is_the_same_whatever_the_language(url: str) -> None:
    for path in ("/v1/openapi.json", "/gradio_api/info", "/healthz"):
        assert ask(url, path, Accept_Language="de").content == ask(url, path).content


def test_a_page_in_arabic_says_so_and_links_to_the_others(url: str) -> None:
    assert ask(url, "/ar").headers["location"] == "ar/"
    text = ask(url, "/ar/?lang=ar").text
    assert '<html\n\tlang="ar" dir="rtl"' in text
    assert text.count('rel="alternate"') == len(LANGUAGES) + 1
    assert "بيانات العميل" in text
    assert "Customer input" not in text
