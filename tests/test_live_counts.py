"""Promises that live counts lose no customer, stay small, and are looked at when the plan says."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from inference import Segmenter
from inference.validation import check_row
from service.monitor.drift_state import current_looks, leading_look, monitoring_state
from service.monitor.live_counts import LiveCounts
from service.monitor.monitor import Monitor
from service.monitor.windows import BY_DAY, BY_ROWS, KEPT, TOTAL
from tests.counted_customers import DAY, Clock, add
from tests.mall_samples import mall, sample


@pytest.fixture
def clock() -> Clock:
    """A clock of a test."""
    return Clock()


@pytest.fixture
def live(published: Segmenter, clock: Clock) -> LiveCounts:
    """Counts with windows of 200 customers."""
    return LiveCounts(published.contract, "version", window_rows=200, clock=clock)


def test_a_window_is_looked_at_when_it_doubles_and_when_it_is_complete(
    live: LiveCounts, published: Segmenter
) -> None:
    taken = []
    for step in range(8):
        add(live, published, 50, seed=step)
        looks = live.seen().looks[BY_ROWS]
        taken.append([(look.window, look.number, look.counts.rows) for look in looks])
    assert taken == [
        [(1, 0, 50)],
        [(1, 1, 100)],
        [(1, 1, 100)],
        [(1, None, 200)],
        [(1, None, 200), (2, 0, 50)],
        [(1, None, 200), (2, 1, 100)],
        [(1, None, 200), (2, 1, 100)],
        [(2, None, 200)],
    ]


def test_asking_takes_no_look(live: LiveCounts, published: Segmenter) -> None:
    add(live, published, 120)
    before = [look.counts.rows for look in current_looks(live.seen())]
    for _ in range(30):
        add(live, published, 1)
        assert [look.counts.rows for look in current_looks(live.seen())] == before
    assert live.seen().total.rows == 150


def test_days_end_at_midnight(live: LiveCounts, published: Segmenter, clock: Clock) -> None:
    add(live, published, 70)
    clock.now += DAY
    add(live, published, 60, seed=1)
    clock.now += 2 * DAY
    days = live.seen().complete[BY_DAY]
    assert [(day.counts.rows, day.ended / DAY) for day in days] == [(70, 11.0), (60, 12.0)]
    assert live.seen().looks[TOTAL][0].counts.rows == 130


def test_a_change_is_seen_within_the_window_and_stays_until_the_next_is_complete(
    live: LiveCounts, published: Segmenter
) -> None:
    add(live, published, 200)
    assert monitoring_light(live) == "green"
    add(live, published, 200, seed=1, deviations=1.0)
    assert monitoring_light(live) == "red"
    add(live, published, 60, seed=2)
    (shown,) = (look for look in current_looks(live.seen()) if look.kind == BY_ROWS)
    assert (shown.window, shown.number, shown.judgement.light) == (2, None, "red")
    leading = leading_look(live.seen())
    assert leading is not None
    assert leading.judgement.retrain
    add(live, published, 140, seed=3)
    assert {look.judgement.light for look in live.seen().looks[BY_ROWS]} == {"green"}


def monitoring_light(live: LiveCounts) -> str:
    """The light of the windows by count."""
    (light,) = {look.judgement.light for look in current_looks(live.seen()) if look.kind == BY_ROWS}
    return light


def test_memory_and_file_stop_growing(published: Segmenter, clock: Clock) -> None:
    live = LiveCounts(published.contract, "version", window_rows=50, clock=clock)
    sizes = []
    for window in range(KEPT * 3):
        clock.now += DAY
        add(live, published, 50, seed=window)
        sizes.append(len(json.dumps(live.to_json())))
    assert len(live.seen().complete[BY_ROWS]) == len(live.seen().complete[BY_DAY]) == KEPT
    assert sizes[-1] < sizes[KEPT + 1] * 1.05
    assert sizes[-1] < 100_000


def test_threads_lose_no_customer(published: Segmenter) -> None:
    monitor = Monitor()
    first = {name: cells[:1].tolist()[0] for name, cells in mall().items()}
    checked = check_row(published.contract, first)
    answers = published.answer(checked)

    def work() -> None:
        for _ in range(500):
            monitor.observe(published, checked, answers)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert monitor.live(published).seen().total.rows == 2000


def test_rows_with_problems_are_not_counted_as_customers(published: Segmenter) -> None:
    from inference.validation import check_columns

    columns = sample(100)
    columns["age"][:7] = -5
    checked = check_columns(published.contract, columns)
    monitor = Monitor()
    monitor.observe(published, checked, published.answer(checked))
    seen = monitor.live(published).seen()
    assert (seen.total.rows, seen.refused) == (93, 7)
    (age,) = (each for each in seen.total.layout.columns if each.column.name == "age")
    assert int(np.sum(seen.total.bins(age))) == 93


def test_the_state_says_that_nothing_is_counted(published: Segmenter) -> None:
    off = monitoring_state(published, None)
    assert (off["enabled"], off["light"], off["windows"]) == (False, "too few", [])
    few = monitoring_state(published, Monitor())
    assert (few["enabled"], few["light"], few["customers"]) == (True, "too few", 0)
    assert few["reasons"] == [
        "Too few customers to judge: there must be at least 50, but there are 0. Chance explains almost any "
        "difference between so few."
    ]
