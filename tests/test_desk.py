"""Checks what works on the store in the background: erasing old customers, faults, saving at the end."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from customers import saving
from customers.engine import StoreError
from customers.records import Job, Saved, Sent
from customers.saving import Writer
from customers.store import Store, open_store
from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.operations import OPERATIONS, Operation
from service.monitor.traffic import Paths
from service.remember import remembered
from service.remember.remembered import Desk, Remembered
from service.remember.switch import COUNTED, routes_of
from service.rest import rest_api
from service.settings import Settings, StoreSettings
from service.thread_pools import WorkerPools

SENT = Sent(id="7", inputs={"age": 31}, segment_id=0, segment="low", probability=0.9, route="partial")
MODEL = "a" * 64


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    for _ in range(1_000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen in ten seconds")


def test_customers_without_a_recent_answer_are_erased_at_the_start_and_daily(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "DAILY", 0.05)
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    store = open_store(address)
    now = datetime.now(UTC)
    store.save([SENT, replace(SENT, id="8")], model=MODEL, at=now - timedelta(days=31))
    store.save([replace(SENT, id="9")], model=MODEL, at=now - timedelta(days=29))
    desk = Desk(StoreSettings(address=address, retention_days=30))
    until(lambda: [each.id for each in store.page()] == ["9"])
    store.save([SENT], model=MODEL, at=now - timedelta(days=31))
    until(lambda: [each.id for each in store.page()] == ["9"])
    desk.close()
    store.close()


def test_idempotency_keys_are_forgotten_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "DAILY", 0.05)
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    store = open_store(address)
    now = datetime.now(UTC)
    for key, at in (("old", now - timedelta(days=2)), ("new", now)):
        store.save_together([Job(sent=[SENT], model=MODEL, key=key, request="r", at=at)])
    desk = Desk(StoreSettings(address=address))
    wanted = sa.text("SELECT key FROM answered_requests")

    def keys() -> list[str]:
        with store._engine.connect() as connection:
            return [row[0] for row in connection.execute(wanted)]

    until(lambda: keys() == ["new"])
    assert store.counts() == {"low": 1}
    desk.close()
    store.close()


def test_a_store_of_a_later_version_is_said_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    open_store(address).close()
    with sqlite3.connect(tmp_path / "customers.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    desk = Desk(StoreSettings(address=address))
    until(lambda: any(each.levelno == logging.WARNING for each in caplog.records))
    desk.close()
    assert "which a later version of this software made; update this one" in caplog.text


def test_closing_saves_what_is_queued(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    desk = Desk(StoreSettings(address=address))
    waiting = [desk.writer.save(Job(sent=[replace(SENT, id=str(each))], model=MODEL)) for each in range(500)]
    desk.close()
    assert [each.result(0) for each in waiting] == [Saved(new=1)] * 500
    store = open_store(address)
    assert store.counts() == {"low": 500}
    store.close()


def test_a_full_disk_makes_saving_fail_and_says_so_while_predictions_go_on(
    segmenter: Segmenter, tmp_path: Path
) -> None:
    settings = Settings(store=StoreSettings(address=f"sqlite:///{tmp_path / 'customers.sqlite'}"))
    desk, predictor = Desk(cast(StoreSettings, settings.store)), Predictor(segmenter)
    offered: list[Operation | Route] = [*OPERATIONS, *routes_of(Remembered(predictor, desk))]
    rest = rest_api(predictor, settings, pools=WorkerPools.of(settings), operations=offered)
    rows = [{"id": f"{each:0200}", "age": 31, "annual_income": 17} for each in range(500)]
    full = [True]

    @sa.event.listens_for(desk.store()._engine, "begin")
    def limited(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {30 if full[0] else 1_000_000}")

    with TestClient(Starlette(routes=[Mount("/v1", app=rest)])) as client:
        refused = client.post("/v1/customers", json={"rows": rows})
        assert refused.status_code == 507
        assert "make room on its disk" in refused.json()["detail"]
        assert client.post("/v1/predict", json={"age": 31}).status_code == 200
        assert client.get("/v1/customers").json()["customers"] == []
        full[0] = False
        assert client.post("/v1/customers", json={"rows": rows}).json()["saved"]["new"] == 500
    desk.close()


def test_nothing_is_taken_after_closing(tmp_path: Path) -> None:
    desk = Desk(StoreSettings(address=f"sqlite:///{tmp_path / 'customers.sqlite'}"))
    desk.close()
    with pytest.raises(StoreError, match="the app is stopping"):
        desk.writer.save(Job(sent=[SENT], model=MODEL))


def test_rows_that_wait_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_ROWS", 100)
    store = open_store(f"sqlite:///{tmp_path / 'customers.sqlite'}")
    ready = threading.Event()

    def later() -> Store:
        ready.wait(10)
        return store

    writer = Writer(later)
    large = Job(sent=[replace(SENT, id=str(each)) for each in range(150)], model=MODEL)
    first = writer.save(large)  # alone, it is taken whatever its size
    with pytest.raises(StoreError, match="too many saves are waiting"):
        writer.save(Job(sent=[SENT], model=MODEL))
    ready.set()
    assert first.result(10) == Saved(new=150)
    until(lambda: writer.save(Job(sent=[replace(SENT, id="x")], model=MODEL)).result(10) == Saved(new=1))
    writer.close()
    store.close()


def test_requests_about_customers_are_counted_without_their_ids() -> None:
    paths = Paths(rest=COUNTED, gradio={})
    assert paths.kind("/v1/customers") == ("rest", "customers")
    assert paths.kind("/v1/customers/somebody/letter") == ("rest", "customer")
    assert paths.kind("/v1/customer-events") == ("rest", "customerEvents")
    assert "somebody" not in str(paths.routes)
    assert paths.routes["rest", "customer"] == "/v1/customers/{id}"
