"""Checks that an invalid column or schema is refused when it is declared, with what to change."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from inference import Category, InputError
from inference.contract import OUTPUTS
from trainer import MALL, ColumnSpec, Feature, Schema
from trainer.schema.formula import Formula
from trainer.schema.onnx_graph import Graph

pytestmark = pytest.mark.fast

JOINED = ColumnSpec(name="joined", header="Joined", label="Joined", kind="date")
SPEND = ColumnSpec(name="spend", header="Spend", label="Spend", kind="number")


def schema(*columns: ColumnSpec, formula: str = "", **changes: Any) -> Schema:
    features = (Feature(name="made", label="Made", formula=Formula(formula)),) if formula else ()
    return Schema(
        name="shop", title="Shop", columns=columns, features=features, **{"clustering": ("spend",), **changes}
    )


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"kind": "text"}, "the kind of column 'joined' must be one of ('number', 'category', 'date')"),
        ({"kind": "category"}, "must be named when it is a category, and only then, but they are []"),
        ({"categories": (Category(value="x"),)}, "and only then, but they are ['x']"),
        ({"kind": "category", "categories": (Category(value=" "),)}, "must differ and not be blank"),
        ({"kind": "number", "date_format": "%Y"}, "must be 'date', or it can have no date_format"),
        ({"date_format": "%d.%m."}, "must contain year, month and day"),
        ({"date_format": "%Y-%d-%m"}, "not look like ISO for another day, but '%Y-%d-%m' writes 2024-03-01"),
        ({"date_format": "%Q"}, "must be one of datetime.strptime, such as '%d.%m.%Y', but it is '%Q'"),
        (
            {"other": "rest"},
            "'other' of column 'joined' must name one of its categories [], but",
        ),
    ],
)
def test_refuses_a_column_that_cannot_be_read(change: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InputError, match=re.escape(wanted)):
        replace(JOINED, **change)


@pytest.mark.parametrize("date_format", ["%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d %b %Y", "%Y/%m/%d %H:%M:%S"])
def test_takes_formats_that_give_back_the_day(date_format: str) -> None:
    assert replace(JOINED, date_format=date_format).date_format == date_format


def test_takes_other_that_is_a_category() -> None:
    spec = ColumnSpec(
        name="a", header="A", label="A", kind="category", categories=(Category(value="x"),), other="x"
    )
    assert spec.features == ()


@pytest.mark.parametrize("name", OUTPUTS)
def test_refuses_a_column_named_like_an_output(name: str) -> None:
    with pytest.raises(InputError, match=f"differ from the model file's outputs .* but it is '{name}'; give"):
        schema(SPEND, replace(JOINED, name=name))


@pytest.mark.parametrize("name", ["annual income", "1st", "", "a-b", "class"])
def test_refuses_a_name_python_cannot_take(name: str) -> None:
    with pytest.raises(InputError, match=f"must be a Python identifier such as .*, but it is '{name}'"):
        schema(SPEND, replace(JOINED, name=name))


def test_refuses_a_name_that_is_there_twice() -> None:
    with pytest.raises(InputError, match="must have its own name, but 'spend' occurs twice"):
        schema(SPEND, replace(JOINED, name="spend"))
    with pytest.raises(InputError, match="must have its own name, but 'made' occurs twice"):
        schema(SPEND, replace(JOINED, name="made"), formula="spend + 1")


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (
            "joined + spend",
            r"must use the date 'joined' inside days_since only; write days_since\(joined",
        ),
        (
            "days_since(spend, '2026-01-01')",
            r"must use date columns .* 'spend' is not one; known: \['joi",
        ),
        ("days_since(joined, '2026-01-01') - joined", "must use the date 'joined' inside days_since only"),
        (
            "days_since(left, '2026-01-01')",
            "must use date columns inside days_since, but 'left' is not one",
        ),
    ],
)
def test_refuses_a_formula_that_mixes_dates_and_numbers(formula: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        schema(SPEND, JOINED, formula=formula)


def test_refuses_a_date_as_the_value() -> None:
    with pytest.raises(InputError, match="the value column must be a number, but 'joined' is a date"):
        schema(SPEND, JOINED, value="joined")


def test_days_since_a_date_may_drive_and_so_may_the_date_itself() -> None:
    made = schema(
        SPEND, JOINED, formula="days_since(joined, '2026-01-01') / spend", clustering=("made", "joined")
    )
    assert made.clustering_sources == ("spend", "joined")
    assert made.clustering_features == ("made", "joined")


def test_a_column_may_be_named_as_a_step_of_the_graph_would_be() -> None:
    graph = Graph(taken=("add_1", "add_3"))
    assert [graph.node("Add", "a", "b"), graph.branch().node("Add", "b", "a")] == ["add_2", "add_4"]


def test_an_equal_step_is_not_written_twice() -> None:
    graph = Graph()
    first, inner = graph.node("Add", "a", "b"), graph.branch()
    assert graph.node("Add", "a", "b") == inner.node("Add", "a", "b") == first
    assert inner.turned(inner.turned("m")) == "m"
    inner.node("Neg", first)
    kept = inner.node("Exp", first)
    inner.prune([kept])
    assert [node.op_type for node in inner.nodes] == ["Exp"]


def test_the_mall_schema_is_one_that_works() -> None:
    assert replace(MALL).names == MALL.names
