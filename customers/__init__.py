"""Remembers customers in SQLite or PostgreSQL: who is in which segment, who moved when and why.

``customers.store.open_store`` opens the store. Nothing is loaded before, so that an app which remembers
nobody needs no SQLAlchemy.
"""
