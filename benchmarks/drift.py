"""Measures how often drift is found where there is none, and where income rises by half a standard deviation.

    python -m benchmarks.drift [--seeds N]

Two populations without drift: the customers of the embedded table drawn with replacement, judged by the
published model; and a smoothed copy of them, from which each seed draws the 200 customers that a model of its
own is trained on, so that the training table is a sample as well. Each is judged once, and in 50 windows one
after the other with every look that the service takes. Exit status 1 when a bar is missed. Writes
``results/drift.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Segmenter
from inference.answers import Brief
from inference.drift import Alarms, Counts, Judgement, Layout, judge
from inference.drift.checks import COLUMN, DISTANCE, SEGMENTS, SHARES
from inference.drift.lights import alarming
from inference.validation import Checked, check_columns
from service.monitor.live_counts import LiveCounts
from service.settings import DEFAULT_MODEL
from trainer import ChoiceSettings, Table, TrainConfig, read_table, train

RESULTS = Path(__file__).parent / "results" / "drift.json"
SIZES = (200, 10_000)
WINDOWS = 50
POOL = 100_000  # customers of a population that windows are drawn from
TRAINING = 200
SMOOTH = 0.25  # standard deviations of noise on each number
SHIFT = 0.5  # standard deviations of income
INCOME = "annual_income"
NUMBERS = ("age", INCOME, "spending_score")
LEAST_QUIET, LEAST_FOUND = 0.95, 0.95
Columns = dict[str, NDArray[Any]]
Draw = Callable[[Table, int, np.random.Generator], Columns]


@dataclass(frozen=True)
class Pool:
    """Customers of a population, and what a model answered."""

    layout: Layout
    checked: Checked
    answers: Brief

    @classmethod
    def of(cls, segmenter: Segmenter, layout: Layout, columns: Columns) -> Pool:
        """Ask the model about them."""
        checked = check_columns(segmenter.contract, columns)
        checked.raise_for_problems()
        return cls(layout, checked, segmenter.brief(checked))

    def counts(self, rows: NDArray[np.int64]) -> Counts:
        """The counts of some of them."""
        counts = Counts(self.layout)
        answers = Brief(**{name: values[rows] for name, values in vars(self.answers).items()})
        counts.add({name: feed[rows] for name, feed in self.checked.feeds.items()}, answers)
        return counts


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--trained", type=int, default=100, help="seeds that train a model of their own")
    options = parser.parse_args()
    seeds = options.seeds
    started = time.perf_counter()
    table, published = read_table(), Segmenter.load(DEFAULT_MODEL)
    runs = [_run(table, published, seed, trains=seed < options.trained) for seed in range(seeds)]
    figures = {name: _summary([run[name] for run in runs if name in run]) for name in runs[0]}
    bars = _bars(figures)
    report = {
        "bars": bars,
        "missed": [name for name, bar in bars.items() if not bar["held"]],
        "figures": figures,
        "seeds": seeds,
        "trained": min(seeds, options.trained),
        "windows": WINDOWS,
        "seconds": round(time.perf_counter() - started),
        "processors": os.cpu_count(),
        "versions": {name: version(name) for name in ("numpy", "onnxruntime", "scikit-learn")},
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(bool(report["missed"]))


def _run(table: Table, published: Segmenter, seed: int, *, trains: bool) -> dict[str, dict[str, float]]:
    """Every figure of one seed."""
    rng = np.random.default_rng(seed)
    populations: list[tuple[str, Segmenter, Draw]] = [("resampled", published, _resampled)]
    if trains:
        model = Segmenter.load(_trained_on(table, _smoothed(table, TRAINING, rng), seed))
        populations.append(("smoothed", model, _smoothed))
    found: dict[str, dict[str, float]] = {}
    for name, segmenter, draw in populations:
        layout = Layout(segmenter.contract)
        pool = Pool.of(segmenter, layout, draw(table, POOL, rng))
        shifted = Pool.of(segmenter, layout, _shifted(table, draw(table, POOL, rng)))
        for size in SIZES:
            found[f"{name}, {size} rows"] = _once(pool, size, rng)
            found[f"{name}, {size} rows, {WINDOWS} windows"] = _windows(pool, segmenter, size, rng)
            found[f"{name}, {size} rows, income +{SHIFT} SD"] = _once(shifted, size, rng)
    return found


def _once(pool: Pool, rows: int, rng: np.random.Generator) -> dict[str, float]:
    counts = pool.counts(rng.integers(0, POOL, rows))
    found = judge(counts, Alarms.once())
    first = judge(counts, Alarms.of_window(1))
    told = " ".join(found.reasons)
    kinds = {f"alarm_by_{kind}": float(_alarms_by(found, kind)) for kind in SHARES}
    return kinds | {
        "income_psi": _value(found, COLUMN, INCOME),
        "distance_ratio": _value(found, DISTANCE),
        "segments_psi": _value(found, SEGMENTS),
        "alarm": float(alarming(found.light)),
        "income_red": float(found.check(COLUMN, INCOME).light == "red"),
        "retrain": float(found.retrain),
        "retrain_in_the_first_window": float(first.retrain),
        "said": float("Annual income differs" in told and "segments do not show it" in told),
    }


def _windows(pool: Pool, segmenter: Segmenter, rows: int, rng: np.random.Generator) -> dict[str, float]:
    """Whether any look of the service raised an alarm; batches as small as the first looks."""
    live = LiveCounts(segmenter.contract, "", window_rows=rows, clock=iter(_days(rows)).__next__)
    looks: dict[tuple[str, int, int | None], Judgement] = {}
    batch = max(50, rows // 20)
    for _ in range(WINDOWS * rows // batch):
        live.add(pool.counts(rng.integers(0, POOL, batch)))
        for kind, current in live.seen().looks.items():
            for look in current:
                key = (kind, look.window, look.number)
                if key not in looks:
                    looks[key] = look.judgement
    alarms = [found for found in looks.values() if alarming(found.light)]
    return {f"alarm_by_{kind}": float(any(_alarms_by(each, kind) for each in alarms)) for kind in SHARES} | {
        "alarm": float(bool(alarms)),
        "looks": len(looks),
        "retrain": float(any(found.retrain for found in alarms)),
    }


def _days(rows: int) -> Iterable[float]:
    """A clock by which one window of rows takes about a day."""
    batch = max(50, rows // 20)
    step = 86_400 * batch / rows / 2  # read twice per batch
    at = 0.0
    while True:
        yield at
        at += step


def _alarms_by(found: Judgement, kind: str) -> bool:
    return any(each.kind == kind and alarming(each.light) for each in found.checks)


def _value(found: Judgement, kind: str, column: str = "") -> float:
    value = found.check(kind, column).value
    return float("nan") if value is None else value


def _trained_on(table: Table, columns: Columns, seed: int) -> bytes:
    """A model with five segments of these customers."""
    choice = ChoiceSettings(
        k_max=5, bootstraps=10, most_bootstraps=10, draws=39, most_draws=39, jobs=1, user_k=5
    )
    config = TrainConfig(
        repeats=1, folds=2, classifier="gaussian", sensitivity=False, choice=choice, seed=seed
    )
    return train(replace(table, columns=columns), config).model


def _resampled(table: Table, rows: int, rng: np.random.Generator) -> Columns:
    return table.take(rng.integers(0, len(table), rows))


def _smoothed(table: Table, rows: int, rng: np.random.Generator) -> Columns:
    """The table resampled, with noise on the numbers, which are whole and in range again."""
    drawn = dict(_resampled(table, rows, rng))
    for name in NUMBERS:
        noise = rng.normal(0, SMOOTH * table.columns[name].std(), rows)
        low = 1.0 if name == "spending_score" else 0.0
        high = 100.0 if name == "spending_score" else 10_000.0 if name == INCOME else 120.0
        drawn[name] = np.clip(np.round(drawn[name] + noise), low, high)
    return drawn


def _shifted(table: Table, columns: Columns) -> Columns:
    return {**columns, INCOME: columns[INCOME] + SHIFT * table.columns[INCOME].std()}


def _summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    """Of figures their quantiles, of flags in how many seeds they hold."""
    flags = ("alarm", "income_red", "retrain", "retrain_in_the_first_window", "said")
    summary: dict[str, Any] = {}
    for name in runs[0]:
        values = np.array([run[name] for run in runs])
        if name in flags or name.startswith("alarm_by"):
            summary[name] = int(values.sum())
        else:
            summary[name] = {
                level: round(float(np.quantile(values, share)), 3)
                for level, share in (("5%", 0.05), ("median", 0.5), ("95%", 0.95))
            }
    summary["holds"] = {name: test(runs) for name, test in _TESTS.items() if "income_psi" in runs[0]}
    summary["of"] = len(runs)
    return summary


def _count(test: Callable[[Mapping[str, float]], bool]) -> Callable[[list[dict[str, float]]], int]:
    return lambda runs: sum(test(run) for run in runs)


_TESTS = {
    "income PSI > 0.45": _count(lambda run: run["income_psi"] > 0.45),
    "distance ratio > 1.25": _count(lambda run: run["distance_ratio"] > 1.25),
    "segments PSI < 0.10": _count(lambda run: run["segments_psi"] < 0.10),
}


def _bars(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each bar and whether it was held."""
    bars: dict[str, dict[str, Any]] = {}
    for name, found in figures.items():
        seeds = found["of"]
        if "income +" not in name:
            quiet = seeds - found["alarm"]
            bars[f"no alarm: {name}"] = _bar(quiet, seeds, LEAST_QUIET)
        elif name.startswith("resampled"):
            for test, count in found["holds"].items():
                bars[f"{test}: {name}"] = _bar(count, seeds, LEAST_FOUND)
            bars[f"said in words: {name}"] = _bar(found["said"], seeds, LEAST_FOUND)
    return bars


def _bar(count: int, seeds: int, least: float) -> dict[str, Any]:
    return {"seeds": count, "of": seeds, "at_least": round(least * seeds), "held": count >= least * seeds}


if __name__ == "__main__":
    sys.exit(main())
