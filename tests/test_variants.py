"""Checks which sets of clustering columns are made, and the features in them, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from inference import InputError
from tests.planted_groups import groups_in_shares
from trainer import MALL, Roles, Schema, Table, prepare
from trainer.schema.formula import Formula
from trainer.schema.schema import Feature
from trainer.segments.alternatives import take_alternative, variants
from trainer.segments.alternatives.variants import MAKERS, MOST_FEATURES, MOST_VARIANTS


def slugs(table: Table) -> list[str]:
    return [each.slug for each in variants(table)]


def rich_table(rows: int = 200, **roles: object) -> Table:
    """Spending, skewed and even numbers, an ordered and an unordered category."""
    rng = np.random.default_rng(5)
    size = rng.normal(size=rows)
    customers = pd.DataFrame(
        {
            "Wine": np.exp(5 + size + rng.normal(size=rows)).round(2),
            "Meat": np.exp(5 + size + rng.normal(size=rows)).round(2),
            "Fish": np.exp(4 + size + rng.normal(size=rows)).round(2),
            "Store visits": (20 + 5 * size + rng.normal(size=rows)).round().clip(0),
            "Age": rng.integers(18, 80, rows),
            "Level": rng.choice(["Low", "Average", "High"], rows),
            "Colour": rng.choice(["red", "green", "blue"], rows),
        }
    )
    return prepare(customers, Roles(**roles)).table  # type: ignore[arg-type]  # settings by name


def schema_of(table: Table, slug: str) -> Schema:
    return take_alternative(table, slug).schema


def test_each_set_has_the_columns_it_is_named_after() -> None:
    table = rich_table()
    proposed = table.schema.clustering
    assert proposed == ("log_wine", "log_meat", "log_fish", "store_visits")
    assert schema_of(table, "as-proposed") == table.schema
    assert schema_of(table, "every-number").clustering == (*proposed, "age")
    assert schema_of(table, "with-ordinals").clustering == (*proposed, "level")
    assert schema_of(table, "with-categories").clustering == (*proposed, "colour")
    assert schema_of(table, "total-of-spend").clustering == ("store_visits", "log_total_spend")
    fewer = schema_of(table, "fewer-columns").clustering
    assert len(fewer) == 2
    assert set(fewer) < set(proposed)


def test_logarithms_go_and_come() -> None:
    assert set(MAKERS) >= {"with-logarithms", "without-logarithms"}
    logs = rich_table(columns={}, cluster=("wine", "meat"))
    assert schema_of(logs, "without-logarithms").clustering == ("wine", "meat")
    plain = rich_table(log=False, cluster=("wine", "meat"))
    assert plain.schema.clustering == ("wine", "meat")
    assert schema_of(plain, "with-logarithms").clustering == ("log_wine", "log_meat")


def features_of(table: Table, slug: str) -> dict[str, np.ndarray]:
    schema = schema_of(table, slug)
    known = {each.name: each.formula.evaluate(table.columns) for each in schema.features}
    return {name: known[name] for name in schema.clustering}


def test_shares_and_ratios_by_hand() -> None:
    table = rich_table()
    wine, meat, fish = (table.columns[name] for name in ("wine", "meat", "fish"))
    shares = features_of(table, "shares-of-spend")
    np.testing.assert_allclose(shares["share_meat"], meat / (wine + meat + fish + 1))
    largest, other = ("wine", "meat") if wine.mean() > meat.mean() else ("meat", "wine")
    ratios = features_of(table, "ratios-of-spend")
    assert list(ratios) == [f"{other}_to_{largest}", f"fish_to_{largest}"]
    expected = np.log1p(fish) - np.log1p(table.columns[largest])
    np.testing.assert_allclose(ratios[f"fish_to_{largest}"], expected)


def test_shares_of_small_amounts_stay_shares() -> None:
    customers, _ = groups_in_shares()
    tiny = prepare((customers / 10_000).round(6)).table
    total = sum(features_of(tiny, "shares-of-spend").values())
    assert np.median(total) > 0.98
    nothing = {name: np.zeros(1) for name in tiny.columns}
    for feature in schema_of(tiny, "shares-of-spend").features:
        assert feature.formula.evaluate(nothing) == 0.0


def test_principal_directions_are_those_of_scikit_learn() -> None:
    table = rich_table()
    schema = table.schema
    known = {each.name: each.formula.evaluate(table.columns) for each in schema.features} | table.columns
    values = np.column_stack([known[name] for name in schema.clustering]).astype(float)
    inside = (np.abs(values - np.median(values, axis=0)) < 3 * values.std(axis=0)).all(axis=1)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    expected = PCA(n_components=2).fit(scaled).transform(scaled)
    found = np.column_stack(list(features_of(table, "principal-directions").values()))
    assert found.shape[1] == 2
    for index in range(2):
        assert abs(np.corrcoef(found[inside, index], expected[inside, index])[0, 1]) > 0.999


def test_spending_is_also_what_the_users_own_value_adds_up() -> None:
    total = Feature(name="both", label="Both", formula=Formula("a + b"))
    rng = np.random.default_rng(0)
    customers = pd.DataFrame(rng.gamma(2.0, 50.0, size=(200, 2)).round(1), columns=["a", "b"])
    table = prepare(customers, Roles(features=(total,), value="both")).table
    assert schema_of(table, "shares-of-spend").clustering == ("share_a", "share_b")
    product = replace(total, formula=Formula("a * b"))
    other = prepare(customers, Roles(features=(product,), value="both")).table
    assert "shares-of-spend" not in slugs(other)


def test_spend_columns_that_are_rarely_known_together_make_no_features() -> None:
    table = rich_table(cluster=("store_visits", "age"))
    assert "total-of-spend" in slugs(table)
    position = np.arange(len(table)) / len(table)
    gaps = {"wine": position < 0.4, "meat": (position >= 0.3) & (position < 0.7), "fish": position >= 0.6}
    columns = {name: np.where(gap, np.nan, table.columns[name]) for name, gap in gaps.items()}
    spend = {"shares-of-spend", "total-of-spend", "ratios-of-spend"}
    assert not spend & set(slugs(replace(table, columns=table.columns | columns)))


def test_sets_differ_can_cluster_and_are_few() -> None:
    table = rich_table()
    found = variants(table)
    assert len({frozenset(each.schema.clustering) for each in found}) == len(found) <= MOST_VARIANTS + 1
    many = {f"c{index}": np.random.default_rng(index).normal(size=100) for index in range(MOST_FEATURES + 1)}
    wide = prepare(pd.DataFrame(many), Roles(cluster=("c0", "c1"))).table
    assert "every-number" not in slugs(wide)
    rare = table.columns | {"age": np.where(np.arange(len(table)) < 120, np.nan, table.columns["age"])}
    assert "every-number" not in slugs(replace(table, columns=rare))
    constant = table.columns | {"age": np.full(len(table), 30.0)}
    assert "every-number" not in slugs(replace(table, columns=constant))


def test_mall_has_these_sets(table: Table) -> None:
    assert slugs(table) == [
        "as-proposed",
        "every-number",
        "with-categories",
        "with-engineered-columns",
        "with-everything",
    ]


def test_the_schema_refuses_spend_columns_that_are_none() -> None:
    with pytest.raises(InputError, match="a spend column must be a number column, but 'gender' is not one"):
        replace(MALL, spend_columns=("gender",))
