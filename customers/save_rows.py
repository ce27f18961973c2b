"""Writes answers into the tables: several saves by a few statements, which costs little more than one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from customers.bulk import run_for_each
from customers.engine import KeyReusedError
from customers.records import BOTH, DATA, FIRST, MODEL, Job, Saved, Sent
from customers.store_tables import ANSWERED, CHANGES, CUSTOMERS, aware

AT_ONCE = 5_000  # rows of one statement
_COMPARED = ("number", "id", "inputs", "segment_id", "segment", "model", "answered_at")
_UPDATED = ("inputs", "segment_id", "segment", "probability", "route", "model", "answered_at")
_UPDATE = (
    CUSTOMERS.update()
    .where(CUSTOMERS.c.number == sa.bindparam("own"))
    .values({name: sa.bindparam(name) for name in _UPDATED})
)
_FIRST_CHANGE = CHANGES.insert().values(
    number=sa.select(CUSTOMERS.c.number).where(CUSTOMERS.c.id == sa.bindparam("own")).scalar_subquery(),
    to_segment=sa.bindparam("to"),
    at=sa.bindparam("moment"),
    model=sa.bindparam("by"),
    cause=FIRST,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One answer of a job: what is saved, by which model, when, the job's position, and ``Job.part``."""

    sent: Sent
    model: str
    at: datetime
    job: int
    part: bool


def save_jobs(connection: sa.Connection, jobs: Sequence[Job]) -> list[Saved]:
    """Carry out jobs in a transaction, in their order; of several answers for a customer in a job, the last.

    Raises:
        KeyReusedError: for an idempotency key that came with another request before.
    """
    now = datetime.now(UTC)
    done = [Saved()] * len(jobs)
    for run in _runs(jobs):
        if jobs[run[0]].key:
            done[run[0]] = _once(connection, jobs[run[0]], now)
        else:
            rows = [row for place in run for row in _rows(jobs[place], now, place)]
            for place, saved in _save(connection, rows).items():
                done[place] = saved
            for place in run:
                done[place] += _repeated(jobs[place])
    return done


def _runs(jobs: Sequence[Job]) -> Iterator[list[int]]:
    """Positions of jobs that can be saved together: no customer is in two of them, and none has a key."""
    run: list[int] = []
    seen: set[str] = set()
    for index, job in enumerate(jobs):
        ids = {each.id for each in job.sent}
        if run and (job.key or jobs[run[-1]].key or not seen.isdisjoint(ids)):
            yield run
            run, seen = [], set()
        run.append(index)
        seen |= ids
    if run:
        yield run


def _once(connection: sa.Connection, job: Job, now: datetime) -> Saved:
    """Carry out a job with an idempotency key, unless it was carried out before."""
    known = connection.execute(sa.select(ANSWERED).where(ANSWERED.c.key == job.key)).first()
    if known is not None:
        if known.request != job.request:
            raise KeyReusedError(job.key)
        return Saved(**json.loads(known.answer))
    done = _save(connection, _rows(job, now, 0)).get(0, Saved()) + _repeated(job)
    kept = {"key": job.key, "request": job.request, "answer": json.dumps(asdict(done)), "at": job.at or now}
    connection.execute(ANSWERED.insert(), [kept])
    return done


def _rows(job: Job, now: datetime, place: int) -> list[_Row]:
    at = job.at or now
    last = {each.id: each for each in job.sent}
    return [_Row(each, job.model, at, place, job.part) for each in last.values()]


def _repeated(job: Job) -> Saved:
    return Saved(repeated=len(job.sent) - len({each.id for each in job.sent}))


def _save(connection: sa.Connection, rows: Sequence[_Row]) -> dict[int, Saved]:
    """Save answers for different customers; what it did, by the position of the job."""
    done: dict[int, Saved] = {}
    for start in range(0, len(rows), AT_ONCE):
        for place, saved in _save_some(connection, rows[start : start + AT_ONCE]):
            done[place] = done[place] + saved if place in done else saved
    return done


def _save_some(connection: sa.Connection, rows: Sequence[_Row]) -> Iterator[tuple[int, Saved]]:
    columns = [CUSTOMERS.c[name] for name in _COMPARED]
    wanted = sa.select(*columns).where(CUSTOMERS.c.id.in_([row.sent.id for row in rows]))
    found = {known.id: known for known in connection.execute(wanted)}
    new = [row for row in rows if row.sent.id not in found]
    known = [(row, found[row.sent.id]) for row in rows if row.sent.id in found]
    differs = [not _same(before, row) for row, before in known]
    same = [row for (row, _), other in zip(known, differs, strict=True) if not other]
    others = [each for each, other in zip(known, differs, strict=True) if other]
    moved = [(row, before) for row, before in others if before.segment != row.sent.segment]
    if new:
        run_for_each(connection, CUSTOMERS.insert(), [_values(row) for row in new])
        run_for_each(connection, _FIRST_CHANGE, [_first(row) for row in new])
    if others:
        changed = [{**_values(row), "own": before.number} for row, before in others]
        for row in changed:
            del row["id"]
        run_for_each(connection, _UPDATE, changed)
    if moved:
        run_for_each(connection, CHANGES.insert(), [_change(row, before) for row, before in moved])
    for at in {row.at for row in same}:
        ids = [row.sent.id for row in same if row.at == at]
        connection.execute(CUSTOMERS.update().where(CUSTOMERS.c.id.in_(ids)).values(answered_at=at))
    again = {row.sent.id for row, before in known if row.part and aware(before.answered_at) == row.at}
    for saved, kind in (
        (Saved(new=1), new),
        (Saved(unchanged=1), [row for row in same if row.sent.id not in again]),
        (Saved(repeated=1), [row for row, _ in known if row.sent.id in again]),
        (Saved(updated=1), [row for row, _ in others if row.sent.id not in again]),
        (Saved(moved=1), [row for row, _ in moved]),
    ):
        yield from _counted(saved, kind)


def _counted(saved: Saved, rows: Sequence[_Row]) -> Iterator[tuple[int, Saved]]:
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.job] = counts.get(row.job, 0) + 1
    for place, count in counts.items():
        yield place, Saved(**{name: value * count for name, value in asdict(saved).items()})


def _same(before: Any, row: _Row) -> bool:
    sent = row.sent
    return (before.segment_id, before.segment, before.model, before.inputs) == (
        sent.segment_id,
        sent.segment,
        row.model,
        dict(sent.inputs),
    )


def _values(row: _Row) -> dict[str, Any]:
    sent = row.sent
    return {
        "id": sent.id,
        "inputs": dict(sent.inputs),
        "segment_id": sent.segment_id,
        "segment": sent.segment,
        "probability": sent.probability,
        "route": sent.route,
        "model": row.model,
        "answered_at": row.at,
    }


def _first(row: _Row) -> Mapping[str, Any]:
    return {"own": row.sent.id, "to": row.sent.segment, "moment": row.at, "by": row.model}


def _change(row: _Row, before: Any) -> Mapping[str, Any]:
    other_model, other_inputs = before.model != row.model, before.inputs != dict(row.sent.inputs)
    return {
        "number": before.number,
        "from_segment": before.segment,
        "to_segment": row.sent.segment,
        "at": row.at,
        "model": row.model,
        "cause": BOTH if other_model and other_inputs else MODEL if other_model else DATA,
    }
