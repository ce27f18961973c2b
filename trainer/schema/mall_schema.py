"""The columns of the embedded Mall Customers table."""

from __future__ import annotations

from inference.contract import CATEGORY, NUMBER, Category
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.formula import Formula
from trainer.schema.schema import Feature, Schema

MALL = Schema(
    name="mall-customers",
    title="Mall Customers",
    identifier="CustomerID",
    columns=(
        ColumnSpec(
            name="gender",
            header="Gender",
            label="Gender",
            kind=CATEGORY,
            person=True,
            aliases=("genre", "sex"),
            categories=(
                Category(value="Female", aliases=("f", "w", "woman")),
                Category(value="Male", aliases=("m", "man")),
            ),
        ),
        ColumnSpec(
            name="age",
            header="Age",
            label="Age",
            kind=NUMBER,
            person=True,
            unit="years",
            range=(0.0, 120.0),
        ),
        ColumnSpec(
            name="annual_income",
            header="Annual Income (k$)",
            label="Annual income",
            kind=NUMBER,
            aliases=("income", "annual income"),
            unit="k$",
            range=(0.0, 10_000.0),
        ),
        ColumnSpec(
            name="spending_score",
            header="Spending Score (1-100)",
            label="Spending score",
            kind=NUMBER,
            aliases=("score", "spending score"),
            unit="1-100",
            range=(1.0, 100.0),
        ),
    ),
    features=(
        Feature(
            name="spending_efficiency",
            label="Spending efficiency",
            formula=Formula("spending_score / (annual_income + 1)"),
        ),
        Feature(
            name="income_spend_interaction",
            label="Income-spend interaction",
            formula=Formula("annual_income * spending_score"),
        ),
    ),
    clustering=("annual_income", "spending_score"),
    value="income_spend_interaction",
    capacity="annual_income",
    spend="spending_score",
)
