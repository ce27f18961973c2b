"""Checks the store of customers, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from customers.engine import KeyReusedError, StoreError
from customers.records import Job, Saved
from customers.store import Store, open_store
from tests.sent_customers import NEW_MODEL, OLD, SENT

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store on each database."""
    made = open_store(store_url)
    yield made
    made.close()


def test_a_customer_is_new_then_the_same_then_moves(store: Store) -> None:
    assert store.save([SENT], model=OLD, at=MAY) == Saved(new=1)
    assert store.save([SENT], model=OLD, at=MAY) == Saved(unchanged=1)
    richer = replace(SENT, inputs={"age": 31, "income": 90.5}, segment="high", segment_id=1)
    assert store.save([richer], model=OLD, at=JUNE) == Saved(updated=1, moved=1)
    found = store.customer("7")
    assert found is not None
    assert (found.segment, found.inputs, found.answered_at) == ("high", richer.inputs, JUNE)
    assert [(each.source, each.target, each.cause) for each in store.history("7")] == [
        (None, "low", "first"),
        ("low", "high", "data"),
    ]


def test_the_cause_of_a_change_is_told(store: Store) -> None:
    high = replace(SENT, segment="high", segment_id=1)
    for sent, model in (
        (SENT, OLD),
        (high, NEW_MODEL),  # the same values, another model
        (replace(SENT, inputs={"age": 40}), OLD),  # both
        (replace(high, inputs={"age": 41}), OLD),  # other values
    ):
        store.save([sent], model=model)
    assert [each.cause for each in store.history("7")] == ["first", "model", "both", "data"]


def test_the_last_of_several_answers_for_one_customer_is_kept(store: Store) -> None:
    other = replace(SENT, inputs={"age": 32}, segment="high", segment_id=1)
    assert store.save([SENT, other], model=OLD) == Saved(new=1, repeated=1)
    found = store.customer("7")
    assert found is not None
    assert found.segment == "high"


@pytest.mark.parametrize("id_", ["", "x" * 201, "a\nb", " a", "a ", ".", "..", "a\ufffd"])
def test_an_id_that_cannot_be_one_is_refused(store: Store, id_: str) -> None:
    with pytest.raises(StoreError, match="1 to 200 printable characters"):
        store.save([replace(SENT, id=id_)], model=OLD)


def test_pages_filters_and_counts(store: Store) -> None:
    ids = [f"C{each:03d}" for each in range(25)] + ["%", "_1"]
    many = [replace(SENT, id=each, segment=("low", "high")[place % 2]) for place, each in enumerate(ids)]
    store.save(many, model=OLD)
    found: list[str] = []
    while page := store.page(after=found[-1] if found else "", limit=10):
        found += [each.id for each in page]
    assert sorted(found) == sorted(ids)
    assert len(found) == len(ids)
    assert {each.id for each in store.page(search="_")} == {"_1"}
    assert {each.id for each in store.page(search="%")} == {"%"}
    assert store.counts() == {"low": 14, "high": 13}
    assert {each.segment for each in store.page(segment="low", limit=50)} == {"low"}
    assert [each.id for page in store.every(at_once=4) for each in page] == found


def test_changes_are_read_by_a_cursor(store: Store) -> None:
    for place in range(5):
        store.save([replace(SENT, id=str(place))], model=OLD)
    first = store.changes(limit=2)
    rest = store.changes(after=first[-1].sequence)
    assert [each.id for each in [*first, *rest]] == ["0", "1", "2", "3", "4"]
    assert store.cursor("w") == 0
    store.set_cursor("w", 3)
    store.set_cursor("w", 4)
    assert store.cursor("w") == 4


def test_movement_between_two_moments(store: Store) -> None:
    store.save([replace(SENT, id=str(each)) for each in range(10)], model=OLD, at=MAY)
    high = replace(SENT, segment="high", segment_id=1, inputs={"age": 50})
    store.save([replace(high, id=str(each)) for each in range(8, 12)], model=OLD, at=JUNE)
    movement, models = store.movement(MAY, JUNE, order=["high", "low"])
    assert movement.segments == ("high", "low")
    assert movement.flows.tolist() == [[0, 0], [2, 8]]
    assert movement.arrived.tolist() == [2, 0]
    assert models == 1
    none, _ = store.movement(MAY - timedelta(days=1), JUNE, order=["high", "low"])
    assert none.customers == 0


