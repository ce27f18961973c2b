"""Opens the database of the store, and brings its tables to this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 15  # for another writer of the same SQLite file
WRITER_KB, READER_KB = 65_536, 4_096  # of SQLite's cache, by connection; imports touch rows in any order
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": WAIT_SECONDS * 1000}
FULL = ("database or disk is full", "no space left", "disk full", "could not extend file")
_JSON: dict[str, Any] = {
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,  # a fifth of an import's time less than json
}


class StoreError(RuntimeError):
    """The store cannot be used; the message says what must be true and what to do.

    Attributes:
        full: whether the disk is full, so that it helps to make room.
        down: whether everything else fails now, too: the database is down, full, or used by others.
    """

    def __init__(self, message: str, *, full: bool = False, down: bool = False) -> None:
        super().__init__(message)
        self.full, self.down = full, down or full


class KeyReusedError(StoreError):
    """An idempotency key came with another request than before."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"an Idempotency-Key must come with the same request as before, but {key[:40]!r} was used for "
            "another one; use a new key"
        )


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://...``, its tables brought to this version.

    Raises:
        StoreError: when the address is not one of a database, when it cannot be opened, or when a later
            version of this software made it.
    """
    engine = make_engine(url)
    try:
        with explained("open"):
            _upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn errors of a database into ``StoreError``, without any value of a customer in the message."""
    try:
        yield
    except DatabaseError as error:
        reason = (
            str(error.orig).strip().splitlines()[0][:120] if error.orig is not None else "no reason given"
        )
        full = any(words in reason.lower() for words in FULL)
        advice = "make room on its disk" if full else "see that it runs and may be written to"
        raise StoreError(
            f"the customer store must be there to {doing}, but: {reason}; {advice}",
            full=full,
            down=isinstance(error, (InterfaceError, InternalError, OperationalError)),
        ) from None
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(
            f"the customer store must be there to {doing}, but it is not ({type(error).__name__}); see that "
            "it runs and may be written to",
            down=True,
        ) from None


def make_engine(url: str) -> sa.Engine:
    """The engine alone; its database may be of any version.

    Raises:
        StoreError: when the address is not one of a database.
    """
    try:
        address = sa.make_url(url)
    except ArgumentError:
        raise StoreError(_WRONG_ADDRESS) from None
    if address.drivername in ("postgres", "postgresql"):  # some hosts hand out the short form
        address = address.set(drivername="postgresql+psycopg")
    if not address.drivername.startswith(("sqlite", "postgresql")):
        raise StoreError(_WRONG_ADDRESS)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    try:
        return sa.create_engine(
            address,
            pool_pre_ping=True,
            hide_parameters=True,
            pool_size=5,
            pool_timeout=WAIT_SECONDS,
            connect_args={name: wait for name, wait in _PATIENCE.items() if name not in address.query},
            **_JSON,
        )
    except (NoSuchModuleError, ModuleNotFoundError):
        raise StoreError(
            "psycopg must be installed for PostgreSQL, but it is not; pip install -r requirements/store.txt"
        ) from None


_WRONG_ADDRESS = (
    "DATABASE_URL must be the address of a database, such as postgresql://user:password@host/name or "
    "sqlite:////data/customers.sqlite, but it is not; correct it"
)


def _sqlite(address: sa.URL) -> sa.Engine:
    if address.database:
        folder = Path(address.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder of the customer store must be writable, but it is not ({error.strerror}); set "
                "STORE_PATH to a file in one that is"
            ) from None
    engine = sa.create_engine(address, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS}, **_JSON)

    @sa.event.listens_for(engine, "connect")
    def prepared(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says, see ``begun``
        for pragma in (
            "journal_mode=WAL",  # readers go on while somebody writes
            "synchronous=FULL",  # what is acknowledged is on the disk
            "foreign_keys=ON",
            "secure_delete=ON",  # erased rows are overwritten
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql(f"PRAGMA cache_size = -{WRITER_KB if writes else READER_KB}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _upgrade(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":  # two processes that start together
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7280231)"))
        scripts = ScriptDirectory.from_config(config)
        found = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in scripts.walk_revisions()}
        if found is not None and found not in known:
            raise StoreError(
                f"the customer store must be of a version up to {scripts.get_current_head()}, but it is of "
                f"{found}, which a later version of this software made; update this one"
            )
        if found != scripts.get_current_head():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
