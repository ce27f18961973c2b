# ruff: noqa: RUF001 - words in their own scripts
"""Checks that no header turns a name, a tier or an action into the opposite of what the figures say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inference.contract import DATE, NUMBER
from trainer.roles.column_names import split_header
from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.formula import Formula
from trainer.schema.meanings import NEVER_VALUE
from trainer.schema.schema import Feature, Schema
from trainer.segments.kmeans import fit_segmentation
from trainer.segments.naming.descriptive_names import AT_MOST
from trainer.segments.naming.name_segments import Naming, name_segments
from trainer.segments.naming.named_columns import named_column

pytestmark = pytest.mark.fast

MANY = ("high", "many", "long", "large", "older", "frequent", "with", "more")
FEW = ("low", "few", "short", "small", "younger", "recent", "no", "fewer")
CASES = (  # header, what customers with large numbers are, with small ones, and the meaning
    ("refund_amount", "High refund amount", "Low refund amount", "returns"),
    ("claim_payments", "High claim payments", "Low claim payments", "cost"),
    ("late_charges", "High late charges", "Low late charges", "debt"),
    ("days_since_last_login", "Long away", "Recently active", "recency"),
    ("Recency", "Long away", "Recently active", "recency"),
    ("savings", "High savings", "Low savings", "none"),
    ("Grocery", "High grocery", "Low grocery", "none"),
    ("score", "High score", "Low score", "none"),
    ("Orders in the last 12 months", "Many orders", "Few orders", "frequency"),
    ("Days since last order", "Long away", "Recently active", "recency"),
    ("income_k", "High income", "Low income", "income"),
    ("NumWebVisitsMonth", "Many web visits", "Few web visits", "engagement"),
    ("Family_Size", "Large household", "Small household", "household"),
    ("MntMeatProducts", "High meat products", "Low meat products", "value"),
    ("zn", "High zn", "Low zn", "none"),
    ("tenure (months)", "Long tenure", "Short tenure", "tenure"),
    ("Months_Inactive_12_mon", "Long away", "Recently active", "recency"),
    ("log_income", "High income", "Low income", "income"),
    ("Log of total spend", "High spend", "Low spend", "value"),
    ("Total Claim Amount", "High claim amount", "Low claim amount", "cost"),
    ("TotalCharges", "High charges", "Low charges", "value"),
    ("Customer Lifetime Value", "High lifetime value", "Low lifetime value", "value"),
    ("shipping cost", "High cost", "Low cost", "cost"),
    ("acquisition_cost_usd", "High cost", "Low cost", "cost"),
    ("Number of complaints", "Many complaints", "Few complaints", "complaints"),
    ("support tickets", "Many tickets", "Few tickets", "complaints"),
    ("Total debt", "High debt", "Low debt", "debt"),
    ("overdue_days", "High overdue", "Low overdue", "debt"),
    ("churn_rate", "High churn rate", "Low churn rate", "churn"),
    ("Risk", "High risk", "Low risk", "risk"),
    ("Average order value", "Large baskets", "Small baskets", "basket"),
    ("items per order", "Large baskets", "Small baskets", "basket"),
    ("returns", "Many returns", "Few returns", "returns"),
    ("return rate %", "High return rate", "Low return rate", "returns"),
    ("coupons used", "High coupons used", "Low coupons used", "discount"),
    ("NumDealsPurchases", "Many deals purchases", "Few deals purchases", "discount"),
    ("Age", "Older", "Younger", "age"),
    ("year_of_birth", "Younger", "Older", "age"),
    ("Kinder", "Large household", "Small household", "household"),
    ("Jahresumsatz (EUR)", "High spend", "Low spend", "value"),
    ("Tage seit letztem Kauf", "Long away", "Recently active", "recency"),
    ("Anzahl Bestellungen", "Many orders", "Few orders", "frequency"),
    ("Retourenquote", "Many returns", "Few returns", "returns"),
    ("Alter", "Older", "Younger", "age"),
    ("Haushaltseinkommen", "High income", "Low income", "income"),
    ("montant dépensé", "High spend", "Low spend", "value"),
    ("jours depuis le dernier achat", "Long away", "Recently active", "recency"),
    ("ancienneté", "Long tenure", "Short tenure", "tenure"),
    ("gasto total", "High spend", "Low spend", "value"),
    ("días desde la última compra", "Long away", "Recently active", "recency"),
    ("deuda", "High debt", "Low debt", "debt"),
    ("fatturato", "High spend", "Low spend", "value"),
    ("giorni dall'ultimo acquisto", "Long away", "Recently active", "recency"),
    ("reclami", "Many complaints", "Few complaints", "complaints"),
    ("faturamento", "High spend", "Low spend", "value"),
    ("inadimplência", "High debt", "Low debt", "debt"),
    ("omzet", "High spend", "Low spend", "value"),
    ("dagen sinds laatste aankoop", "Long away", "Recently active", "recency"),
    ("dochód", "High income", "Low income", "income"),
    ("zwroty", "Many returns", "Few returns", "returns"),
    ("toplam harcama", "High spend", "Low spend", "value"),
    ("şikayet", "Many complaints", "Few complaints", "complaints"),
    ("выручка", "High spend", "Low spend", "value"),
    ("дней с последнего заказа", "Long away", "Recently active", "recency"),
    ("задолженность", "High debt", "Low debt", "debt"),
    ("购买次数", "Many orders", "Few orders", "frequency"),
    ("退款", "Many returns", "Few returns", "returns"),
    ("年収", "High income", "Low income", "income"),
    ("最終購入", "Long away", "Recently active", "recency"),
    ("=cmd|' /C calc'!A0", "High cmd c calc A0", "Low cmd c calc A0", "none"),
    ("<b>spend</b>", "High b spend b", "Low b spend b", "value"),
    ("TOTAL_SPEND", "High spend", "Low spend", "value"),
    ("NPS", "High NPS", "Low NPS", "satisfaction"),
    ("Kundenzufriedenheitsindexwert", "", "", "none"),
)


def schema_of(headers: tuple[str, ...], value: str | None = None, *, log: bool = False) -> Schema:
    """A schema of number columns ``c0``, ``c1``, ...; with ``log`` they are clustered by their logarithms."""
    specs = tuple(
        ColumnSpec(
            name=f"c{place}",
            header=header,
            label=split_header(header)[0],
            unit=split_header(header)[1],
            kind=NUMBER,
        )
        for place, header in enumerate(headers)
    )
    features = tuple(
        Feature(name=f"log_{spec.name}", label=f"Log {spec.label}", formula=Formula(f"log1p({spec.name})"))
        for spec in specs * log
    )
    clustering = tuple(each.name for each in (features or specs))
    return Schema(name="t", title="T", columns=specs, features=features, clustering=clustering, value=value)


def named(schema: Schema, columns: Columns, k: int) -> tuple[list[Naming], np.ndarray[Any, Any]]:
    """The names of a fitted segmentation, and the segment of each row."""
    segmentation = fit_segmentation(schema, columns, k, seed=0)
    labels = segmentation.nearest(columns)
    return name_segments(segmentation, columns, labels), labels


def two_groups(header: str, *, log: bool = False, value: bool = False) -> tuple[Naming, Naming]:
    """The segments with small and with large numbers in one column."""
    rng = np.random.default_rng(0)
    cells = np.concatenate([rng.normal(60, 6, 70), rng.normal(300, 20, 50)])
    schema = schema_of((header,), "c0" if value else None, log=log)
    names, labels = named(schema, {"c0": cells}, 2)
    return names[labels[0]], names[labels[-1]]


@pytest.mark.parametrize("log", [False, True], ids=["raw", "log"])
@pytest.mark.parametrize(("header", "large", "small", "meaning"), CASES, ids=[each[0] for each in CASES])
def test_names_say_what_the_numbers_say(
    header: str, large: str, small: str, meaning: str, *, log: bool
) -> None:
    low, high = two_groups(header, log=log)
    if large:
        assert (high.name, low.name) == (large, small)
    for each in (low, high):
        assert 0 < len(each.name) <= AT_MOST
        assert not re.search(r"\blog\b", each.name, re.IGNORECASE)
        assert each.name == " ".join(each.name.split())
    assert low.name.casefold() != high.name.casefold()
    assert low.action != high.action
    assert named_column(schema_of((header,)), "c0").meaning == meaning


@pytest.mark.parametrize("header", [each[0] for each in CASES if each[3] in NEVER_VALUE])
def test_what_costs_money_makes_nobody_premium(header: str) -> None:
    for each in two_groups(header, value=True):
        assert (each.value.tier, each.value.index) == ("", None)
        assert not each.action.startswith(("Retain", "Reward", "Keep the best"))


@pytest.mark.parametrize("header", [each[0] for each in CASES if each[3] == "value"])
def test_value_makes_the_large_segment_premium(header: str) -> None:
    low, high = two_groups(header, value=True)
    assert (low.value.tier, high.value.tier) == ("low-spending", "premium")


def corners(headers: tuple[str, str]) -> list[tuple[Naming, bool, bool]]:
    """Four segments, low and high in two columns, each with whether it is high in them."""
    rng = np.random.default_rng(1)
    columns = {
        f"c{place}": rng.normal(0, 3, 160) + np.array([60.0, 300.0])[np.arange(160) >> place & 1]
        for place in range(2)
    }
    names, labels = named(schema_of(headers), columns, 4)
    return [(names[labels[row]], bool(row & 1), bool(row & 2)) for row in range(4)]


@pytest.mark.parametrize("first", range(0, len(CASES) - 1, 2))
def test_names_of_two_columns_are_unique_and_short(first: int) -> None:
    chosen = (CASES[first][0], CASES[first + 1][0])
    found = corners(chosen)
    assert len({each.name.casefold() for each, _, _ in found}) == 4
    assert len({each.action for each, _, _ in found}) == 4
    for each, high, also_high in found:
        assert len(each.name) <= AT_MOST
        if CASES[first][1] and CASES[first + 1][1] and CASES[first][3] != CASES[first + 1][3]:
            for case, is_high in ((CASES[first], high), (CASES[first + 1], also_high)):
                wrong = case[2] if is_high else case[1]
                assert wrong.casefold() not in each.name.casefold().split(", ")


def test_two_columns_that_differ_by_a_word_or_case_are_told_apart() -> None:
    names = {each.name for each, _, _ in corners(("score", "pooled_score"))}
    assert names == {
        f"{one} score, {two} pooled score".capitalize() for one in ("low", "high") for two in ("low", "high")
    }


def test_two_recencies_say_since_what() -> None:
    names = [each.name for each, _, _ in corners(("Days since last login", "Days since last order"))]
    assert names[0] == "Recent login, recent order"
    assert names[1] == "Long since login, recent order"


def test_an_age_next_to_a_year_of_birth_keeps_both_directions() -> None:
    names = [each.name for each, _, _ in corners(("Age", "year_of_birth"))]
    assert names == [
        "Low age, low birth year",
        "High age, low birth year",
        "Low age, high birth year",
        "High age, high birth year",
    ]


def test_six_columns_of_logarithms_give_two_properties() -> None:
    headers = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
    rng = np.random.default_rng(2)
    group = np.arange(200) % 2
    columns = {
        f"c{place}": np.exp(rng.normal(7, 0.5, 200) + group * (0.2 + 0.4 * place)) for place in range(6)
    }
    names, _ = named(schema_of(headers, log=True), columns, 2)
    assert all(len(each.name.split(", ")) == 2 and len(each.name) <= 30 for each in names)
    assert all("log" not in each.name.lower() for each in names)


def test_a_column_that_is_nearly_always_zero_still_distinguishes() -> None:
    rng = np.random.default_rng(3)
    zn = np.where(rng.random(200) < 0.1, rng.gamma(2, 10, 200), 0.0)
    zn[100:] = np.where(rng.random(100) < 0.45, rng.gamma(3, 30, 100), 0.0)
    columns = {"c0": zn, "c1": np.r_[rng.normal(0, 1, 100), rng.normal(9, 1, 100)]}
    names, labels = named(schema_of(("zn", "rm")), columns, 2)
    assert names[labels[0]].name.startswith("Low rm")
    assert names[labels[-1]].name.startswith("High rm")


@pytest.mark.parametrize(
    ("header", "late", "early"),
    [
        ("last purchase", "Recently active", "Long away"),
        ("signup_date", "Short tenure", "Long tenure"),
        ("date of birth", "Younger", "Older"),
        ("Contract", "Late contract", "Early contract"),
    ],
)
def test_a_late_date_is_few_days(header: str, late: str, early: str) -> None:
    rng = np.random.default_rng(0)
    days = np.concatenate([rng.normal(18_000, 60, 50), rng.normal(20_000, 60, 50)]).round()
    spec = ColumnSpec(name="d", header=header, label=header, kind=DATE)
    schema = Schema(name="t", title="T", columns=(spec,), features=(), clustering=("d",))
    names, labels = named(schema, {"d": days}, 2)
    assert (names[labels[-1]].name, names[labels[0]].name) == (late, early)


def test_a_direction_that_the_user_sets_counts_for_tier_and_action() -> None:
    rng = np.random.default_rng(0)
    cells = np.concatenate([rng.normal(60, 6, 70), rng.normal(300, 20, 50)])
    schema = schema_of(("kz 7",), "c0")
    spec = replace(schema.columns[0], direction="more is worse", short="faults")
    names, labels = named(replace(schema, columns=(spec,)), {"c0": cells}, 2)
    assert (names[labels[-1]].name, names[labels[-1]].value.tier) == ("High faults", "")
    assert names[labels[-1]].action.startswith("Solve first what goes wrong")
    assert names[labels[0]].action.startswith("Learn more")


def test_sensitive_columns_are_in_no_name() -> None:
    names = [each for each, _, _ in corners(("disability index", "income"))]
    assert not any("disab" in f"{each.name} {each.action}".lower() for each in names)
    assert len({each.name for each in names}) == 4
