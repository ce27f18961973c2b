"""Reads the pictures and maps of the static page and of the server's page alike, and compares them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser

from inference import Segmenter
from service.page.draw.decision_map import MapCache
from service.page.views.cards import CARDS, region_map
from service.page.views.prediction_context import PredictionContext, predict_context

Question = Mapping[str, Any]
SAME_CARDS = {
    "answer": "answer",
    "ranking-first": "ranking",
    "ranking": "ranking",
    "explanation": "reasons",
    "comparison": "comparison",
}
PICTURES = ("ranking", "explanation", "comparison")
PLACE = re.compile(r"(left|right|width):([0-9.]+)%")  # of a bar, a band or a mark
ROUNDED = 0.06  # percent; the server writes one place
ROUNDED_ON_MAP = 0.011  # percent; both write two places
SAME_AREAS = 0.97  # of the points of a lattice

# Where the bars, bands and marks of the static page's cards begin and how long they are, in percent.
READ_PICTURES = """(() => {
  const drawn = (part) => part.matches("rect") ? [part.x, part.width].map((each) => each.baseVal.value)
    : part.matches("line") ? [part.x1.baseVal.value] : [part.value * 100];
  return Object.fromEntries([...document.querySelectorAll("[data-card]")].map(
    (card) => [card.dataset.card, [...card.querySelectorAll("rect, line.mark, progress")].flatMap(drawn)]));
})"""

# A map of either page: all its words, and in percent where its ticks and marks are.
READ_MAP = """((place) => {
  const plot = place.querySelector(".plot");
  if (plot === null) return null;
  const all = (selector) => [...place.querySelectorAll(selector)];
  const said = (selector) => all(selector).map((each) => each.textContent);
  const at = ({ style }) => [style.left, style.bottom].map((share) => share === "" ? -1 : parseFloat(share));
  const kind = (mark) => [...mark.classList].filter((name) => !/^(seg|at)-/.test(name)).sort().join(" ");
  const marks = all(".marks > span").sort((one, other) => kind(one).localeCompare(kind(other)));
  const parts = [".axis-title", ".x-ticks span", ".y-ticks span", ".nowhere", "figcaption", ".marks .tag"];
  return {
    words: [plot.className, plot.getAttribute("aria-label"), ...parts.flatMap(said), ...marks.map(kind)],
    places: [...all(".x-ticks span, .y-ticks span"), ...marks].flatMap(at),
  };
})"""

# How many areas of each segment a map of either page has over points of a lattice.
READ_AREAS = """((place) => {
  const svg = place.querySelector(".plot svg");
  const areas = [...svg.querySelectorAll(".region, .area")];
  const { width, height } = svg.viewBox.baseVal;
  const segment = (area) => /seg-\\d/.exec(area.getAttribute("class") + area.getAttribute("style"))[0];
  const own = (area) => area.matches(".own") ? " own" : "";
  const over = (x, y) => areas.filter((area) => area.isPointInFill(new DOMPoint(x * width, y * height)))
    .map((area) => segment(area) + own(area)).sort().join();
  const lattice = Array.from({ length: 20 }, (_, step) => (step + 0.5) / 20);
  return lattice.flatMap((y) => lattice.map((x) => over(x, y)));
})"""


def server_markup(context: PredictionContext) -> dict[str, str]:
    """The cards of the server's page that the static page has, too, by their names there."""
    shown = [card for card in CARDS if card.name in SAME_CARDS and card.shown(context)]
    return {SAME_CARDS[card.name]: card.render(context) for card in shown}


def compare_pictures(context: PredictionContext, found: Mapping[str, list[float]]) -> None:
    """Compare the bars, bands and marks that were read from the static page with the server's."""
    cards = server_markup(context)
    for name in {SAME_CARDS[name] for name in PICTURES} & cards.keys():
        assert found[name] == pytest.approx(_places(cards[name]), abs=ROUNDED), name


def compare_maps(
    browser: Browser, segmenter: Segmenter, asked: Sequence[Question], answered: Sequence[Mapping[str, Any]]
) -> None:
    """Compare the words, ticks and marks of the maps that ``READ_MAP`` has read from the static page."""
    both = zip(asked, answered, strict=True)
    shown = [(question, each["map"]) for question, each in both if not each["errors"]]
    wanted = _read_server_maps(browser, segmenter, READ_MAP, [question for question, _ in shown])
    for (question, found), each in zip(shown, wanted, strict=True):
        assert found["words"] == each["words"], question
        assert found["places"] == pytest.approx(each["places"], abs=ROUNDED_ON_MAP), question


def compare_areas(
    browser: Browser, segmenter: Segmenter, asked: Sequence[Question], found: Sequence[Sequence[str]]
) -> None:
    """Compare the areas that ``READ_AREAS`` has read; at their borders the static page has steps."""
    wanted = _read_server_maps(browser, segmenter, READ_AREAS, asked)
    for question, ours, theirs in zip(asked, found, wanted, strict=True):
        alike = [one == other for one, other in zip(ours, theirs, strict=True)]
        assert sum(alike) / len(alike) >= SAME_AREAS, question
        assert len(set(theirs)) > 1


def _read_server_maps(
    browser: Browser, segmenter: Segmenter, reader: str, questions: Sequence[Question]
) -> list[Any]:
    """What a reader finds in the server's maps for customers, in an empty page."""
    maps = MapCache(segmenter)
    markup = [region_map(predict_context(segmenter, maps, dict(question))) for question in questions]
    page = browser.new_page()
    found: list[Any] = page.evaluate(
        f"""(maps) => maps.map((markup) => {{
          document.body.innerHTML = markup;
          return {reader}(document.body);
        }})""",
        markup,
    )
    page.close()
    return found


def _places(markup: str) -> list[float]:
    found = []
    for style in re.findall(r'style="([^"]+)"', markup):
        place = {name: float(percent) for name, percent in PLACE.findall(style)}
        if "right" in place:
            place["left"] = 100 - place["right"] - place["width"]
        found += [place[name] for name in ("left", "width") if name in place]
    return found
