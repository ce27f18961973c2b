"""What the page draws by its own code, beside Altair with Vega, Plotly and Observable Plot.

    python -m benchmarks.drawing [ROUNDS]

Its HTML is compared with htpy and Jinja2. Run by hand, in the environment of ``requirements/drawing.lock``,
after ``npm ci`` and ``npm run build`` in ``benchmarks/drawing/client``; ``just drawing`` does all of it.
Needs Chromium (``CHROMIUM``). Every way is given the same content, and all ways take turns, round by round,
each round with another customer. Writes ``benchmarks/results/drawing.json`` and the tables in the record of
the decision.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import files, version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.drawing.card_writers import WRITERS, CardWriter, card_texts, elements, writer_report
from benchmarks.drawing.drawing_tables import RESULTS, publish
from benchmarks.drawing.drawing_ways import BUILT, DrawingWay, drawing_ways, packed
from benchmarks.drawing.drawn_rows import DRAWINGS, MAP, customers
from benchmarks.drawing.painting import SLOWER, Throttled, chromium, inspected, opened
from benchmarks.speed.measuring import (
    OURS,
    Case,
    Figures,
    Metric,
    Way,
    measure,
    summary,
    times_better,
)
from service.page.views.prediction_context import PredictionContext

ROUNDS, CARDS, REPEATS = 12, 500, 3
SIZED = 5  # customers whose answers are weighed
PACKAGES = ("altair", "vl-convert-python", "plotly", "htpy", "jinja2")
MADE = (Metric(key="make_ms", unit="ms"),)
PAINTED = (Metric(key="painted_ms", unit="ms"), Metric(key="busy_ms", unit="ms"))
STARTED = (Metric(key="start_ms", unit="ms"), Metric(key="first_painted_ms", unit="ms"))
WRITTEN = (Metric(key="us", unit="us"),)
Report = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """What is measured: the ways, the customers that they draw, and how often."""

    ways: tuple[DrawingWay, ...]
    people: Sequence[PredictionContext]
    rounds: int

    def context(self, turn: int) -> PredictionContext:
        """The customer of a round; every round has its own."""
        return self.people[turn % len(self.people)]


def main() -> int:
    """Measure, print and write; exit status 1 where a way of ours does not pass its own checks."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    people = customers(rounds + 1)
    subjects = Subjects(ways=drawing_ways(people[0]), people=people, rounds=rounds)
    report: Report = {"rounds": rounds, "cpu_times_slower": SLOWER, "versions": _versions()}
    with chromium() as browser:
        report["first_visit"] = _first_visits(browser, subjects)
        report["drawings"] = {name: _drawing(browser, subjects, name) for name in DRAWINGS}
    report["installed_mb"] = {name: _installed_mb(name) for name in PACKAGES}
    report["vega_without_vega_lite_bytes"] = packed((BUILT / "vega_alone.js").read_bytes())
    report["cards"] = _cards(subjects)
    report["elements"] = elements(people[0])
    report |= {"load_of_the_machine": os.getloadavg(), "processors": os.cpu_count()}
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    publish(report)
    print(json.dumps(report, indent=1))
    return int(not _sound(report))


def _sound(report: Report) -> bool:
    """Whether our own drawings and cards keep what is asked of all."""
    drawings = [report["drawings"][name][OURS] for name in DRAWINGS]
    return report["cards"][OURS]["escapes_hostile_text"] and not any(
        each["axe_violations"] or each["scrolls_at_320"] or each["faults_under_strict_policy"]
        for each in drawings
    )


def _versions() -> dict[str, str]:
    client = json.loads((BUILT.parent / "package.json").read_text(encoding="utf-8"))
    return {name: version(name) for name in PACKAGES} | dict(client["dependencies"])


def _installed_mb(package: str) -> float:
    """The size of a package's own files."""
    paths = (Path(str(path.locate())) for path in files(package) or ())
    return round(sum(path.stat().st_size for path in paths if path.is_file()) / 1e6, 1)


def _compared(case: Case) -> dict[str, Report]:
    """Run a case; for each way its medians, and how many times ours they are, with quartiles."""
    print(case.title, flush=True)
    found = measure(case)
    report: dict[str, Report] = {}
    for way, figures in found.items():
        report[way] = {}
        for metric in case.metrics:
            report[way][metric.key] = round(summary(figures[metric.key]).median, 4)
            if way != OURS:
                ratio = times_better(metric, found[OURS][metric.key], figures[metric.key])
                times = [round(each, 3) for each in (ratio.median, ratio.low, ratio.high)]
                report[way][f"{metric.key}_times_ours"] = times
    return report


