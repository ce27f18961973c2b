"""Checks what happens while the database is gone, slow or in use: saving fails clearly, and goes on later."""

from __future__ import annotations

import select
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from customers.engine import StoreError
from customers.records import Job, Saved, Sent
from customers.reopened import ReopenedStore
from customers.saving import Writer
from customers.store import Store, open_store

SENT = Sent(id="7", inputs={"age": 31}, segment_id=0, segment="low", probability=0.9, route="partial")
MODEL = "a" * 64


class Line:
    """A connection to a database that can be cut, and mended."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._open: list[socket.socket] = []
        self.cut, self._ended = False, False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        pairs: dict[socket.socket, socket.socket] = {}
        while not self._ended:
            if self.cut:
                for each in pairs:
                    each.close()
                pairs = {}
            ready, _, _ = select.select([self._server, *pairs], [], [], 0.02)
            for each in ready:
                if each is self._server:
                    client, _ = self._server.accept()
                    if self.cut:
                        client.close()
                        continue
                    behind = socket.create_connection(("127.0.0.1", self._target))
                    pairs |= {client: behind, behind: client}
                elif each in pairs:
                    data = each.recv(1 << 20)
                    if data:
                        pairs[each].sendall(data)
                    else:
                        other = pairs.pop(each)
                        pairs.pop(other, None)
                        each.close()
                        other.close()
        for each in (*pairs, self._server):
            each.close()

    def close(self) -> None:
        """End it."""
        self._ended = True
        self._thread.join(5)


@contextmanager
def line_to(url: str) -> Iterator[tuple[Line, str]]:
    """A line to a PostgreSQL server, and the address of the database at its other end."""
    address = sa.make_url(url)
    line = Line(address.port or 5432)
    try:
        yield line, address.set(port=line.port).render_as_string(hide_password=False)
    finally:
        line.close()


@pytest.mark.postgres
def test_saving_goes_on_when_the_database_comes_back(postgres: str) -> None:
    with line_to(postgres) as (line, url):
        store = ReopenedStore(url)
        writer = Writer(store)
        start = store().counts().get("low", 0)
        kept = 0
        for turn in range(3):
            for each in range(20):
                assert writer.save(_job(f"{turn} {each}")).result(20) == Saved(new=1)
                kept += 1
            line.cut = True
            time.sleep(0.1)
            refused = [writer.save(_job(f"lost {turn} {each}")) for each in range(20)]
            begun = time.monotonic()
            for waiting in refused:
                with pytest.raises(StoreError, match="see that it runs"):
                    waiting.result(20)
            assert time.monotonic() - begun < 10
            line.cut = False
            time.sleep(0.1)
        assert store().counts()["low"] - start == kept
        for turn in range(3):
            store().erase(f"{turn} 0")
        writer.close()
        store.close()


@pytest.mark.postgres
def test_connections_that_the_server_ends_are_made_again(postgres: str) -> None:
    store = open_store(postgres)
    store.save([SENT], model=MODEL)
    engine = sa.create_engine(sa.make_url(postgres).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        )
    engine.dispose()
    assert store.save([SENT], model=MODEL) == Saved(unchanged=1)
    store.erase("7")
    store.close()


@pytest.mark.postgres
def test_the_note_about_an_erased_customer_is_true_of_postgresql(postgres: str) -> None:
    store = open_store(postgres)
    store.save([SENT], model=MODEL)
    erased = store.erase("7")
    store.close()
    assert erased is not None
    assert "VACUUM FULL" in erased.note
    assert "Backups" in erased.note


def test_the_note_says_when_the_log_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "customers.sqlite"
    store = open_store(f"sqlite:///{path}")
    store.save([replace(SENT, inputs={"name": "unmistakable"})], model=MODEL)
    with sqlite3.connect(path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM customers").fetchall()
        store.save([replace(SENT, id="8")], model=MODEL)
        erased = store.erase("7")
        assert erased is not None
        assert not erased.log_emptied
        assert "in use by another program" in erased.note
        assert b"unmistakable" in path.with_name("customers.sqlite-wal").read_bytes()
    reader.close()
    erased = store.erase("8")
    assert erased is not None
    assert erased.log_emptied
    assert b"unmistakable" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    store.close()


def test_a_database_that_is_down_is_asked_once_for_all_that_wait() -> None:
    asked: list[int] = []
    first = threading.Event()

    def down() -> Store:
        first.wait(10)
        asked.append(1)
        raise StoreError("the customer store must be there, but it is not", down=True)

    writer = Writer(down)
    waiting = [writer.save(_job(str(each))) for each in range(100)]
    first.set()
    for each in waiting:
        with pytest.raises(StoreError, match="must be there"):
            each.result(10)
    writer.close()
    assert len(asked) <= 2


def test_a_save_waits_for_another_program_that_writes(tmp_path: Path) -> None:
    path = tmp_path / "customers.sqlite"
    store = open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: other.execute("COMMIT")).start()
    assert store.save([SENT], model=MODEL) == Saved(new=1)
    other.close()
    store.close()


def _job(id_: str) -> Job:
    return Job(sent=[replace(SENT, id=id_)], model=MODEL)
