"""Checks that roles go out as JSON and come back edited, and that another program can follow a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import InputError
from trainer.__main__ import main
from trainer.cli.run_progress import share_of
from trainer.roles.proposing import propose
from trainer.roles.settings.column_list import listed_columns, roles_of_columns
from trainer.roles.settings.settings_file import read_settings
from trainer.table.raw_table import Raw, read_raw

ROWS = 120


def customers(folder: Path) -> Path:
    """A table of two columns of numbers, one with an order, one of text and an identifier."""
    drawn = np.random.default_rng(0)
    path = folder / "shop.csv"
    lines = ["Customer ID,Orders,Basket (EUR),Plan,Notes"]
    for row in range(ROWS):
        high = row % 2
        orders, basket = drawn.poisson(4 + 20 * high) + 1, 20 + 60 * high + drawn.normal() * 4
        plan = ("low", "medium", "high")[drawn.integers(3)]
        lines.append(f"C{row:04d},{orders},{basket:.2f},{plan},note {drawn.integers(10**9)} of {row}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def orders(folder: Path, *, currency: str = "") -> Path:
    """Order lines of 60 customers."""
    drawn = np.random.default_rng(1)
    path = folder / "orders.csv"
    lines = ["Customer ID,Order ID,Order Date,Total"]
    for order in range(400):
        day = np.datetime64("2025-01-01") + int(drawn.integers(360))
        lines.append(f"C{order % 60:03d},O{order},{day},{currency}{5 + drawn.exponential(40):.2f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    """What ``python -m trainer roles`` prints."""
    assert main(["roles", *map(str, arguments)]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def proposed(raw: Raw, columns: Sequence[Any] | None = None) -> Any:
    """The schema of a table under an edited list."""
    roles = None if columns is None else roles_of_columns(columns)
    return propose(raw.cells, roles, readings=raw.readings, source=raw.source).schema()


def test_the_list_says_what_each_column_is_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = shown(capsys, "--data", customers(tmp_path))
    by_header = {each["header"]: each for each in found["columns"]}
    assert [each["role"] for each in found["columns"]] == [
        "identifier",
        "clustering",
        "clustering",
        "profile",
        "left out",
    ]
    assert by_header["Basket (EUR)"]["unit"] == "EUR"
    assert by_header["Plan"]["categories"] == ["low", "medium", "high"]
    assert all(each["reason"] for each in found["columns"])
    assert found["rows"] == ROWS
    assert found["orders"] is None
    assert set(found["roles"]) == {"clustering", "profile", "outcome", "identifier", "left out"}


def test_a_list_that_is_not_edited_changes_nothing(tmp_path: Path) -> None:
    raw = read_raw(customers(tmp_path))
    columns = listed_columns(propose(raw.cells, readings=raw.readings, source=raw.source))
    assert proposed(raw, columns) == proposed(raw)


def test_what_is_edited_is_obeyed(tmp_path: Path) -> None:
    raw = read_raw(customers(tmp_path))
    columns = listed_columns(propose(raw.cells, readings=raw.readings, source=raw.source))
    for each in columns:
        if each["header"] == "Orders":
            each["role"] = "profile"
        if each["header"] == "Basket (EUR)":
            each["label"], each["unit"], each["meaning"] = "Cart", "€", "basket"
        if each["header"] == "Plan":
            each["order"] = ["low", "medium", "high"]
    schema = proposed(raw, columns)
    cart = next(spec for spec in schema.columns if spec.header == "Basket (EUR)")
    plan = next(spec for spec in schema.columns if spec.header == "Plan")
    assert (cart.label, cart.unit, cart.meaning) == ("Cart", "€", "basket")
    assert "orders" not in schema.clustering_sources
    assert plan.has_order


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("Orders", "must be an object"),
        ({"header": "Orders"}, "must have a role"),
        ({"header": "Orders", "role": "king"}, "the role must be"),
        ({"header": "Orders", "role": "profile", "meaning": "fun"}, "the meaning must be"),
        ({"header": "Orders", "role": "profile", "unit": 3}, "unit must be text"),
        ({"header": "Orders", "role": "profile", "order": "low"}, "must be a list of texts"),
        ({"header": "Orders", "role": "profile", "rolle": 1}, "there is no 'rolle'"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused(entry: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        roles_of_columns([entry])


def test_two_identifiers_are_refused() -> None:
    with pytest.raises(InputError, match="one column may identify"):
        roles_of_columns([{"header": name, "role": "identifier"} for name in "AB"])


def test_the_list_is_a_file_for_config(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, "--data", customers(tmp_path))
    path = tmp_path / "roles.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    assert read_settings(path).cluster == ("Orders", "Basket (EUR)")
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match="must be a table of settings"):
        read_settings(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="must be readable JSON"):
        read_settings(path)


def test_order_lines_become_customers_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, made = orders(tmp_path), tmp_path / "customers.csv"
    found = shown(capsys, "--data", path, "--customers", made)
    assert (found["orders"]["lines"], found["orders"]["customers"], found["rows"]) == (400, 60, 60)
    assert {each["name"] for each in found["columns"]} >= {"recency", "frequency", "monetary"}
    assert len(made.read_text(encoding="utf-8").splitlines()) == 61
    without = shown(capsys, "--data", path)
    assert without["orders"] is None
    assert any("rfm" in note for note in without["notes"])


def test_a_table_of_customers_is_not_taken_for_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.csv"
    assert shown(capsys, "--data", customers(tmp_path), "--customers", made)["orders"] is None
    assert not made.exists()


def test_another_program_reads_progress_and_refusals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = customers(tmp_path)
    given = ["--data", str(path), "--out", str(tmp_path / "model"), "--quick", "--progress", "json"]
    assert main(given) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    shares = [line["share"] for line in lines]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert lines[0]["stage"] == "Finding the segments"
    assert main([*given, "--max-rows", "20"]) == 2
    (refused,) = capsys.readouterr().err.splitlines()
    assert json.loads(refused)["error"].startswith("the file must have at most 20 rows")


def test_a_stage_that_is_not_known_is_no_progress() -> None:
    assert share_of("Dancing", 1.0) == 0.0
