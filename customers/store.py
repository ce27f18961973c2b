"""The store of customers: save, find, follow, erase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from customers.engine import WAIT_SECONDS, StoreError, explained, open_engine
from customers.records import ID_RULE, Change, Customer, Erased, Job, Saved, Sent, is_id
from customers.save_rows import save_jobs
from customers.store_tables import ANSWERED, CHANGES, CURSORS, CUSTOMERS, aware
from inference.drift.movement import Movement

AT_ONCE = 5_000  # customers of a page when all of them are read
REMEMBERED = timedelta(days=1)  # answers by idempotency key
LOG_SECONDS = 3  # for readers of SQLite's write-ahead log to end
_FIELDS = ("id", "inputs", "segment_id", "segment", "probability", "route", "model", "answered_at")
_COLUMNS = [CUSTOMERS.c[name] for name in _FIELDS]
_BEYOND = chr(0x10FFFF)  # after every character that an id may have


def open_store(url: str) -> Store:
    """Open a store, and bring its tables to this version.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://user:password@host/name``.

    Raises:
        StoreError: when it cannot be opened.
    """
    return Store(open_engine(url))


class Store:
    """Customers in a database; safe to share between threads.

    Example:
        >>> store = open_store("sqlite://")
        >>> sent = Sent(
        ...     id="7", inputs={"age": 31}, segment_id=0, segment="Low", probability=1.0, route="partial"
        ... )
        >>> store.save([sent], model="f" * 64)
        Saved(new=1, updated=0, moved=0, unchanged=0, repeated=0)
        >>> store.customer("7").segment, [change.cause for change in store.history("7")]
        ('Low', ['first'])
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    # Saving

    def save(
        self, sent: Sequence[Sent], *, model: str, at: datetime | None = None, part: bool = False
    ) -> Saved:
        """Remember answers in one transaction; of several for one customer, the last.

        Args:
            model: the SHA-256 of the file that answered.
            at: when; now, if not given.
            part: whether other saves of the same time belong to it, see ``Job``.

        Raises:
            StoreError: when nothing was saved.
        """
        (done,) = self.save_together([Job(sent=sent, model=model, at=at, part=part)])
        return done

    def save_together(self, jobs: Sequence[Job]) -> list[Saved]:
        """Carry out several saves in one transaction: all of them, or none.

        A job with an idempotency key that was carried out before is not carried out again.

        Raises:
            StoreError: when nothing was saved.
        """
        for job in jobs:
            for each in job.sent:
                if not is_id(each.id):
                    raise StoreError(f"a customer's id must be {ID_RULE}; correct it")
        with explained("save"), self._writing.begin() as connection:
            self._in_turn(connection)
            return save_jobs(connection, jobs)

    def _in_turn(self, connection: sa.Connection) -> None:
        """Writers of several processes commit one by one, so that sequences count up in that order."""
        if self.dialect == "postgresql":
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {WAIT_SECONDS * 1000}"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7280232)"))

    # Finding

    def customer(self, id: str) -> Customer | None:
        """One customer, or ``None``."""
        with explained("read"), self._engine.connect() as connection:
            row = connection.execute(sa.select(*_COLUMNS).where(CUSTOMERS.c.id == id)).first()
        return None if row is None else _customer(row)

    def page(
        self, *, after: str = "", limit: int = 100, segment: str = "", search: str = ""
    ) -> list[Customer]:
        """Customers in the order of their ids, from the one after ``after`` on.

        Args:
            limit: the most customers; segment: only those in it; search: only ids that begin so.
        """
        wanted = sa.select(*_COLUMNS).where(CUSTOMERS.c.id > after).order_by(CUSTOMERS.c.id).limit(limit)
        if segment:
            wanted = wanted.where(CUSTOMERS.c.segment == segment)
        if search:
            wanted = wanted.where(CUSTOMERS.c.id >= search, CUSTOMERS.c.id < search + _BEYOND)
        with explained("read"), self._engine.connect() as connection:
            return [_customer(row) for row in connection.execute(wanted)]

    def counts(self) -> dict[str, int]:
        """Customers by segment."""
        wanted = sa.select(CUSTOMERS.c.segment, sa.func.count()).group_by(CUSTOMERS.c.segment)
        with explained("read"), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(wanted)}

    def every(self, *, at_once: int = AT_ONCE) -> Iterator[list[Customer]]:
        """All customers in the order of their ids, some at a time."""
        after = ""
        while page := self.page(after=after, limit=at_once):
            yield page
            after = page[-1].id

    # Following

    def history(self, id: str) -> list[Change]:
        """The changes of one customer, the first answer first."""
        return self._changes(CUSTOMERS.c.id == id, limit=None)

    def changes(self, *, after: int = 0, limit: int = 1_000) -> list[Change]:
        """Changes of all customers in the order of their sequence, from the one after ``after`` on."""
        return self._changes(CHANGES.c.sequence > after, limit=limit)

    def _changes(self, condition: Any, *, limit: int | None) -> list[Change]:
        wanted = (
            sa.select(CHANGES, CUSTOMERS.c.id)
            .join(CUSTOMERS, CUSTOMERS.c.number == CHANGES.c.number)
            .where(condition)
            .order_by(CHANGES.c.sequence)
            .limit(limit)
        )
        with explained("read"), self._engine.connect() as connection:
            return [
                Change(
                    sequence=row.sequence,
                    id=row.id,
                    source=row.from_segment,
                    target=row.to_segment,
                    at=aware(row.at),
                    model=row.model,
                    cause=row.cause,
                )
                for row in connection.execute(wanted)
            ]

    def movement(
        self, before: datetime, after: datetime, *, order: Sequence[str] = ()
    ) -> tuple[Movement, int]:
        """Who was in which segment at two moments, and how many models answered.

        Args:
            order: names of segments in the order in which they are shown; others follow.
        """
        with explained("read"), self._engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(_moved(before, after))]
        answered = len({model for row in rows for model in row[2:4]} - {None})
        named = {name for row in rows for name in row[:2]} - {None}
        names = list(dict.fromkeys([*order, *sorted(named)]))
        counts = np.zeros((len(names) + 1, len(names) + 1), dtype=np.int64)
        for source, target, _, _, count in rows:
            places = (len(names) if each is None else names.index(each) for each in (source, target))
            counts[tuple(places)] += count
        size = len(names)
        movement = Movement(
            segments=tuple(names),
            flows=counts[:size, :size],
            arrived=counts[size, :size],
            gone=counts[:size, size],
        )
        return movement, answered

    def cursor(self, name: str) -> int:
        """How far changes were delivered under a name; 0 at first."""
        with explained("read"), self._engine.connect() as connection:
            wanted = sa.select(CURSORS.c.sequence).where(CURSORS.c.name == name)
            return int(connection.execute(wanted).scalar() or 0)

    def set_cursor(self, name: str, sequence: int) -> None:
        """Remember how far changes were delivered."""
        with explained("save"), self._writing.begin() as connection:
            moved = connection.execute(
                CURSORS.update().where(CURSORS.c.name == name).values(sequence=sequence)
            )
            if not moved.rowcount:
                connection.execute(CURSORS.insert().values(name=name, sequence=sequence))

    # Forgetting

    def erase(self, id: str) -> Erased | None:
        """Erase one customer from every table and SQLite's write-ahead log; ``None`` if there was none."""
        with explained("erase"), self._writing.begin() as connection:
            self._in_turn(connection)
            done = connection.execute(CUSTOMERS.delete().where(CUSTOMERS.c.id == id)).rowcount
        emptied = self._empty_log()
        return Erased(dialect=self.dialect, log_emptied=emptied) if done else None

    def forget_before(self, moment: datetime) -> int:
        """Erase every customer whose last answer is older; returns how many."""
        with explained("erase"), self._writing.begin() as connection:
            self._in_turn(connection)
            old = CUSTOMERS.c.answered_at < moment.astimezone(UTC)
            done = connection.execute(CUSTOMERS.delete().where(old)).rowcount
        self._empty_log()
        return int(done)

    def forget_requests(self) -> None:
        """Forget idempotency keys of more than a day ago."""
        with explained("erase"), self._writing.begin() as connection:
            self._in_turn(connection)
            connection.execute(ANSWERED.delete().where(ANSWERED.c.at < datetime.now(UTC) - REMEMBERED))

    def _empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, which still has erased rows; ``False`` while somebody reads it."""
        if self.dialect != "sqlite":
            return True
        with explained("erase"), self._engine.connect() as connection:
            raw = connection.connection.cursor()
            try:
                raw.execute(f"PRAGMA busy_timeout = {LOG_SECONDS * 1000}")
                (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                raw.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
            finally:
                raw.close()
        return not busy


def _moved(before: datetime, after: datetime) -> Any:
    """Segments and models of customers at two moments, and how many: one pass, each answer by its key."""
    moments = [moment.astimezone(UTC) for moment in (before, after)]
    early, late = (sa.func.max(sa.case((CHANGES.c.at <= each, CHANGES.c.sequence))) for each in moments)
    last = (
        sa.select(early.label("one"), late.label("other"))
        .where(CHANGES.c.at <= max(moments))
        .group_by(CHANGES.c.number)
        .subquery()
    )
    one, other = CHANGES.alias(), CHANGES.alias()
    told = (one.c.to_segment, other.c.to_segment, one.c.model, other.c.model)
    return (
        sa.select(*told, sa.func.count())
        .select_from(last)
        .outerjoin(one, one.c.sequence == last.c.one)
        .outerjoin(other, other.c.sequence == last.c.other)
        .group_by(*told)
    )


def _customer(row: Any) -> Customer:
    values: Mapping[str, Any] = dict(zip(_FIELDS, row, strict=True))
    return Customer(**{**values, "answered_at": aware(values["answered_at"])})
