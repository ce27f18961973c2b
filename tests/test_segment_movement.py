"""Checks who came into each segment and who left it, as the tab Segments shows it of remembered customers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from customers.records import Sent
from customers.store import Store
from inference import Segmenter
from inference.drift.movement import Movement, judge_movement
from service.api.api_predictions import Predictor
from service.page.draw.markup import Markup
from service.page.texts import customers_texts as texts
from service.page.texts import segments_texts
from service.remember.remembered import Desk, Remembered
from service.remember.segment_movement import drawn_movement, movement_csv, movement_view
from service.remember.spoken import ShownNames
from service.server import Site
from service.settings import Settings, StoreSettings

NOW = datetime.now(UTC)


@pytest.fixture
def remembered(tmp_path: Path, published: Segmenter) -> Iterator[Remembered]:
    """Customers of an empty SQLite store."""
    desk = Desk(StoreSettings(address=f"sqlite:///{tmp_path / 'c.sqlite'}"))
    yield Remembered(Predictor(published), desk)
    desk.close()


def save(store: Store, segmenter: Segmenter, places: Sequence[int], days: int, start: int = 0) -> None:
    """Customers and their segments, so many days ago."""
    names = segmenter.contract.segment_names
    sent = [
        Sent(
            id=f"K{start + at}",
            inputs={"age": days + at},
            segment_id=place,
            segment=names[place],
            probability=1.0,
            route="complete",
        )
        for at, place in enumerate(places)
    ]
    store.save(sent, model=segmenter.fingerprint, at=NOW - timedelta(days=days))


def drawn(remembered: Remembered, days: int = 30, names: ShownNames | None = None) -> Markup:
    return drawn_movement(remembered, names or ShownNames(), days)


def test_who_came_and_who_left_is_counted_in_the_chosen_time(
    remembered: Remembered, published: Segmenter
) -> None:
    store = remembered.store()
    save(store, published, [0, 0, 0, 1], 60)
    save(store, published, [2, 2, 0, 1], 10)
    save(store, published, [3], 5, start=9)
    shown = drawn(remembered)
    assert texts.MOVED_TOTAL.format(moved=2, total=4) in shown
    assert texts.MOVED_PICTURE.format(left=2, came=0) in shown
    assert texts.MOVED_PICTURE.format(left=0, came=2) in shown
    assert texts.MOVED_TOTAL.format(moved=0, total=4) in drawn(remembered, 7)
    assert texts.MOVED_EXPORT not in drawn(remembered, 7)
    assert drawn(remembered, 10**9) == shown  # a browser may send anything


def test_nobody_is_said(remembered: Remembered) -> None:
    assert texts.MOVED_NOBODY in drawn(remembered)


def test_segments_have_their_names_on_the_page(remembered: Remembered, published: Segmenter) -> None:
    own = published.contract.segment_names[2]
    save(remembered.store(), published, [0, 0], 60)
    save(remembered.store(), published, [2, 0], 10)
    shown = drawn(remembered, names=ShownNames({own: "Champions"}))
    assert "Champions" in shown
    assert own not in shown


def test_the_file_has_a_row_for_each_flow(remembered: Remembered, published: Segmenter) -> None:
    names = published.contract.segment_names
    save(remembered.store(), published, [0, 0, 0], 60)
    save(remembered.store(), published, [2, 2, 0], 10)
    save(remembered.store(), published, [1], 5, start=9)
    found, _ = remembered.movement(NOW - timedelta(days=30), datetime.now(UTC))
    rows = {tuple(row) for row in csv.reader(io.StringIO(movement_csv(found)))}
    assert rows == {
        texts.MOVED_HEADERS, (names[0], names[2], "2"), (names[0], names[0], "1"), ("", names[1], "1"),
    }  # fmt: skip


def test_a_segment_of_an_earlier_model_is_shown_without_a_colour(published: Segmenter) -> None:
    names = (*published.contract.segment_names, "<b>old</b>", "=1+1")
    flows = np.zeros((len(names), len(names)), dtype=np.int64)
    flows[-2, 0], flows[0, 0] = 4, 10
    nobody = np.zeros(len(names), dtype=np.int64)
    movement = Movement(segments=names, flows=flows, arrived=nobody, gone=nobody)
    shown = movement_view(published.contract, movement, judge_movement(movement))
    assert "&lt;b&gt;old&lt;/b&gt;" in shown
    assert "<b>old" not in shown
    assert "=1+1" not in shown
    changed = replace(movement, segments=(*names[:-2], "=1+1", "other"))
    assert '\'=1+1,"High income, high score",4' in movement_csv(changed)


def test_a_change_that_chance_does_not_explain_is_marked(published: Segmenter) -> None:
    size = len(published.contract.segments)
    flows = np.full((size, size), 3, dtype=np.int64)
    nobody = np.zeros(size, dtype=np.int64)
    even = Movement(segments=published.contract.segment_names, flows=flows, arrived=nobody, gone=nobody)
    assert texts.MOVED_BEYOND not in movement_view(published.contract, even, judge_movement(even))
    one_way = flows.copy()
    one_way[0, 2] = 80
    uneven = replace(even, flows=one_way)
    assert movement_view(published.contract, uneven, judge_movement(uneven)).count(texts.MOVED_BEYOND) == 2


def test_only_a_page_with_a_store_has_the_card(published: Segmenter, tmp_path: Path) -> None:
    for store in (None, StoreSettings(address=f"sqlite:///{tmp_path / 'c.sqlite'}")):
        site = Site(published, Settings(store=store))
        components = site.page.get_config_file()["components"]
        site.close()
        card = [each for each in components if each["props"].get("elem_id") == "segment-movement"]
        assert len(card) == (store is not None)
        assert any(each["props"].get("label") == segments_texts.TAB for each in components)
