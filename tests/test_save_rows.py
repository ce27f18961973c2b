"""Checks saves that are carried out together: each has its own result, in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from customers.engine import KeyReusedError
from customers.records import Job, Saved, Sent
from customers.store import Store, open_store

LOW = Sent(id="7", inputs={"age": 31}, segment_id=0, segment="low", probability=0.9, route="partial")
HIGH = replace(LOW, inputs={"age": 50}, segment_id=1, segment="high")
MODEL = "a" * 64
MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store on each database."""
    made = open_store(store_url)
    yield made
    made.close()


def test_each_of_several_saves_has_its_own_result(store: Store) -> None:
    store.save([replace(LOW, id="old"), replace(LOW, id="same")], model=MODEL)
    jobs = [
        Job(sent=[replace(LOW, id="a"), replace(HIGH, id="b")], model=MODEL),
        Job(sent=[replace(HIGH, id="old"), replace(LOW, id="c")], model=MODEL),
        Job(sent=[], model=MODEL),
        Job(sent=[replace(LOW, id="same")], model=MODEL),
    ]
    assert store.save_together(jobs) == [
        Saved(new=2),
        Saved(new=1, updated=1, moved=1),
        Saved(),
        Saved(unchanged=1),
    ]


def test_a_customer_in_several_saves_moves_each_time(store: Store) -> None:
    jobs = [Job(sent=[each], model=MODEL) for each in (LOW, HIGH, HIGH, LOW)]
    assert store.save_together(jobs) == [
        Saved(new=1),
        Saved(updated=1, moved=1),
        Saved(unchanged=1),
        Saved(updated=1, moved=1),
    ]
    assert [(each.source, each.target) for each in store.history("7")] == [
        (None, "low"),
        ("low", "high"),
        ("high", "low"),
    ]


def test_a_key_that_comes_twice_at_once_is_carried_out_once(store: Store) -> None:
    job = Job(sent=[LOW], model=MODEL, key="k", request="digest")
    other = Job(sent=[replace(LOW, id="8")], model=MODEL)
    assert store.save_together([job, other, replace(job, sent=[HIGH])]) == [
        Saved(new=1),
        Saved(new=1),
        Saved(new=1),
    ]
    assert [each.target for each in store.history("7")] == ["low"]
    with pytest.raises(KeyReusedError):
        store.save_together([other, Job(sent=[HIGH], model=MODEL, key="k", request="another")])
    assert [each.target for each in store.history("7")] == ["low"]


def test_models_and_times_of_saves_are_kept_apart(store: Store) -> None:
    jobs = [
        Job(sent=[LOW], model=MODEL, at=MAY),
        Job(sent=[replace(LOW, id="8")], model="b" * 64, at=JUNE),
    ]
    store.save_together(jobs)
    store.save_together([replace(jobs[0], at=JUNE), replace(jobs[1], at=JUNE)])  # the same answers again
    found = {each.id: (each.model, each.answered_at) for each in store.page()}
    assert found == {"7": (MODEL, JUNE), "8": ("b" * 64, JUNE)}
    assert [(each.model, each.at) for each in store.changes()] == [(MODEL, MAY), ("b" * 64, JUNE)]


@pytest.mark.parametrize("rows", [1, 40])
def test_saves_together_take_no_more_statements_than_one(store: Store, rows: int) -> None:
    statements: list[str] = []
    sa.event.listen(
        store._engine, "before_cursor_execute", lambda _, __, text, *___: statements.append(text[:6])
    )
    store.save_together([Job(sent=[replace(LOW, id=str(each))], model=MODEL) for each in range(rows)])
    assert statements.count("SELECT") <= 2  # one of them is PostgreSQL's lock
    assert statements.count("INSERT") == 2
