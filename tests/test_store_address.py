"""Checks where the store is, and whether it outlives a machine that is rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.address import DEFAULT_PATH, outlives_restart, store_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, f"sqlite:///{DEFAULT_PATH.absolute()}"),
        ({"STORE_PATH": "/data/c.sqlite"}, "sqlite:////data/c.sqlite"),
        ({"STORE_PATH": "/data/c.sqlite", "DATABASE_URL": " postgresql://h/n "}, "postgresql://h/n"),
    ],
)
def test_the_address_is_from_the_environment(given: dict[str, str], address: str) -> None:
    assert store_address(given) == address


@pytest.mark.parametrize(
    ("address", "lasts"),
    [
        ("postgresql://host/name", True),
        ("sqlite:////data/deep/c.sqlite", True),
        ("sqlite:////data/c.sqlite", True),
        ("sqlite:////app/c.sqlite", False),
        ("sqlite:///c.sqlite", False),
        ("sqlite://", False),
    ],
)
def test_only_what_is_mounted_or_elsewhere_lasts(
    address: str, lasts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda path: str(path) in ("/", "/data"))
    monkeypatch.chdir("/")
    assert outlives_restart(address) is lasts
