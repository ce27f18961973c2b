"""Checks that roles are proposed from the data, with reasons, and that the user's settings override them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import Category, InputError
from tests import shapes
from trainer import ColumnSettings, Feature, Proposal, Roles, prepare, propose
from trainer.cli.train_advice import train_advice
from trainer.roles.proposal import Decision
from trainer.schema.formula import Formula

ROWS = 300


def _table(**columns: Any) -> Any:
    """A table with two clustering columns, and the given ones."""
    rng = np.random.default_rng(0)
    orders = rng.poisson(30, ROWS)
    plain = {"orders": orders, "basket": np.round(orders + rng.normal(40, 4, ROWS), 2)}
    return pa.table({name: list(map(_cell, values)) for name, values in {**plain, **columns}.items()})


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _of(proposal: Proposal, header: str) -> Decision:
    return next(each for each in proposal.decisions if each.header == header)


def _proposed(values: Any, header: str = "x") -> Decision:
    return _of(propose(_table(**{header: values})), header)


def test_headers_in_other_scripts_become_readable_names_and_stay_the_labels() -> None:
    rng = np.random.default_rng(0)
    yen = "購入金額\uff08円\uff09"  # in wide parentheses
    headers = [yen, "Количество заказов", "Ηλικία", "المبلغ", "количество  заказов", "Größe (cm)"]
    found = propose(pa.table({header: rng.normal(50, 9, ROWS).round(1) for header in headers}))
    specs = [each.spec for each in found.decisions if each.spec is not None]
    assert [spec.name for spec in specs] == [
        *("gou_ru_jin_e", "kolichestvo_zakazov", "ilikia", "lmblgh", "kolichestvo_zakazov_2", "grosse"),
    ]
    assert [spec.label for spec in specs][:3] == ["購入金額", "Количество заказов", "Ηλικία"]
    assert (specs[0].unit, specs[0].header) == ("円", yen)


RNG = np.random.default_rng(1)
WORDS = ["red", "green", "blue"]


@pytest.mark.parametrize(
    ("header", "values", "kind", "role", "why"),
    [
        ("x", [None] * ROWS, "empty", "left out", "every cell is blank"),
        ("x", [7] * ROWS, "constant", "left out", "is the same"),
        ("x", ["yes", "YES "] * 150, "constant", "left out", "is the same"),
        ("x", [1] * 9 + [None] * 291, "constant", "left out", "is the same"),
        ("x", [*WORDS, *[None] * 297], "empty", "left out", "only 3 of 300 cells are not blank"),
        ("x", np.arange(ROWS) + 5000, "identifier", "identifier", "unique by design"),
        ("x", RNG.permutation(ROWS), "identifier", "identifier", "unique by design"),
        ("x", 40_000_000 + RNG.permutation(10_000_000)[:ROWS], "identifier", "identifier", "unique"),
        ("x", RNG.permutation(10_000_000)[:ROWS], "number", "profile", "independent"),
        ("customer_no", RNG.integers(0, 99, ROWS), "identifier", "identifier", "its header suggests"),
        ("CLIENTNUM", RNG.normal(0, 1, ROWS), "identifier", "identifier", "suggests an identifier"),
        ("Phone", RNG.integers(10**6, 10**7, ROWS), "identifier", "identifier", "its header suggests"),
        ("store_id", RNG.integers(0, 5, ROWS), "category", "profile", "5 codes: its header contains 'store'"),
        ("Product ID", RNG.integers(0, 5, ROWS), "category", "profile", "5 codes: its header contains 'id'"),
        ("Code", [f"{each:08d}" for each in range(37, 37 + ROWS)], "identifier", "identifier", "padded"),
        ("Zip Code", RNG.permutation(90_000)[:ROWS] + 10_000, "free text", "left out", "is shared"),
        ("x", [f"k{each}" for each in range(ROWS)], "identifier", "identifier", "300 different texts"),
        ("x", [f"a long story about {each}" for each in range(ROWS)], "free text", "left out", "300"),
        ("x", [f"n{each % 200}" for each in range(ROWS)], "free text", "left out", "200 different texts"),
        ("x", ["00" + str(each) for each in RNG.permutation(90_000)[:ROWS] + 10_000],
         "identifier", "identifier", "padded with zeros"),
        ("Rating", [f"{each:.2f}" for each in RNG.normal(9, 2, ROWS)], "number", "profile", "independent"),
        ("Vorname", ["Jörg", "Ute", "Kai"] * 100, "personal data", "left out", "names of people; never used"),
        ("x", [f"{name} {each}" for each in range(10) for name in ["Maria", "Juan", "Petra"]] * 10,
         "personal data", "left out", "look like names of people"),
        ("x", [f"k{each % 99}@shop.test" for each in range(ROWS)], "personal data", "left out", "e-mail"),
        ("x", [f"+49 30 {each % 99 + 10_000_000}" for each in range(ROWS)], "personal data", "left out",
         "telephone"),
        ("Geburtsort", ["Bonn", "Kiel", "Jena"] * 100, "personal data", "left out", "place of birth"),
        ("Churn", ["Yes", "No"] * 150, "category", "outcome", "contains 'churn'"),
        ("Respuesta", [0, 1] * 150, "category", "outcome", "an outcome"),
        ("response time", RNG.normal(9, 2, ROWS), "number", "profile", "independent"),
        ("Cluster", RNG.integers(0, 4, ROWS), "category", "outcome", "existing groups of customers"),
        ("propensity", RNG.random(ROWS), "number", "outcome", "a model's prediction"),
        ("NumStorePurchases", RNG.integers(0, 14, ROWS), "number", "profile", "independent"),
        ("store visits", RNG.integers(0, 14, ROWS), "number", "profile", "independent"),
        ("weekday", RNG.integers(1, 8, ROWS), "number", "profile", "part of a date"),
        ("Monat", RNG.integers(1, 13, ROWS), "number", "profile", "part of a date"),
        ("x", ["Low", "High", "Average"] * 100, "category", "profile", "3 values with an order"),
        ("x", [0, 1] * 150, "category", "profile", "2 values"),
        ("x", ["Yes", "No"] * 150, "category", "profile", "2 values"),
        ("x", WORDS * 100, "category", "profile", "3 values"),
        ("Region", RNG.integers(1, 8, ROWS), "category", "profile", "7 codes"),
        ("Zip code", RNG.integers(10_000, 99_999, ROWS), "free text", "left out", "none of its"),
        ("rating", RNG.integers(1, 6, ROWS), "number", "profile", "only 5 different values"),
        ("Age", RNG.integers(18, 80, ROWS), "number", "profile", "describes the person"),
        ("signup year", RNG.integers(2001, 2024, ROWS), "number", "profile", "a calendar year"),
        ("x", [*[0] * 250, *range(50)], "number", "profile", "84% of its values are the same"),
        ("x", [None] * 60 + list(RNG.normal(0, 1, 240)), "number", "profile", "missing in 20% of the rows"),
        ("x", [*["many"] * 100, *range(200)], "free text", "left out", "67% of its cells are numbers"),
        ("x", ["2024-05-17", "2023-01-31"] * 150, "date", "profile", "dates"),
        ("x", ["17.05.2024", "31.01.2023"] * 150, "date", "profile", "dates"),
        ("x", ["01/02/2024", "03/04/2023"] * 150, "date", "left out", "set its date_format in"),
    ],
)  # fmt: skip
def test_each_kind_of_column_is_known_with_its_reason(
    header: str, values: Any, kind: str, role: str, why: str
) -> None:
    found = _proposed(values, header)
    assert (found.kind, found.role) == (kind, role)
    assert why in found.reason


def test_a_few_cells_that_are_no_numbers_leave_a_column_of_numbers() -> None:
    values = [*["unknown"] * 3, *np.round(np.random.default_rng(2).normal(50, 9, ROWS - 3), 2)]
    found = _proposed(values)
    assert found.kind == "number"
    assert found.missing_share == pytest.approx(0.01)


def test_one_date_decides_how_all_are_read() -> None:
    found = _proposed([*["01/02/2024"] * 299, "02/13/2024"])
    assert found.spec is not None
    assert found.spec.date_format == "%m/%d/%Y"


def test_an_ambiguous_date_is_read_as_it_is_said() -> None:
    table = _table(x=["01/02/2024", "03/04/2023"] * 150)
    said = {"x": ColumnSettings(date_format="%d/%m/%Y")}
    proposal = propose(table, Roles(columns=said))
    spec = _of(proposal, "x").spec
    assert spec is not None
    assert (spec.kind, spec.date_format) == ("date", "%d/%m/%Y")
    day = prepare(table, Roles(columns=said)).table.columns["x"][0]
    assert np.datetime64("1970-01-01") + int(day) == np.datetime64("2024-02-01")
    with pytest.raises(InputError, match="every date in 'x' must be written as '%Y-%m-%d'"):
        propose(table, Roles(columns={"x": ColumnSettings(date_format="%Y-%m-%d")}))


def test_dates_that_read_in_two_ways_are_left_out_with_a_note_and_refused_where_they_are_needed() -> None:
    table = _table(**{"Last order": ["01/02/2024", "03/04/2023"] * 150})
    proposal = propose(table)
    assert _of(proposal, "Last order").role == "left out"
    assert proposal.notes[-1] == (
        "'Last order' is not used, because its dates can be read as '%d/%m/%Y' and '%m/%d/%Y'; set its "
        "date_format in segmentation.toml"
    )
    assert not any("Last order" in note for note in propose(table, Roles(ignore=("Last order",))).notes)
    recency = Feature(
        name="recency", label="Recency", formula=Formula('days_since(last_order, "2024-06-01")')
    )
    needed = [
        Roles(cluster=("orders", "Last order")),
        Roles(profile=("Last order",)),
        Roles(features=(recency,)),
    ]
    for roles in needed:
        with pytest.raises(InputError) as caught:
            propose(table, roles)
        assert caught.value.sentence(train_advice) == (
            "the dates of 'Last order' must have one format, but can be read as '%d/%m/%Y' and '%m/%d/%Y'; "
            'set [columns.last_order] date_format = "%d/%m/%Y" in the file of --config'
        )


def test_the_frequent_categories_are_kept_and_the_rest_is_other() -> None:
    rng = np.random.default_rng(3)
    values = [*rng.choice([f"job {each:02d}" for each in range(40)], 260), *["chef"] * 36, *"abcd"]
    spec = _proposed(values).spec
    assert spec is not None
    kept = [each.value for each in spec.categories]
    assert len(kept) == 13
    assert (kept[0], kept[-1], spec.other) == ("chef", "other", "other")
    assert not {"a", "b"} & set(kept)
    cells = prepare(_table(x=values)).table.columns["x"]
    assert cells[-1] == "other"
    assert cells[265] == "chef"


def test_spellings_of_one_category_are_one_and_yes_has_aliases() -> None:
    spec = _proposed(["Yes", "yes", "Yes", "No"] * 75).spec
    assert spec is not None
    assert spec.categories == (
        Category(value="Yes", aliases=("y", "true", "1")),
        Category(value="No", aliases=("n", "false", "0")),
    )


def test_a_near_copy_does_not_drive_and_the_first_one_is_named() -> None:
    table = _table()
    doubled = np.array(table["orders"].to_pylist(), dtype=float) * 2 + 1
    found = _of(propose(_table(twice=doubled)), "twice")
    assert found.role == "profile"
    assert "nearly a copy of 'orders' (rank correlation 1.000)" in found.reason


def test_what_follows_from_two_others_does_not_drive() -> None:
    proposal = propose(shapes.telecom(400))
    assert proposal.clustering == ("tenure", "monthly_charges")
    assert "follows from 'tenure' times 'MonthlyCharges'" in _of(proposal, "TotalCharges").reason


def test_noise_does_not_drive_beside_columns_that_have_to_do_with_each_other() -> None:
    proposal = propose(shapes.bank(2000))
    for header in ("Revolving_Balance", "Total_Trans_Amt", "Cash_Advance"):
        assert _of(proposal, header).role == "clustering"
    assert "independent of every other candidate" in _of(proposal, "Score_1").reason


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
    assert propose(_table()).value is None
    assert propose(shapes.shop(500), Roles(value="")).value is None


def test_a_date_describes_as_it_is() -> None:
    proposal = propose(shapes.shop(300))
    assert _of(proposal, "Last order").role == "profile"
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
    assert _of(proposal, "Country").reason == "left out, as set by you"
    assert _of(proposal, "Total Spend (EUR)").name == "money"
    assert _of(proposal, "Recency (days)").reason == "not among the clustering columns you named"
    assert proposal.features[0].name == "share"
    assert proposal.value == "money"


def test_what_describes_does_not_drive() -> None:
    proposal = propose(shapes.shop(300), Roles(profile=("basket",)))
    assert "basket" not in proposal.clustering
    assert _of(proposal, "Basket (EUR)").role == "profile"


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        (Roles(cluster=("Orderz",)), "no column is called 'Orderz'; .*Did you mean 'Orders'"),
        (Roles(cluster=("customer_id",)), "'Customer ID' identifies customers and does not describe them"),
        (Roles(cluster=("Remark",)), "'Remark' cannot be used: its header suggests"),
        (Roles(cluster=("Currency",)), "'Currency' cannot be used: every cell"),
        (
            Roles(cluster=("Orders",), ignore=("orders",)),
            "a column has one role, but 'orders' is named for two",
        ),
        (Roles(value="Remark"), "'Remark' must be a column that is used or a feature"),
        (Roles(columns={"a": "Orders", "b": "orders"}), "each column must be named once"),
        (
            Roles(columns={"country": ColumnSettings(kind="number")}),
            "100% of the cells of 'Country' are not numbers",
        ),
        (Roles(columns={"orders": ColumnSettings(other="x")}), "'other' belongs to a category column"),
        (
            Roles(columns={"e_mail": ColumnSettings(kind="category")}),
            "at least two values that customers share",
        ),
    ],
)
def test_what_does_not_fit_the_table_gets_a_sentence(roles: Roles, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        propose(shapes.shop(300), roles)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: Roles(cluster=("a", "A")), "cluster must name each column once"),
        (lambda: Roles(cluster="recency"), r"write a tuple"),  # type: ignore[arg-type]  # on purpose
        (lambda: Roles(columns={"segment": "x"}), "a name must be made of plain letters"),
        (lambda: ColumnSettings(kind="numbr"), "Did you mean 'number'"),
        (lambda: ColumnSettings(range=(5, 1)), "from the lower to the higher"),
        (
            lambda: ColumnSettings(categories=(Category(value="a"), Category(value="A "))),
            "differ by more than",
        ),
        (
            lambda: ColumnSettings(categories=(Category(value="a"), Category(value="b")), other="c"),
            "other must be one of the categories",
        ),
    ],
)
def test_settings_that_contradict_themselves_are_refused(make: Any, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        make()


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (pa.table({"a": ["1"] * 49}), "at least 50 customers, but it has 49 rows"),
        (pa.table({"a": ["x", "y"] * 40}), "at least one column of numbers .*'a': 2 values"),
        (pa.table({"a": list(range(80))}), "at least one column of numbers .* unique by design"),
        (pa.table({"Age": [1.0] * 60, " age": [2.0] * 60}), "differ by more than case"),
    ],
)
def test_a_table_that_cannot_be_trained_says_what_must_change(table: Any, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        propose(table)


def test_a_person_alone_is_better_than_nothing_and_that_is_said() -> None:
    ages = pa.table({"Age": np.random.default_rng(0).integers(18, 90, ROWS)})
    proposal = propose(ages)
    assert proposal.clustering == ("age",)
    assert "columns about the person are used" in proposal.notes[0]


def test_purchases_in_place_of_customers_are_noticed() -> None:
    rng = np.random.default_rng(0)
    proposal = propose(_table(**{"Customer ID": rng.integers(0, 60, ROWS)}))
    assert "aggregate each customer's rows first" in proposal.notes[0]


def test_types_do_not_matter() -> None:
    """The same cells as text, in a DataFrame and in Arrow types get the same roles and the same values."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "amount": np.where(rng.random(ROWS) < 0.05, np.nan, rng.gamma(2, 50, ROWS).round(2)),
            "visits": pd.array(rng.poisson(20, ROWS), dtype="Int64"),
            "member": rng.random(ROWS) < 0.4,
            "joined": pd.Timestamp("2025-01-31") - pd.to_timedelta(rng.integers(0, 900, ROWS), unit="D"),
            "plan": pd.Categorical(rng.choice(["basic", "plus"], ROWS)),
        }
    )
    said = frame.astype(object).where(frame.notna(), "").astype(str)
    said["joined"] = frame["joined"].dt.strftime("%Y-%m-%d")
    typed, text = prepare(frame), prepare(pa.Table.from_pandas(said, preserve_index=False))
    assert typed.proposal is not None
    assert text.proposal is not None
    assert typed.proposal.clustering == text.proposal.clustering
    assert [each.kind for each in typed.proposal.decisions] == [each.kind for each in text.proposal.decisions]
    for name in ("amount", "visits", "joined"):
        assert np.array_equal(typed.table.columns[name], text.table.columns[name], equal_nan=True)
    assert (np.char.lower(text.table.columns["member"].astype(str)) == typed.table.columns["member"]).all()
    assert (text.table.columns["plan"] == typed.table.columns["plan"]).all()