def test_a_movement_is_found_without_looking_through_the_changes_for_each_customer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'c.sqlite'}")
    asked: list[tuple[str, Any]] = []

    @sa.event.listens_for(store._engine, "before_cursor_execute")
    def _(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    store.movement(MAY, JUNE)
    store.close()
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as plain:
        plans = [
            plain.execute(f"EXPLAIN QUERY PLAN {text}", values) for text, values in asked if "count" in text
        ]
        steps = [row[3] for plan in plans for row in plan]
    assert sum(step.startswith("SCAN") for step in steps) == 2  # the changes once, and what is left of them
    assert sum("INTEGER PRIMARY KEY" in step for step in steps) == 2


def test_a_request_with_a_key_is_carried_out_once(store: Store) -> None:
    job = {"model": OLD, "key": "k", "request": "digest"}
    first = store.save_together([Job(sent=[SENT], **job)])  # type: ignore[arg-type]
    again = store.save_together([Job(sent=[replace(SENT, id="8")], **job)])  # type: ignore[arg-type]
    assert first == again == [Saved(new=1)]
    assert store.customer("8") is None
    with pytest.raises(KeyReusedError, match="another one"):
        store.save_together([Job(sent=[SENT], model=OLD, key="k", request="other")])


def test_an_erased_customer_is_in_no_table(store: Store) -> None:
    store.save([SENT, replace(SENT, id="8")], model=OLD)
    assert store.erase("7")
    assert not store.erase("7")
    assert store.customer("7") is None
    assert store.history("7") == []
    assert [each.id for each in store.changes()] == ["8"]


def test_nothing_of_an_erased_customer_is_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "customers.sqlite"
    store = open_store(f"sqlite:///{path}")
    store.save([replace(SENT, id="somebody-special", inputs={"name": "unmistakable"})], model=OLD)
    assert b"unmistakable" in _files(tmp_path)
    store.erase("somebody-special")
    assert b"unmistakable" not in _files(tmp_path)
    assert b"somebody-special" not in _files(tmp_path)
    store.close()


def _files(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.iterdir())


def test_customers_without_a_recent_answer_are_forgotten(store: Store) -> None:
    store.save([SENT], model=OLD, at=MAY)
    store.save([replace(SENT, id="8")], model=OLD, at=MAY)
    store.save([replace(SENT, id="8")], model=OLD, at=JUNE)  # the same answer again
    assert store.forget_before(JUNE - timedelta(days=1)) == 1
    assert store.customer("8") is not None


def test_a_transaction_is_kept_whole_or_not_at_all_whichever_statement_fails(store: Store) -> None:
    store.save([SENT], model=OLD)
    before = store.page(limit=100)
    engine = store._engine
    high = replace(SENT, segment="high", segment_id=1)
    many = [high, *(replace(SENT, id=f"n{each}") for each in range(3))]
    done, failed = False, 0
    while not done:
        countdown = [failed]

        def fail(*_: object, countdown: list[int] = countdown) -> None:
            countdown[0] -= 1
            if countdown[0] < 0:
                raise sa.exc.OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

        sa.event.listen(engine, "before_cursor_execute", fail)
        sa.event.listen(engine, "commit", fail)
        try:
            store.save(many, model=OLD)
            done = True
        except StoreError:
            failed += 1
        finally:
            sa.event.remove(engine, "before_cursor_execute", fail)
            sa.event.remove(engine, "commit", fail)
        if not done:
            assert store.page(limit=100) == before
    assert failed > 3
    assert len(store.page(limit=100)) == 4


def test_tables_of_a_later_version_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    open_store(url).close()
    with closing(sqlite3.connect(tmp_path / "customers.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="a later version of this software made"):
        open_store(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://host/name", "DATABASE_URL must be the address of a database"),
        ("nonsense", "DATABASE_URL must be the address of a database"),
        ("postgresql://me:secret@127.0.0.1:1/none", "the customer store must be there to open"),
        ("sqlite:////proc/none/customers.sqlite", "the folder of the customer store must be writable"),
    ],
)
def test_a_store_that_cannot_be_opened_says_why(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_a_full_disk_is_told_apart(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'customers.sqlite'}")

    @sa.event.listens_for(store._engine, "begin")
    def limited(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 20")

    many = [replace(SENT, id=str(each), inputs={"text": "x" * 500}) for each in range(1_000)]
    with pytest.raises(StoreError, match="make room on its disk") as caught:
        store.save(many, model=OLD)
    assert caught.value.full
    store.close()
