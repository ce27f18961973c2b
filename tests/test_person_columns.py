"""Checks which columns are taken to describe the person, by their headers."""

from __future__ import annotations

import pytest

from trainer.roles.recognise.person_columns import describes_person


@pytest.mark.parametrize(
    "header",
    [
        "Age",
        "CustomerAge",
        "Year_Birth",
        "Marital_Status",
        "Education",
        "SeniorCitizen",
        "Partner",
        "Kidhome",
        "Dependents",
        "Ever_Married",
        "Profession",
        "Family_Size",
        "Geschlecht",
        "Familienstand",
        "Edad",
        "Estado civil",
        "Sexe",
        "Età",
        "Возраст",
        "性别",
        "年齢",
        "Nationality",
        "Household size (people)",
    ],
)
def test_columns_that_describe_the_person_are_recognised(header: str) -> None:
    assert describes_person(header)


@pytest.mark.parametrize(
    "header",
    [
        "Annual Income (k$)",
        "Spending Score",
        "Account age",
        "Vehicle age (years)",
        "MntWines",
        "Package",
        "Usage",
        "Average order",
        "Tenure",
        "PaymentMethod",
        "Amount on children clothing",
        "Page views",
        "Education spend",
        "City_Category",
        "Recency",
        "Percentage",
        "InternetService",
    ],
)
def test_other_columns_are_not(header: str) -> None:
    assert not describes_person(header)