def test_the_mall_headers_get_the_mall_schema(table: Any) -> None:
    rng = np.random.default_rng(0)
    headers = ("customerid", "genre", "Age", "Annual Income (k$)", "Spending Score (1-100)")
    numbers = [range(60), ["m", "f"] * 30, *(rng.integers(low, 90, 60) for low in (18, 15, 1))]
    cells = pa.table(dict(zip(headers, (list(map(str, each)) for each in numbers), strict=True)))
    assert prepare(cells).proposal is None
    assert prepare(cells).table.schema == table.schema
    assert prepare(cells, Roles(cluster=("Age",))).table.schema.clustering == ("age",)
    assert prepare(cells, Roles(ignore=("Age",))).proposal is not None


def test_an_amount_in_the_first_column_is_no_identifier() -> None:
    rng = np.random.default_rng(5)
    table = _table().add_column(0, "Umsatz", pa.array([str(each) for each in rng.permutation(90_000)[:ROWS]]))
    assert _of(propose(table), "Umsatz").kind == "number"
    table = table.rename_columns(["Nr", *table.column_names[1:]])
    assert _of(propose(table), "Nr").role == "identifier"


def test_columns_of_spending_are_summed_to_the_value() -> None:
    rng = np.random.default_rng(6)
    spent = {f"Mnt{each}": rng.integers(0, 900, ROWS) for each in ("Wines", "Fruits", "Meat")}
    proposal = propose(_table(**spent))
    (total,) = (each for each in proposal.features if each.name == proposal.value)
    assert total.formula.text == "mnt_wines + mnt_fruits + mnt_meat"
    assert propose(_table(**spent), Roles(value="")).value is None
    goods = {each: np.round(rng.gamma(2, 900, ROWS), 1) for each in ("Fresh", "Milk", "Grocery")}
    assert propose(_table(**goods)).value == "total_spend"