@contextmanager
def _ready(ways: Mapping[str, Way]) -> Iterator[Mapping[str, Way]]:
    yield ways


def _case(key: str, metrics: tuple[Metric, ...], ways: Mapping[str, Way], rounds: int) -> Case:
    return Case(key=key, title=key, metrics=metrics, ways=partial(_ready, ways), rounds=rounds, wanted="")


def _drawing(browser: Browser, subjects: Subjects, name: str) -> dict[str, Report]:
    """Everything about one drawing, by way."""
    made = {way.name: partial(_make, subjects, name, way.make) for way in subjects.ways}
    by_classes = {
        way.name: partial(_make, subjects, name, way.by_classes) for way in subjects.ways if way.by_classes
    }
    report = _compared(_case(f"making {name}", MADE, made, subjects.rounds))
    classes = measure(_case(f"making {name} by classes", MADE, by_classes, subjects.rounds))
    painted = _painted(browser, subjects, name)
    for way in subjects.ways:
        payloads = [way.make(name, each) for each in subjects.people[:SIZED]]
        sizes = {"bytes": len, "packed_bytes": packed}
        report[way.name] |= painted[way.name] | inspected(browser, way, name, payloads[0])
        for key, size in sizes.items():
            report[way.name][key] = round(summary([size(each) for each in payloads]).median)
        if way.name in classes:
            report[way.name]["make_by_classes_ms"] = round(summary(classes[way.name]["make_ms"]).median, 4)
    return report


def _make(
    subjects: Subjects, name: str, make: Callable[[str, PredictionContext], bytes], turn: int
) -> Figures:
    return {"make_ms": _cpu_seconds(lambda: make(name, subjects.context(turn)), REPEATS) * 1e3}


def _cpu_seconds(call: Callable[[], object], times: int) -> float:
    """The mean CPU time of all threads for one call, so that other work on the machine does not count."""
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times


def _painted(browser: Browser, subjects: Subjects, name: str) -> dict[str, Report]:
    """Answers one after the other in an open page of each way."""
    with ExitStack() as stack:
        pages = {way.name: Throttled(stack.enter_context(opened(browser, way))) for way in subjects.ways}
        ways = {way.name: partial(_paint, subjects, name, way, pages[way.name]) for way in subjects.ways}
        return _compared(_case(f"painting {name}", PAINTED, ways, subjects.rounds))


def _paint(subjects: Subjects, name: str, way: DrawingWay, page: Throttled, turn: int) -> Figures:
    return page.draw(name, way.make(name, subjects.context(turn)))


def _first_visits(browser: Browser, subjects: Subjects) -> dict[str, Report]:
    """What a new visitor loads and waits for, with the map as the first drawing."""
    with ExitStack() as stack:
        pages = {way.name: Throttled(stack.enter_context(opened(browser, way))) for way in subjects.ways}
        ways = {way.name: partial(_start, subjects, way, pages[way.name]) for way in subjects.ways}
        report = _compared(_case("first visit", STARTED, ways, subjects.rounds))
    for way in subjects.ways:
        report[way.name]["packed_bytes"] = way.first_bytes
    return report


def _start(subjects: Subjects, way: DrawingWay, page: Throttled, turn: int) -> Figures:
    begun = page.start_again()
    first = page.draw(MAP, way.make(MAP, subjects.context(turn)))
    return {**begun, "first_painted_ms": first["painted_ms"]}


def _cards(subjects: Subjects) -> dict[str, Report]:
    """The answer card by each writer of HTML."""
    ways = {writer.name: partial(_write, subjects, writer) for writer in WRITERS}
    report = _compared(_case("cards", WRITTEN, ways, subjects.rounds))
    for writer in WRITERS:
        report[writer.name] |= writer_report(writer, subjects.context(0))
    return report


def _write(subjects: Subjects, writer: CardWriter, turn: int) -> Figures:
    texts = card_texts(subjects.context(turn))
    return {"us": _cpu_seconds(lambda: writer.card(texts), CARDS) * 1e6}


if __name__ == "__main__":
    sys.exit(main())
