"""Remembers customers in SQLite or PostgreSQL: who is in which segment, who moved when and why."""

from customers.engine import StoreError
from customers.records import Change, Customer, Saved, Sent
from customers.store import Store, open_store

__all__ = ["Change", "Customer", "Saved", "Sent", "Store", "StoreError", "open_store"]
