"""The tables of the store; ``migrations`` makes them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

METADATA = sa.MetaData()
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up in plain integers only
INPUTS = sa.JSON().with_variant(JSONB(), "postgresql")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the order that SQLite has, too
MOMENT = sa.DateTime(timezone=True)

CUSTOMERS = sa.Table(
    "customers",
    METADATA,
    sa.Column("number", ID, primary_key=True, autoincrement=True),
    sa.Column("id", BYTEWISE, nullable=False, unique=True),
    sa.Column("inputs", INPUTS, nullable=False),
    sa.Column("segment_id", sa.Integer, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("route", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("answered_at", MOMENT, nullable=False, index=True),
    sa.Index("ix_customers_segment_id", "segment", "id"),  # pages of one segment
    sqlite_autoincrement=True,
)
"""The current answer for each customer, and what it was computed from."""

CHANGES = sa.Table(
    "segment_changes",
    METADATA,
    sa.Column("sequence", ID, primary_key=True, autoincrement=True),
    sa.Column(
        "number", ID, sa.ForeignKey("customers.number", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("from_segment", sa.Text),
    sa.Column("to_segment", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False, index=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Every change of a customer's segment, the first answer included, in the order of commits."""

ANSWERED = sa.Table(
    "answered_requests",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False, index=True),
)
"""Answers by idempotency key, for requests that are sent again; without any customer's data."""

CURSORS = sa.Table(
    "cursors",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sequence", ID, nullable=False),
)
"""How far the changes were delivered, such as to the webhook."""


def aware(moment: datetime) -> datetime:
    """A moment that was read; SQLite forgets the time zone, which is always UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
