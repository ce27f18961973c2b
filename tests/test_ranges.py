"""A range of the owner's is a limit; one that was proposed is an expectation, and beyond it is an answer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from inference.contract import Contract
from inference.kinds.cell_rules import parse_cell
from inference.validation import check_columns
from service.api.describe import column_info
from service.kinds.kind_views import kind_view
from tests.synthetic import contract, number
from trainer.roles.declared_columns import column_spec
from trainer.roles.recognise.column_statistics import Facts, look_at
from trainer.roles.settings.role_settings import ColumnSettings
from trainer.schema.formula import Formula
from trainer.table.table_readings import read_table_columns


def spend(**changes: bool) -> Contract:
    """A contract of one column with the range from 0 to 100."""
    return contract([number("spend", 0.0, 100.0, **changes)], ("One", "Two"))


def test_a_range_is_a_limit_unless_the_contract_says_otherwise() -> None:
    (column,) = spend().columns
    assert column.hard_range
    assert column.limits == (0.0, 100.0)
    _, refusal = parse_cell(column, 101)
    assert str(refusal).startswith("must be from 0 to 100")


@pytest.mark.parametrize("value", [-5.0, 101.0, 1e9])
def test_beyond_a_soft_range_is_a_value(value: float) -> None:
    known = spend(hard_range=False)
    assert parse_cell(known.columns[0], value) == (value, None)
    assert check_columns(known, {"spend": np.array([value])}).problems == {}


@pytest.mark.parametrize("value", [np.inf, 1e39])
def test_what_no_customer_can_have_is_refused_all_the_same(value: float) -> None:
    known = spend(hard_range=False)
    assert parse_cell(known.columns[0], value)[1]
    assert 0 in check_columns(known, {"spend": np.array([value])}).problems


def test_the_api_shows_limits_only() -> None:
    hard, soft = spend().columns[0], spend(hard_range=False).columns[0]
    assert (column_info(hard)["minimum"], column_info(hard)["maximum"]) == (0.0, 100.0)
    assert (column_info(soft)["minimum"], column_info(soft)["maximum"]) == (None, None)
    (schema,) = kind_view(soft).schemas(soft, spellings=True)
    assert schema["maximum"] > 1e38


def facts() -> Facts:
    """A column of spends."""
    cells = pa.table({"Spend": [1.0, 20.5, 300.0] * 40})
    column = read_table_columns(cells).columns["Spend"]
    return look_at("Spend", cells["Spend"], column, np.arange(cells.num_rows))


def test_a_proposed_range_is_soft_and_a_given_one_is_hard() -> None:
    proposed = column_spec("spend", "number", facts(), ColumnSettings())
    assert (proposed.range, proposed.hard_range) == ((0.0, 10_000.0), False)
    given = column_spec("spend", "number", facts(), ColumnSettings(range=(0.0, 500.0)))
    assert (given.range, given.hard_range) == ((0.0, 500.0), True)


def test_the_logarithm_of_a_negative_number_is_that_of_zero() -> None:
    found = Formula("log1p(spend)").evaluate({"spend": np.array([-30.0, -0.5, 0.0, np.nan])})
    assert np.array_equal(found, [0.0, 0.0, 0.0, np.nan], equal_nan=True)
