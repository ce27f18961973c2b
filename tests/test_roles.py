"""Checks that roles are proposed from the data, with reasons, and that the user's settings override them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference import InputError
from tests import shapes
from tests.proposed_roles import ROWS, decision_of, table_with
from trainer import Feature, Roles, prepare, propose
from trainer.schema.formula import Formula

RNG = np.random.default_rng(1)


def test_a_near_copy_does_not_drive_and_the_first_one_is_named() -> None:
    table = table_with()
    doubled = np.array(table["orders"].to_pylist(), dtype=float) * 2 + 1
    found = decision_of(propose(table_with(twice=doubled)), "twice")
    assert found.role == "profile"
    assert "nearly a copy of 'orders' (rank correlation 1.000)" in found.reason


def test_what_follows_from_two_others_does_not_drive() -> None:
    proposal = propose(shapes.telecom(400))
    assert proposal.clustering == ("tenure", "monthly_charges")
    assert "follows from 'tenure' times 'MonthlyCharges'" in decision_of(proposal, "TotalCharges").reason


def test_noise_does_not_drive_beside_columns_that_have_to_do_with_each_other() -> None:
    proposal = propose(shapes.bank(2000))
    for header in ("Revolving_Balance", "Total_Trans_Amt", "Cash_Advance"):
        assert decision_of(proposal, header).role == "clustering"
    assert "independent of every other candidate" in decision_of(proposal, "Score_1").reason


def test_no_more_than_eight_columns_drive_and_the_value_is_among_them() -> None:
    rng = np.random.default_rng(4)
    hidden = rng.normal(0, 1, (ROWS, 3))
    many = {f"m{each}": hidden @ rng.normal(0, 1, 3) + rng.normal(0, 0.7, ROWS) for each in range(12)}
    many["revenue"] = np.exp(hidden[:, 0] + rng.normal(0, 0.5, ROWS))
    table = pa.table({name: [f"{value:.4f}" for value in values] for name, values in many.items()})
    proposal = propose(table)
    assert len(proposal.clustering) == 8
    assert "log_revenue" in proposal.clustering
    assert any("8 of 13 candidates are used" in each.reason for each in proposal.decisions)


def test_skewed_amounts_are_clustered_by_their_logarithm_unless_set_otherwise() -> None:
    table = shapes.shop(600)
    proposal = propose(table)
    assert "log_total_spend" in proposal.clustering
    assert "total_spend" not in proposal.clustering
    assert "skew" in proposal.reasons["log_total_spend"]
    assert "total_spend" in propose(table, Roles(log=False)).clustering


def test_value_and_capacity_come_from_clear_names_only() -> None:
    bank, shop = propose(shapes.bank(1000)), propose(shapes.shop(500))
    assert (bank.value, bank.capacity, bank.spend) == ("total_trans_amt", "income", None)
    assert (shop.value, shop.capacity, shop.spend) == ("total_spend", None, None)
    assert propose(table_with()).value is None
    assert propose(shapes.shop(500), Roles(value="")).value is None


def test_a_date_describes_as_it_is() -> None:
    proposal = propose(shapes.shop(300))
    assert decision_of(proposal, "Last order").role == "profile"
    assert not [each for each in proposal.features if "last_order" in each.formula.columns]


def test_a_persons_word_counts_more() -> None:
    roles = Roles(
        cluster=("Orders", "basket"),
        ignore=("country",),
        identifier="E-Mail",
        columns={"money": "Total Spend (EUR)"},
        features=(Feature(name="share", label="Share", formula=Formula("basket / money")),),
    )
    proposal = propose(shapes.shop(300), roles)
    assert proposal.clustering == ("orders", "basket")
    assert proposal.identifier == "E-Mail"
    assert decision_of(proposal, "Country").reason == "left out, as set by you"
    assert decision_of(proposal, "Total Spend (EUR)").name == "money"
    assert decision_of(proposal, "Recency (days)").reason == "not among the clustering columns you named"
    assert proposal.features[0].name == "share"
    assert proposal.value == "money"


def test_what_describes_does_not_drive() -> None:
    proposal = propose(shapes.shop(300), Roles(profile=("basket",)))
    assert "basket" not in proposal.clustering
    assert decision_of(proposal, "Basket (EUR)").role == "profile"


def test_a_person_alone_is_better_than_nothing_and_that_is_said() -> None:
    ages = pa.table({"Age": np.random.default_rng(0).integers(18, 90, ROWS)})
    proposal = propose(ages)
    assert proposal.clustering == ("age",)
    assert "columns about the person are used" in proposal.notes[0]


def test_purchases_in_place_of_customers_are_noticed() -> None:
    rng = np.random.default_rng(0)
    proposal = propose(table_with(**{"Customer ID": rng.integers(0, 60, ROWS)}))
    assert "aggregate each customer's rows first" in proposal.notes[0]


def test_the_mall_headers_get_the_mall_schema(table: Any) -> None:
    rng = np.random.default_rng(0)
    headers = ("customerid", "genre", "Age", "Annual Income (k$)", "Spending Score (1-100)")
    numbers = [range(60), ["m", "f"] * 30, *(rng.integers(low, 90, 60) for low in (18, 15, 1))]
    cells = pa.table(dict(zip(headers, (list(map(str, each)) for each in numbers), strict=True)))
    assert prepare(cells).proposal is None
    assert prepare(cells).table.schema == table.schema
    assert prepare(cells, Roles(cluster=("Age",))).table.schema.clustering == ("age",)
    assert prepare(cells, Roles(ignore=("Age",))).proposal is not None


def test_columns_of_spending_are_summed_to_the_value() -> None:
    rng = np.random.default_rng(6)
    spent = {f"Mnt{each}": rng.integers(0, 900, ROWS) for each in ("Wines", "Fruits", "Meat")}
    proposal = propose(table_with(**spent))
    (total,) = (each for each in proposal.features if each.name == proposal.value)
    assert total.formula.text == "mnt_wines + mnt_fruits + mnt_meat"
    assert propose(table_with(**spent), Roles(value="")).value is None
    goods = {each: np.round(rng.gamma(2, 900, ROWS), 1) for each in ("Fresh", "Milk", "Grocery")}
    assert propose(table_with(**goods)).value == "total_spend"


def test_a_person_decides_what_an_outcome_is() -> None:
    table = table_with(Churn=["Yes", "No"] * 150, Score=list(range(ROWS)))
    assert decision_of(propose(table, Roles(outcome=())), "Churn").role == "profile"
    assert decision_of(propose(table, Roles(profile=("Churn",))), "Churn").role == "profile"
    proposal = propose(table, Roles(outcome=("basket",)))
    assert [spec.name for spec in proposal.schema().outcomes] == ["basket"]
    with pytest.raises(InputError, match="'Churn' is named as an outcome and for another one"):
        propose(table, Roles(outcome=("Churn",), profile=("Churn",)))


def test_columns_that_are_often_missing_cluster_where_nothing_is_known_more_often() -> None:
    sizes = RNG.gamma(2.0, 50.0, (300, 2))
    sizes[RNG.random((300, 2)) < (0.15, 0.22)] = np.nan
    table = pa.table({"orders": sizes[:, 0], "basket": sizes[:, 1], "town": ["red", "green", "blue"] * 100})
    proposal = propose(table)
    assert proposal.clustering
    assert "missing in more than 10% of the rows" in proposal.notes[0]


@pytest.mark.parametrize(
    "header",
    [
        *("Umsatz (€)", "Montant total", "Chiffre d'affaires", "Importe total", "Fatturato", "Valor total"),
        *("Omzet", "Kwota", "Toplam Tutar", "Сумма", "合計金額", "消费金额"),
    ],
)
def test_what_a_customer_is_worth_is_found_in_other_languages(header: str) -> None:
    table = table_with(**{header: np.round(RNG.gamma(2.0, 100.0, ROWS), 2)})
    found = propose(table)
    assert found.value == decision_of(found, header).name


@pytest.mark.parametrize("header", ["Durchschnittlicher Umsatz", "Nombre dépenses", "平均金額", "Son tutar"])
def test_averages_counts_and_single_amounts_are_not_what_a_customer_is_worth(header: str) -> None:
    assert propose(table_with(**{header: np.round(RNG.gamma(2.0, 100.0, ROWS), 2)})).value is None
