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


def outlives_restart(address: str) -> bool:
    """Whether a store outlives its machine: any but a SQLite file that is not on a mounted disk."""
    prefix = "sqlite:///"
    if not address.startswith("sqlite"):
        return True
    path = Path(address.removeprefix(prefix)).resolve()
    return any(str(each) != each.anchor and each.is_mount() for each in path.parents)
