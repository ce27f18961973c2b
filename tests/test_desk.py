"""Checks what works on the store in the background: erasing old customers, faults, saving at the end."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from customers.records import Job, Saved, Sent
from customers.store import open_store
from service.remember import remembered
from service.remember.remembered import Desk
from service.settings import StoreSettings

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
