"""Tables like public customer tables, drawn around known groups: a shop, a telecom, a bank."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TODAY = date(2026, 3, 15)


def _near(
    rng: np.random.Generator, groups: NDArray[Any], centres: list[float], spread: float
) -> NDArray[Any]:
    """Log-normal amounts around one centre per group."""
    return np.asarray(np.exp(np.log(np.array(centres))[groups] + rng.normal(0, spread, len(groups))))


def _texts(values: Any, blank: NDArray[Any] | None = None) -> Any:
    texts = np.array([str(value) for value in values], dtype=object)
    return pa.array(texts if blank is None else np.where(blank, "", texts), pa.string())


def _earlier(days: int) -> date:
    return TODAY - timedelta(days=int(days))


def shop(rows: int = 900, seed: int = 0) -> Any:
    """Orders of a web shop summed up by customer: skewed money, dates in two ways, identifiers, gaps.

    Four groups: many large orders, many small ones, few large ones, one long ago.
    """
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 4, rows)
    recency = np.round(_near(rng, groups, [12, 15, 110, 400], 0.25)).astype(int)
    orders = np.round(_near(rng, groups, [40, 34, 6, 5], 0.16)).astype(int)
    basket = np.round(_near(rng, groups, [160, 28, 210, 30], 0.16), 2)
    spend = np.round(orders * basket * rng.uniform(0.8, 1.25, rows), 2)
    signup = [TODAY - timedelta(days=int(each)) for each in recency + rng.integers(30, 1500, rows)]
    last = [TODAY - timedelta(days=int(each)) for each in recency]
    countries = np.array(["Germany", "France", "Spain", "Italy", "Malta"])
    return pa.table(
        {
            "Customer ID": _texts([f"C{each:06d}" for each in rng.permutation(rows)]),
            "E-Mail": _texts([f"user{each}@example.com" for each in range(rows)]),
            "Signup": _texts(signup, rng.random(rows) < 0.05),
            "Last order": _texts([each.strftime("%d.%m.%Y") for each in last]),
            "Recency (days)": _texts(recency),
            "Orders": _texts(orders),
            "Total Spend (EUR)": _texts(spend, rng.random(rows) < 0.03),
            "Basket (EUR)": _texts(basket),
            "Returns (%)": _texts(np.round(rng.beta(2, 8, rows) * 100, 1), rng.random(rows) < 0.4),
            "Country": _texts(rng.choice(countries, rows, p=[0.5, 0.25, 0.15, 0.096, 0.004])),
            "Newsletter": _texts(rng.choice(["yes", "no"], rows), rng.random(rows) < 0.1),
            "Currency": _texts(["EUR"] * rows),
            "Remark": _texts([f"asked about parcel {each} and was reported to wait" for each in range(rows)]),
        }
    )


def telecom(rows: int = 900, seed: int = 0) -> Any:
    """Contracts of a telephone company: many yes/no columns, tenure and charges; totals blank at first.

    Four groups by tenure and monthly charge.
    """
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 4, rows)
    tenure = np.clip(np.round(np.array([8, 10, 58, 62])[groups] + rng.normal(0, 4, rows)), 0, 72).astype(int)
    tenure[:3] = 0
    monthly = np.round(np.array([25, 85, 24, 98])[groups] + rng.normal(0, 5, rows), 2)
    total = np.round(tenure * monthly * rng.uniform(0.97, 1.03, rows), 2)
    yes_no = ("Partner", "Dependents", "PhoneService", "PaperlessBilling", "OnlineSecurity", "StreamingTV")
    letters = rng.choice(list("ABCDEFGHKLMNPQRSTUVWXYZ"), (rows, 5))
    ids = [f"{1000 + each}-{''.join(own)}" for each, own in enumerate(letters)]
    return pa.table(
        {
            "customerID": _texts(ids),
            "gender": _texts(rng.choice(["Male", "Female"], rows)),
            "SeniorCitizen": _texts(rng.choice([0, 1], rows, p=[0.84, 0.16])),
            **{each: _texts(rng.choice(["Yes", "No"], rows)) for each in yes_no},
            "InternetService": _texts(np.where(monthly > 50, "Fiber optic", rng.choice(["DSL", "No"], rows))),
            "Contract": _texts(np.where(tenure > 40, "Two year", "Month-to-month")),
            "PaymentMethod": _texts(rng.choice(["Mailed check", "Electronic check", "Credit card"], rows)),
            "tenure": _texts(tenure),
            "MonthlyCharges": _texts(monthly),
            "TotalCharges": _texts(total, tenure == 0),
            "Churn": _texts(rng.choice(["Yes", "No"], rows, p=[0.27, 0.73])),
        }
    )


def bank(rows: int = 8_000, seed: int = 0) -> Any:
    """Credit-card customers: 30 columns, numbers as text, 40 occupations, codes, copies and products.

    Four groups: who pays off, who revolves, who takes cash, who does not use the card.
    """
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 4, rows)
    limit = np.round(_near(rng, groups, [12_000, 6_000, 4_000, 9_000], 0.2), -2)
    used = np.round(
        limit * np.clip(np.array([0.1, 0.75, 0.6, 0.03])[groups] + rng.normal(0, 0.03, rows), 0, 1)
    )
    count = np.round(_near(rng, groups, [90, 60, 22, 5], 0.15)).astype(int)
    amount = np.round(count * _near(rng, groups, [70, 45, 60, 40], 0.15), 2)
    cash = np.round(np.where(groups == 2, _near(rng, groups, [900] * 4, 0.3), rng.gamma(1, 15, rows)), 2)
    own: dict[str, Any] = {
        "CLIENTNUM": _texts(rng.choice(np.arange(708_000_000, 828_000_000, 1_000), rows, replace=False)),
        "Surname": _texts([f"Name{each}" for each in rng.integers(0, rows * 20, rows)]),
        "Customer_Age": _texts(rng.integers(21, 80, rows)),
        "Gender": _texts(rng.choice(["M", "F"], rows)),
        "Dependent_count": _texts(rng.integers(0, 6, rows)),
        "Education": _texts(rng.choice(["Graduate", "High School", "College", "Unknown"], rows)),
        "Occupation": _texts([f"Occupation {each:02d}" for each in rng.integers(0, 40, rows)]),
        "Region_Code": _texts(rng.integers(1, 8, rows)),
        "Income ($)": _texts(np.round(limit * rng.uniform(5, 7, rows))),
        "Months_on_book": _texts(rng.integers(12, 60, rows)),
        "Credit_Limit": _texts(limit),
        "Revolving_Balance": _texts(used),
        "Open_To_Buy": _texts(limit - used),
        "Utilization": _texts(np.round(used / limit, 4)),
        "Total_Trans_Amt": _texts(amount),
        "Total_Trans_Ct": _texts(count),
        "Total_Amt_cents": _texts((amount * 100).astype(int)),
        "Cash_Advance": _texts(cash),
        "Mostly_Zero": _texts(np.where(rng.random(rows) < 0.93, 0, rng.integers(1, 90, rows))),
        "Mostly_Blank": _texts(rng.normal(0, 1, rows).round(3), rng.random(rows) < 0.7),
        "Products": _texts(rng.integers(1, 7, rows)),
        "Active": _texts(rng.choice([True, False], rows)),
        "Default": _texts(rng.choice([0, 1], rows, p=[0.9, 0.1])),
        "Bank": _texts(["First"] * rows),
        "Unused": _texts([""] * rows),
        "Opened": _texts([_earlier(each).strftime("%m/%d/%Y") for each in rng.integers(1, 4000, rows)]),
        "Reviewed": _texts([f"{each % 12 + 1:02d}/{each % 11 + 1:02d}/2025" for each in range(rows)]),
    }
    noise = {f"Score_{each}": _texts(rng.normal(500, 80, rows).round(1)) for each in range(30 - len(own))}
    return pa.table({**own, **noise})
