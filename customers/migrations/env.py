"""Runs migrations in the transaction that ``customers.engine`` has begun."""

from alembic import context

from customers.store_tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
