"""Cases with several ways, measured in turn so that other work on the machine meets all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

OURS, NOT_INSTALLED = "this product", "not installed"
Figures = dict[str, float]
Way = Callable[[int], Figures]
"""Runs once, in the round of the given number, and returns its figures by metric."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure of a case.

    Attributes:
        key: its key in a way's figures.
        unit: as the table writes it, such as ``us``.
        more_is_better: for rates; otherwise less is better.
    """

    key: str
    unit: str
    more_is_better: bool = False

    def times_better(self, ours: float, other: float) -> float:
        """How many times better the first figure is than the second; 1: the same."""
        return ours / other if self.more_is_better else other / ours


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the table: this product beside what a user would pick instead.

    Attributes:
        key: its name for the command line.
        title: what is done.
        metrics: what is measured, the one that the row is about first.
        ways: opens the ways by name, ``OURS`` first.
        rounds: how often each way runs.
        wanted: what is aimed at, in words.
        absent: the ways that this machine does not have, and why, which the table says in their place.
        warm_up: whether each way runs once before it counts.
        large: whether it takes many minutes or gigabytes, so that it runs only when named or asked for.
    """

    key: str
    title: str
    metrics: tuple[Metric, ...]
    ways: Callable[[], AbstractContextManager[Mapping[str, Way]]]
    rounds: int
    wanted: str
    absent: Callable[[], Mapping[str, str]] = dict
    warm_up: bool = True
    large: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The median of a figure over the rounds, and its quartiles."""

    median: float
    low: float
    high: float


def measure(
    case: Case, *, rounds: int | None = None, only: str | None = None
) -> dict[str, dict[str, list[float]]]:
    """Run every way of a case in turn, round by round.

    Returns:
        Way -> metric -> its figure in each round.
    """
    found: dict[str, dict[str, list[float]]] = {}
    with case.ways() as ways:
        wanted = {name: way for name, way in ways.items() if only in (None, name)}
        for turn in range(-int(case.warm_up), rounds or case.rounds):
            for name, way in wanted.items():
                figures = way(turn)
                if turn >= 0:
                    for metric in case.metrics:
                        found.setdefault(name, {}).setdefault(metric.key, []).append(figures[metric.key])
    return found


def summary(figures: list[float]) -> Summary:
    """Median and quartiles."""
    low, median, high = np.percentile(figures, (25, 50, 75))
    return Summary(median=float(median), low=float(low), high=float(high))


def times_better(metric: Metric, ours: list[float], other: list[float]) -> Summary:
    """How many times better, from the ratio within each round, so that slow minutes count for both."""
    return summary([metric.times_better(*pair) for pair in zip(ours, other, strict=True)])


def microseconds(call: Callable[[int], object], places: range) -> Figures:
    """The mean time of calls, one for each place: ``us``."""
    started = time.perf_counter()
    for at in places:
        call(at)
    return {"us": (time.perf_counter() - started) / len(places) * 1e6}


def million_rows_per_second(call: Callable[[], object], rows: int) -> Figures:
    """The rate of one call that answers many rows: ``rate``."""
    started = time.perf_counter()
    call()
    return {"rate": rows / (time.perf_counter() - started) / 1e6}


def in_words(
    case: Case, found: Mapping[str, Mapping[str, list[float]]], absent: Mapping[str, str]
) -> Iterator[str]:
    """The medians of a case as lines for the console, and which ways were not measured."""
    for name, figures in found.items():
        shown = ", ".join(f"{summary(figures[each.key]).median:,.4g} {each.unit}" for each in case.metrics)
        yield f"  {name}: {shown}"
    for name, reason in absent.items():
        yield f"  {name}: {reason}"
