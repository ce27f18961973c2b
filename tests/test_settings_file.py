"""Checks that ``segmentation.toml`` supports all settings, and that each mistake gets a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import Category, InputError
from trainer import ColumnSettings, Roles
from trainer.roles.settings.settings_file import read_settings

pytestmark = pytest.mark.fast

WHOLE = """
name = "shop"
title = "Our shop"
id = "Customer ID"
cluster = ["recency", "log_spend"]
ignore = ["E-Mail"]
log = false
value = "spend"
capacity = ""

[columns.spend]
source = "Total Spend (EUR)"
kind = "number"
label = "Spend"
unit = "EUR"
range = [0, 1e5]

[columns.plan]
categories = ["basic", {value = "plus", aliases = ["p"]}, "other"]
other = "other"

[columns.joined]
date_format = "%d/%m/%Y"

[features.log_spend]
formula = "log1p(spend)"
"""


def _read(tmp_path: Path, text: str) -> Roles:
    path = tmp_path / "segmentation.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_all_of_it_is_read(tmp_path: Path) -> None:
    roles = _read(tmp_path, WHOLE)
    assert (roles.name, roles.title, roles.identifier) == ("shop", "Our shop", "Customer ID")
    assert (roles.cluster, roles.ignore, roles.log) == (("recency", "log_spend"), ("E-Mail",), False)
    assert (roles.value, roles.capacity, roles.spend) == ("spend", "", None)
    assert roles.columns["spend"] == ColumnSettings(
        source="Total Spend (EUR)", kind="number", label="Spend", unit="EUR", range=(0.0, 100_000.0)
    )
    assert roles.columns["plan"] == ColumnSettings(
        categories=(Category(value="basic"), Category(value="plus", aliases=("p",)), Category(value="other")),
        other="other",
    )
    assert roles.columns["joined"] == ColumnSettings(date_format="%d/%m/%Y")
    (feature,) = roles.features
    assert (feature.name, feature.label, feature.formula.text) == ("log_spend", "Log spend", "log1p(spend)")


def test_an_empty_file_leaves_everything_to_the_data(tmp_path: Path) -> None:
    assert _read(tmp_path, "") == Roles()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cluster = [", "must be readable TOML"),
        ('clusters = ["a"]', r"the file has no 'clusters'; it may have name, .*\. Did you mean 'cluster'\?"),
        ('cluster = "a"', "'cluster' of the file must be a list of texts"),
        ("cluster = [1]", "'cluster' of the file must be a list of texts"),
        ('cluster = ["a", "A"]', "cluster must name each column once"),
        ('log = "no"', "'log' of the file must be true or false, but it is 'no'"),
        ("title = 5", "'title' of the file must be text"),
        ('title = " "', "'title' of the file must be text"),
        ("columns = 3", "'columns' of the file must be tables"),
        ("[columns]\na = 3", r"\[columns.a\] must be a table of settings, but it is 3"),
        ('[columns.a]\nlable = "x"', r"\[columns.a\] has no 'lable'.*Did you mean 'label'"),
        (
            '[columns.a]\nkind = "text"',
            r"'kind' of \[columns.a\] must be 'number', 'category' or 'date', but it is 'text'",
        ),
        ("[columns.a]\nrange = [5, 1]", r"'range' of \[columns.a\] must be the lower and the higher limit"),
        ("[columns.a]\nrange = [true, 5]", r"'range' of \[columns.a\]"),
        ("[columns.a]\nrange = 5", r"'range' of \[columns.a\]"),
        ('[columns.a]\ncategories = ["x", "X"]', r"\[columns.a\]: categories and aliases must differ"),
        ('[columns.a]\ncategories = ["x"]', r"\[columns.a\]: a category column needs at least two"),
        ('[columns.a]\ncategories = ["x", 1]', r"a category of \[columns.a\] must be a table"),
        ('[columns.a]\ncategories = ["x", {name = "y"}]', "has no 'name'; it may have value or aliases"),
        ('[columns.a]\ncategories = ["x", {aliases = ["y"]}]', "must have a value"),
        ('[columns.a]\ncategories = ["x", "y"]\nother = "z"', "other must be one of the categories"),
        ('[columns."a b"]\nunit = "x"', "a name must be made of plain letters.* but it is 'a b'"),
        ('[columns.novelty]\nunit = "x"', "a name must be made of plain letters.* but it is 'novelty'"),
        ('[features.x]\nlabel = "X"', r"\[features.x\] must have a formula"),
        ('[features.x]\nformula = "exp(a)"', r"\[features.x\]: a formula may use"),
        (
            "[features.x]\nformula = \"days_since(a, 'soon')\"",
            r"days_since must count to a day such as",
        ),
    ],
)
def test_every_slip_gets_one_sentence(text: str, wanted: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=wanted) as caught:
        _read(tmp_path, text)
    assert "segmentation.toml" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be readable TOML"):
        read_settings(tmp_path / "nothing.toml")
