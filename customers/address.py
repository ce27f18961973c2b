"""Where the store is, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DEFAULT_PATH = Path("customers.sqlite")


def store_address(environment: Mapping[str, str]) -> str:
    """``DATABASE_URL``, else the SQLite file ``STORE_PATH``, else ``customers.sqlite`` in this folder."""
    url = environment.get("DATABASE_URL", "").strip()
    path = environment.get("STORE_PATH", "").strip() or DEFAULT_PATH
    return url or f"sqlite:///{Path(path).absolute()}"