def test_a_person_decides_what_an_outcome_is() -> None:
    table = _table(Churn=["Yes", "No"] * 150, Score=list(range(ROWS)))
    assert _of(propose(table, Roles(outcome=())), "Churn").role == "profile"
    assert _of(propose(table, Roles(profile=("Churn",))), "Churn").role == "profile"
    proposal = propose(table, Roles(outcome=("basket",)))
    assert [spec.name for spec in proposal.schema().outcomes] == ["basket"]
    with pytest.raises(InputError, match="'Churn' is named as an outcome and for another one"):
        propose(table, Roles(outcome=("Churn",), profile=("Churn",)))


def test_columns_that_are_often_missing_cluster_where_nothing_is_known_more_often() -> None:
    sizes = RNG.gamma(2.0, 50.0, (300, 2))
    sizes[RNG.random((300, 2)) < (0.15, 0.22)] = np.nan
    table = pa.table({"orders": sizes[:, 0], "basket": sizes[:, 1], "town": (WORDS * 100)[:300]})
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
    table = _table(**{header: np.round(RNG.gamma(2.0, 100.0, ROWS), 2)})
    found = propose(table)
    assert found.value == _of(found, header).name


@pytest.mark.parametrize("header", ["Durchschnittlicher Umsatz", "Nombre dépenses", "平均金額", "Son tutar"])
def test_averages_counts_and_single_amounts_are_not_what_a_customer_is_worth(header: str) -> None:
    assert propose(_table(**{header: np.round(RNG.gamma(2.0, 100.0, ROWS), 2)})).value is None
