"""The marks that Lighthouse gives a first visit of the page, the times behind them, and a visit on slow 3G.

    python -m benchmarks.first_visit [VISITS]

Needs Node and a Chromium. Each device is visited VISITS times (5) in turn; medians are written to
benchmarks/results/first_visit.json. Other work on the machine makes a page slower.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.first_visit.lighthouse import DEVICES, audited, install, marks
from benchmarks.first_visit.slow_network import slow_visit
from inference import Segmenter
from service.settings import DEFAULT_MODEL, Settings, TrainingSettings
from tests.browsing import chromium, served

RESULTS = Path(__file__).parents[1] / "results" / "first_visit.json"
VISITS = 5
TIMES = {
    "first_contentful_paint_s": ("first-contentful-paint", 1_000),
    "largest_contentful_paint_s": ("largest-contentful-paint", 1_000),
    "total_blocking_time_s": ("total-blocking-time", 1_000),
    "interactive_s": ("interactive", 1_000),
    "layout_shift": ("cumulative-layout-shift", 1),
    "sent_kb": ("total-byte-weight", 1_000),
}


def figures(report: dict[str, Any]) -> dict[str, float]:
    """The marks, from 0 to 100, and the times of one visit."""
    given = {f"{name}_mark": 100 * mark for name, mark in marks(report).items()}
    audits = report["audits"]
    return given | {name: audits[audit]["numericValue"] / unit for name, (audit, unit) in TIMES.items()}


def main() -> None:
    """Measure, print and write."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    found: dict[str, list[dict[str, float]]] = {device: [] for device in DEVICES}
    settings = Settings(training=TrainingSettings())
    found["slow_3g"] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Segmenter.load(DEFAULT_MODEL), settings) as url,
        chromium() as browser,
    ):
        install(Path(folder))
        for _ in range(visits):
            for device in DEVICES:
                found[device].append(figures(audited(Path(folder), url, device)))
            found["slow_3g"].append(slow_visit(browser, url))
    medians = {
        device: {name: round(median(each[name] for each in rows), 3) for name in rows[0]}
        for device, rows in found.items()
    }
    result = {"visits": visits, "cores": os.cpu_count(), "load": round(os.getloadavg()[1], 1), **medians}
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
