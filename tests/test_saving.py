"""Checks that the queue of saves loses none, also where a process is killed, and that one harms no other."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from customers.engine import StoreError
from customers.records import Job, Saved
from customers.saving import Writer
from customers.store import Store, open_store
from tests.conftest import ROOT
from tests.sent_customers import OLD, SENT

KILLS, SAVES, IMPORT_KILLS = 8, 60, 3


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store on each database."""
    made = open_store(store_url)
    yield made
    made.close()


def test_a_writer_saves_everything_that_is_queued(store: Store) -> None:
    writer = Writer(lambda: store)
    waiting = [writer.save(Job(sent=[replace(SENT, id=f"{each}")], model=OLD)) for each in range(300)]
    writer.close()
    assert [each.result() for each in waiting] == [Saved(new=1)] * 300
    assert len(store.page(limit=1_000)) == 300


def test_one_save_that_cannot_be_does_not_harm_the_others(store: Store) -> None:
    ready = threading.Event()

    def slow() -> Store:
        ready.wait(10)
        return store

    writer = Writer(slow)
    good, bad, better = (
        writer.save(Job(sent=[replace(SENT, id=each)], model=OLD)) for each in ("1", "", "2")
    )
    ready.set()
    writer.close()
    assert good.result() == better.result() == Saved(new=1)
    with pytest.raises(StoreError, match="printable"):
        bad.result()


def test_a_full_queue_is_refused() -> None:
    blocked = threading.Event()

    def never() -> Store:
        blocked.wait(30)
        raise StoreError("down")

    writer = Writer(never, waiting=2)
    writer.save(Job(sent=[SENT], model=OLD))
    time.sleep(0.2)  # it is being worked on
    waiting = [writer.save(Job(sent=[SENT], model=OLD)) for _ in range(2)]
    with pytest.raises(StoreError, match="too many saves are waiting"):
        writer.save(Job(sent=[SENT], model=OLD))
    blocked.set()
    writer.close()
    with pytest.raises(StoreError, match="down"):
        waiting[0].result()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    program = """
import sys
from dataclasses import replace
from customers.saving import Writer
from customers.records import Job
from customers.store import open_store
from tests.sent_customers import SENT, OLD
store = open_store(sys.argv[1])
writer = Writer(lambda: store)
number = int(sys.argv[2])
while True:
    jobs = [Job(sent=[replace(SENT, id=str(n))], model=OLD) for n in range(number, number + 20)]
    for n, done in enumerate([writer.save(job) for job in jobs], start=number):
        done.result()
        print(n, flush=True)
    number += 20
"""
    acknowledged: list[int] = []
    for kill in range(KILLS):
        command = [sys.executable, "-c", program, url, str(kill * 100_000)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(SAVES + kill * 7):
                acknowledged.append(int(process.stdout.readline()))
            process.kill()
            acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    store = open_store(url)
    found = [int(each.id) for page in store.every() for each in page]
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))
    assert len(store.changes(limit=1_000_000)) == len(found)
    store.close()


def test_an_import_that_was_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    rows, path = 150_000, tmp_path / "customers.csv"
    lines = (f"C{each},Female,{18 + each % 50},{15 + each % 120},{1 + each % 99}" for each in range(rows))
    path.write_text("\n".join(["customer_id,gender,age,annual_income,spending_score", *lines]) + "\n")
    url = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    program = """
import sys, time
import customers.importing
from customers.__main__ import main
from customers.store import Store
customers.importing.COMMIT_ROWS, whole = 1_000, Store.save
def save(*given, **named):
    time.sleep(0.5)  # so that there is something to interrupt
    return whole(*given, **named)
Store.save = save
sys.exit(main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", program, "--store", url, "import", str(path), "--quiet"]
    open_store(url).close()
    interrupted = 0
    for kill in range(IMPORT_KILLS):
        with subprocess.Popen(command, cwd=ROOT) as process:
            wanted = (kill + 1) * rows // 8
            while process.poll() is None and _stored(url) < wanted:
                time.sleep(0.02)
            process.kill()
        interrupted += 0 < _stored(url) < rows
    assert interrupted
    assert subprocess.run(command, cwd=ROOT, check=True).returncode == 0
    store = open_store(url)
    assert sum(store.counts().values()) == rows
    assert len(store.changes(limit=10 * rows)) == rows
    store.close()


def _stored(url: str) -> int:
    store = open_store(url)
    try:
        return sum(store.counts().values())
    finally:
        store.close()
