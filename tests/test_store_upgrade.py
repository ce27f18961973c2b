"""Checks that a store of an older version keeps every row when it is opened; a later one is refused."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from customers.engine import MIGRATIONS, StoreError, make_engine
from customers.store import open_store
from customers.store_tables import METADATA

IDS = ["a", "B", "Z 1", "ä", "_", "10", "9"]


def older(url: str) -> None:
    """Make a store as the first version did, with customers."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(url)
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, id_ in enumerate(IDS, start=1):
            connection.execute(
                sa.text(
                    "INSERT INTO customers "
                    "(id, inputs, segment_id, segment, probability, route, model, answered_at) "
                    "VALUES (:id, :inputs, 0, 'low', 0.9, 'complete', 'm', '2026-05-01 00:00:00')"
                ),
                {"id": id_, "inputs": json.dumps({"age": number})},
            )
            connection.execute(
                sa.text(
                    "INSERT INTO segment_changes (number, to_segment, at, model, cause) "
                    "VALUES (:number, 'low', '2026-05-01 00:00:00', 'm', 'first')"
                ),
                {"number": number},
            )
    engine.dispose()


def test_every_customer_of_an_older_store_is_there_after_it_is_opened(store_url: str) -> None:
    older(store_url)
    for _ in range(2):
        store = open_store(store_url)
        assert [each.id for each in store.page()] == sorted(IDS)
        assert {each.id: each.inputs["age"] for each in store.page()} == {
            id_: number for number, id_ in enumerate(IDS, start=1)
        }
        assert [each.id for each in store.changes()] == IDS
        assert [each.id for each in store.page(segment="low", search="Z")] == ["Z 1"]
        store.close()


def test_an_opened_store_has_the_tables_that_the_code_expects(store_url: str) -> None:
    older(store_url)
    store = open_store(store_url)
    with store._engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    store.close()
    assert found == []


def test_a_later_store_is_refused_and_left_as_it_is(store_url: str) -> None:
    older(store_url)
    engine = make_engine(store_url)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="up to 0002, but it is of 9999, which a later version"):
        open_store(store_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM customers")).scalar() == len(IDS)
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()
