"""Asks the static page and the server the same: what they answer, and every sentence that they show."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from examples.browser.in_chromium import DIST, served
from inference import InputError, Segmenter
from service.customer_values import linked_customer, typical_customer
from service.languages.language import LANGUAGES, speaking
from service.page import handlers
from service.page.draw.decision_map import MapCache
from service.page.draw.markup import in_english
from service.page.fields import field
from service.page.texts import answer_texts, model_texts
from service.page.views.answer_card import message, problem_text
from service.page.views.model_info import model_info
from service.page.views.prediction_context import predict_context
from tests.conftest import ROOT, quick_config
from tests.map_models import MANY, write_many
from tests.static_page import PATIENCE, TEXTS, built, open_page, texts
from tests.static_pictures import (
    READ_AREAS,
    READ_MAP,
    READ_PICTURES,
    compare_areas,
    compare_maps,
    compare_pictures,
    server_markup,
)
from tests.static_questions import Question, questions
from tests.test_any_table import SHOP, write_shop
from tests.web import client
from trainer import read_table, train

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MODEL = ROOT / "artifacts" / "model.onnx"
IN_A_LANGUAGE = 60  # of them
ASK_AREAS = f"""async (questions) => {{
  const page = await import(new URL("main.js", document.baseURI));
  const found = [];
  for (const question of questions) {{
    await page.show(question);
    found.push({READ_AREAS}(document.querySelector("#map")));
  }}
  return found;
}}"""
ASK = f"""async (questions) => {{
  const page = await import(new URL("main.js", document.baseURI));
  const found = [];
  for (const question of questions) {{
    const {{ errors, answer, why }} = await page.answerAbout(question);
    await page.show(question);
    const cards = Object.fromEntries([...document.querySelectorAll("[data-card]")].map(
      (card) => [card.dataset.card, ({TEXTS})(card)]));
    const map = {READ_MAP}(document.querySelector("#map"));
    const pictures = {READ_PICTURES}();
    found.push({{ errors, answer, contributions: why?.contributions ?? null, cards, pictures, map }});
  }}
  return found;
}}"""


def server_cards(segmenter: Segmenter, maps: MapCache, question: Question) -> dict[str, str]:
    """The texts of the cards that the server's page shows."""
    try:
        context = predict_context(segmenter, maps, question)
    except InputError as error:
        sentence = in_english(problem_text(segmenter.contract, error))
        card = message(answer_texts.PROBLEM_TITLE, sentence, "problem")
        return {"headline": answer_texts.PROBLEM_SHORT, "answer": texts(card)}
    cards = {name: texts(markup) for name, markup in server_markup(context).items()}
    return {"headline": texts(handlers._headline(context)), **cards}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The static page."""
    with open_page(browser) as opened:
        yield opened


@pytest.fixture(scope="module", params=["published", "dates and other words", "many clustering columns"])
def answering(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    """The published model, one with a clustering date, and one with more clustering columns than axes."""
    if request.param == "published":
        return Segmenter.load(MODEL)
    schema, write = (MANY, write_many) if request.param.startswith("many") else (SHOP, write_shop)
    table = tmp_path_factory.mktemp("table") / "table.csv"
    write(table)
    return Segmenter.load(train(read_table(table, schema), quick_config()).model)


def test_five_hundred_questions_are_answered_as_by_the_server(
    browser: Browser, answering: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.onnx").write_bytes(answering.content)
    monkeypatch.setenv("MODEL", str(tmp_path / "model.onnx"))
    asked = questions(answering.contract.columns)
    with open_page(browser) as page:
        answered = page.evaluate(ASK, asked)
    rest, maps = client(answering), MapCache(answering)
    kinds: Counter[str] = Counter()
    for question, found in zip(asked, answered, strict=True):
        wanted = rest.post("/v1/explain", json=question).json()
        kinds[wanted.get("route", "refused")] += 1
        assert found["errors"] == wanted.get("errors", []), question
        if not found["errors"]:
            _compare(found, wanted)
            compare_pictures(predict_context(answering, maps, question), found["pictures"])
        assert found["cards"] == server_cards(answering, maps, question), question
    compare_maps(browser, answering, asked, answered)
    assert kinds.keys() == {"complete", "partial", "prior", "refused"}
    assert min(kinds["complete"], kinds["partial"], kinds["refused"]) >= 30


def test_the_regions_of_the_map_are_those_of_the_server(
    browser: Browser, answering: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.onnx").write_bytes(answering.content)
    monkeypatch.setenv("MODEL", str(tmp_path / "model.onnx"))
    asked = [typical_customer(answering.contract, segment) for segment in answering.contract.segments]
    with open_page(browser) as page:
        found = page.evaluate(ASK_AREAS, asked)
    compare_areas(browser, answering, asked, found)


@pytest.mark.parametrize("code", ["de", "ar"])
def test_questions_are_answered_in_another_language_as_by_the_server(
    browser: Browser, answering: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    (tmp_path / "model.onnx").write_bytes(answering.content)
    monkeypatch.setenv("MODEL", str(tmp_path / "model.onnx"))
    asked = questions(answering.contract.columns)[-IN_A_LANGUAGE:]
    with open_page(browser, f"?lang={code}") as page:
        answered = page.evaluate(ASK, asked)
        with speaking(LANGUAGES[code]):
            _compare_frame(page, answering)
    maps = MapCache(answering)
    with speaking(LANGUAGES[code]):
        for question, found in zip(asked, answered, strict=True):
            assert found["cards"] == server_cards(answering, maps, question), question
        compare_maps(browser, answering, asked, answered)
        titles = {answer_texts.PROBLEM_TITLE, answer_texts.ROUTE_EXACT, answer_texts.ROUTE_PARTIAL}
        shown = " ".join(found["cards"]["answer"] for found in answered)
        assert [title for title in titles if title not in shown] == []


def _compare_frame(page: Page, answering: Segmenter) -> None:
    """The hints and the refusals of the fields, and the figures of the segments."""
    for column in answering.contract.columns:
        if not column.categories:
            wanted = texts(field(column, None, None))
            assert page.eval_on_selector(f"#field-{column.name}-hint", TEXTS) in wanted
    info = texts(model_info(answering.contract, answering.fingerprint))
    figures = page.locator("#segments dd, #segments .tag").all()
    assert len(figures) >= len(answering.contract.segments)
    assert [shown for each in figures if (shown := each.evaluate(TEXTS)) not in info] == []
    assert model_texts.SEGMENTS_NOTE in page.eval_on_selector("#segments", TEXTS)


def _compare(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    answer = found["answer"]
    same = ("segment", "tier", "action", "route", "complete", "enough")
    assert {name: answer[name] for name in same} == {name: wanted[name] for name in same}
    assert answer["probabilities"] == pytest.approx(wanted["probabilities"], abs=1e-5)
    assert answer["novelty"] == (
        None if wanted["novelty"] is None else pytest.approx(wanted["novelty"], rel=1e-9)
    )
    if found["contributions"] is not None:
        contributions = {each["column"]: each["contribution"] for each in wanted["contributions"]}
        assert found["contributions"] == pytest.approx(contributions, abs=1e-5)


def test_every_field_says_what_is_typical_and_valid_as_on_the_server(
    page: Page, published: Segmenter
) -> None:
    numbers = [column for column in published.contract.columns if not column.categories]
    assert numbers
    for column in numbers:
        shown = page.eval_on_selector(f"#field-{column.name}-hint", TEXTS)
        assert shown.startswith("typical ")
        assert shown in texts(field(column, None, None))


def test_a_visitor_loads_at_most_five_megabytes_compressed() -> None:
    built()
    sizes = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in DIST.iterdir()
        if path.name != "README.md"
    }
    assert {"main.js", "model.onnx", "ort-wasm-simd-threaded.wasm"} <= sizes.keys()
    assert sum(sizes.values()) <= 5_000_000, sizes


def test_the_form_can_be_filled_in_while_the_runtime_is_loading(browser: Browser) -> None:
    """The bar shows what has arrived, and the answer is that about what was typed meanwhile."""
    with served() as url:
        page = browser.new_context(service_workers="block").new_page()
        waiting: list[Route] = []
        page.route("**/*.wasm", lambda route: waiting.append(route))  # noqa: PLW0108 - not a builtin
        page.goto(url)
        page.click("#clear")
        page.fill("#field-annual_income", "88")
        page.fill("#field-spending_score", "12")
        expect(page.locator("#answer h2")).to_have_count(0)
        bar = page.locator("#progress")
        expect(bar).to_be_visible()
        shown = [float(bar.get_attribute(name) or 0) for name in ("value", "max")]
        assert shown == [
            (DIST / "model.onnx").stat().st_size,
            _bytes("model.onnx", "ort-wasm-simd-threaded.wasm"),
        ]
        expect(page.locator("#arrived")).to_have_text(f"{shown[0] / 1e6:.1f} of {shown[1] / 1e6:.1f} MB")
        expect(page.locator("#segments li h3")).to_have_count(5)
        waiting[0].continue_()
        expect(bar).to_be_hidden(timeout=PATIENCE)
        expect(page.locator("#answer h2").first).to_have_text("High income, low score")
        page.context.close()


def _bytes(*names: str) -> int:
    return sum((DIST / name).stat().st_size for name in names)


def test_a_link_fills_in_the_form_and_is_made_from_it(browser: Browser, published: Segmenter) -> None:
    """As on the server: what the link leaves out, or what cannot be read, is unknown."""
    with open_page(browser, "?annual_income=88&age=17,5&gender=f&colour=red") as page:
        linked = {name: page.input_value(f"#field-{name}") for name in published.contract.names}
        query = {"annual_income": "88", "age": "17,5", "gender": "f", "colour": "red"}
        wanted = linked_customer(published.contract, query)
        assert wanted == {"gender": "Female", "age": None, "annual_income": 88, "spending_score": None}
        assert linked == {name: "" if value is None else str(value) for name, value in wanted.items()}
        page.fill("#field-spending_score", "12.5")
        page.click("#link")
        assert parse_qs(urlsplit(page.url).query) == {
            "gender": ["Female"],
            "annual_income": ["88"],
            "spending_score": ["12.5"],
        }


def test_a_chip_fills_in_the_typical_customer_of_the_server(page: Page, published: Segmenter) -> None:
    for segment in published.contract.segments:
        chip = page.get_by_role("button", name=segment.name, exact=True)
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        filled = {name: page.input_value(f"#field-{name}") for name in published.contract.names}
        typical = typical_customer(published.contract, segment)
        assert filled == {name: str(value) for name, value in typical.items()}


def test_the_segments_are_described_in_the_server_s_words(page: Page, published: Segmenter) -> None:
    shown = page.eval_on_selector("#segments", TEXTS)
    info = texts(model_info(published.contract, published.fingerprint))
    for segment in published.contract.segments:
        card = page.locator("#segments li", has=page.locator("h3", has_text=segment.name))
        assert segment.action in card.inner_text()
        assert segment.because in card.inner_text()
        for figure in card.locator("dd").all():
            assert figure.evaluate(TEXTS) in info
    assert model_texts.SEGMENTS_NOTE in shown
