"""The first tables: customers, their changes, answered requests and cursors."""

import sqlalchemy as sa
from alembic import op

from customers.store_tables import ID, INPUTS, MOMENT

revision, down_revision = "0001", None


def upgrade() -> None:
    """Make the tables as they were in the first version; later ones are changed by later migrations."""
    op.create_table(
        "customers",
        sa.Column("number", ID, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("inputs", INPUTS, nullable=False),
        sa.Column("segment_id", sa.Integer, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customers_segment", "customers", ["segment"])
    op.create_index("ix_customers_answered_at", "customers", ["answered_at"])
    op.create_table(
        "segment_changes",
        sa.Column("sequence", ID, primary_key=True, autoincrement=True),
        sa.Column("number", ID, sa.ForeignKey("customers.number", ondelete="CASCADE"), nullable=False),
        sa.Column("from_segment", sa.Text),
        sa.Column("to_segment", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_segment_changes_number", "segment_changes", ["number"])
    op.create_index("ix_segment_changes_at", "segment_changes", ["at"])
    op.create_table(
        "answered_requests",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_answered_requests_at", "answered_requests", ["at"])
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sequence", ID, nullable=False),
    )


def downgrade() -> None:
    """Remove everything."""
    for table in ("cursors", "answered_requests", "segment_changes", "customers"):
        op.drop_table(table)
