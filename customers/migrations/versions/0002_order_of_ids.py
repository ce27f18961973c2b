"""Ids in the order of their characters on both databases, and an index for the pages of one segment."""

from alembic import op

from customers.store_tables import BYTEWISE

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Keep every row; only the order of ids and the indexes are others."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("customers", "id", type_=BYTEWISE)
    op.create_index("ix_customers_segment_id", "customers", ["segment", "id"])
    op.drop_index("ix_customers_segment", "customers")


def downgrade() -> None:
    """Back to the database's own order."""
    op.create_index("ix_customers_segment", "customers", ["segment"])
    op.drop_index("ix_customers_segment_id", "customers")
    if op.get_context().dialect.name == "postgresql":
        op.execute('ALTER TABLE customers ALTER COLUMN id TYPE text COLLATE "default"')
