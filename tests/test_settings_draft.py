"""Checks that a written proposal is read back as the same schema, with any headers and no customer data."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference import InputError
from tests import shapes
from trainer import Roles, propose
from trainer.roles.settings.role_settings import ColumnSettings
from trainer.roles.settings.settings_draft import draft, write_draft
from trainer.roles.settings.settings_file import read_settings

HOSTILE = (
    'say "so"',
    "it's",
    "both ' and \"",
    "two\nlines\r\nor three",
    "# no comment",
    "back\\slash",
    "]\n[columns.x]",
    "tab\there",
    "bell\x07 \x7f end",
    "客户收入",
    "Größe (m²)",
    "naïve_Ärger",
    "segment",
    "class",
    "2024",
    "",
    "annual income",
    "annual_income",
    "Annual Income (k$)",
    "log_annual_income",
    "emoji 🛍️",
    "\u202eright to left",
    "a=b",
    "select_1",
    "__proto__",
)


def _returned(table: Any, tmp_path: Path, **said: Any) -> None:
    """Write the proposal, read it over the same table, and compare the schemas."""
    proposal = propose(table, Roles(**said), source="customers.csv")
    path = tmp_path / "segmentation.toml"
    write_draft(path, proposal, source="customers.csv", data="customers.csv")
    again = propose(table, read_settings(path), source="another.csv")
    assert again.schema() == proposal.schema()
    path.unlink()


@pytest.mark.parametrize("shape", ["shop", "telecom", "bank"])
def test_the_written_file_gives_the_proposed_schema(shape: str, tmp_path: Path) -> None:
    table = getattr(shapes, shape)(500)
    _returned(table, tmp_path)
    _returned(table, tmp_path, log=False)


def test_who_describes_the_person_is_as_set_and_comes_back(tmp_path: Path) -> None:
    table = shapes.shop(500)
    set_as_person = {"orders": ColumnSettings(source="Orders", person=True)}
    proposal = propose(table, Roles(columns=set_as_person))
    assert "orders" in propose(table).clustering
    assert "orders" not in proposal.clustering
    assert next(each.person for each in proposal.schema().columns if each.name == "orders")
    _returned(table, tmp_path, columns=set_as_person)
    _returned(
        table.append_column("Age", table["Orders"]),
        tmp_path,
        columns={"age": ColumnSettings(source="Age", person=False)},
    )


def test_hostile_headers_come_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(0, 1, 200)
    for start in range(0, len(HOSTILE), 5):
        headers = HOSTILE[start:] + HOSTILE[:start]
        columns = {
            header: np.exp(hidden * (1 + place % 4) + rng.normal(0, 1, 200)).round(3)
            for place, header in enumerate(headers)
        }
        _returned(pa.table(columns), tmp_path)


def test_drawn_headers_and_categories_come_back(tmp_path: Path) -> None:
    draw = random.Random(0)  # noqa: S311 - no secret
    signs = "ab1_ \"'\\\n\t#=[]{}.,:éß客🙂\u2028\x00\x1f"
    for _ in range(20):
        headers = {"".join(draw.choices(signs, k=draw.randint(0, 8))).strip().casefold() for _ in range(6)}
        levels = {"x" + "".join(draw.choices(signs, k=5)).strip().casefold() for _ in range(3)}
        columns: dict[str, Any] = {
            header: [str(draw.lognormvariate(0, 1)) for _ in range(80)] for header in headers
        }
        columns["level"] = draw.choices(sorted(levels), k=80)
        _returned(pa.table(columns), tmp_path)


def test_no_cell_but_categories_is_in_the_file() -> None:
    table = shapes.shop(300)
    text = draft(propose(table), source="shop.csv", command="--data shop.csv")
    for header in ("Customer ID", "E-Mail", "Remark", "Total Spend (EUR)", "Signup"):
        reported = [cell for cell in table[header].to_pylist() if len(cell) > 4 and cell in text]
        assert reported == []
    assert '"Germany"' in text
    assert "Malta" not in text


def test_each_decision_has_its_reason_beside_it() -> None:
    text = draft(propose(shapes.shop(300)), source="shop.csv", command="--data shop.csv")
    assert '"E-Mail",  # its header suggests an identifier' in text
    assert "[columns.returns]  # profile: " in text
    assert "missing in " in text
    assert "[features.log_total_spend]  # used for clustering instead of 'Total Spend (EUR)': skew" in text
    assert "python -m trainer --data shop.csv" in text


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "segmentation.toml"
    path.write_text("mine", encoding="utf-8")
    proposal = propose(shapes.shop(200))
    with pytest.raises(InputError, match="must not exist yet, but it does and is not overwritten"):
        write_draft(path, proposal, source="shop.csv", data="shop.csv")
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(InputError, match="must be writable, but it is not"):
        write_draft(tmp_path / "nowhere" / "x.toml", proposal, source="shop.csv", data="shop.csv")


def test_the_lines_for_dates_that_read_in_two_ways_need_only_their_first_sign_removed(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    days = [f"{rng.integers(1, 13):02d}/{rng.integers(1, 13):02d}/2024" for _ in range(100)]
    table = pa.table(
        {"orders": rng.poisson(9, 100), "spend": rng.normal(90, 9, 100).round(1), "Last, order": days}
    )
    path = tmp_path / "segmentation.toml"
    write_draft(path, propose(table), source="customers.csv", data="customers.csv")
    assert read_settings(path).columns.keys() == {"orders", "spend"}
    written = path.read_text(encoding="utf-8")
    head, section = written.split("# [columns.last_order]")
    path.write_text(head + "[columns.last_order]" + section.replace("\n# ", "\n"), encoding="utf-8")
    found = next(each for each in propose(table, read_settings(path)).decisions if each.name == "last_order")
    assert (found.role, found.reason) == ("profile", "dates, %d/%m/%Y as set by you")
