"""Promises that categories with an order become numbers, and that the file takes their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from inference import InputError, Segmenter
from tests.conftest import quick_config
from trainer import ColumnSettings, Roles, propose, train
from trainer.roles.recognise.ordered_categories import in_given_order, numbers_of
from trainer.table.raw_table import raw_of

ROWS = 240
GRADES = ("Low", "Average", "High")


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (("High", "Low", "Average"), {"Low": 0, "Average": 1, "High": 2}),
        (("hoch", "mittel", "niedrig"), {"niedrig": 0, "mittel": 1, "hoch": 2}),
        (("S", "XL", "M", "L"), {"S": 0, "M": 1, "L": 2, "XL": 3}),
        (("18-24", "25-34", "35-44"), {"18-24": 21, "25-34": 29.5, "35-44": 39.5}),
        (("<20k", "20k-40k", "40k+"), {"<20k": 10_000, "20k-40k": 30_000, "40k+": 50_000}),
        (
            ("Less than $40K", "$40K - $60K", "$120K +", "$60K - $80K", "$80K - $120K"),
            {
                "Less than $40K": 20_000,
                "$40K - $60K": 50_000,
                "$60K - $80K": 70_000,
                "$80K - $120K": 100_000,
                "$120K +": 140_000,
            },
        ),
        (("Graduate", "High School", "Doctorate"), {"High School": 0, "Graduate": 1, "Doctorate": 2}),
        (("Agree", "Disagree", "Strongly agree"), {"Disagree": 0, "Agree": 1, "Strongly agree": 2}),
        (("Two year", "Month-to-month", "One year"), {"Month-to-month": 0, "One year": 1, "Two year": 2}),
        (("red", "green", "blue"), {}),
        (("12-34", "12-99", "13-01"), {}),
        (("Low", "High"), {}),
        (("Leeds", "Low", "High"), {}),
    ],
)  # fmt: skip
def test_bands_and_scales_get_their_numbers(values: tuple[str, ...], numbers: dict[str, float]) -> None:
    assert list(numbers_of(values).items()) == list(numbers.items())


def test_a_given_order_counts_positions() -> None:
    assert in_given_order(["blue", "green", "red"]) == {"blue": 0.0, "green": 1.0, "red": 2.0}
    assert in_given_order(["0-10", "10-20", "20+"])["10-20"] == 15.0


def _table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 3, ROWS)
    grade = np.array(GRADES, dtype=object)[group]
    grade[:12] = "Unknown"
    return pd.DataFrame(
        {
            "grade": grade,
            "visits": rng.poisson(4 + 8 * group),
            "basket": np.round(rng.normal(20 + 30 * group, 4), 2),
        }
    )


def test_unknown_counts_as_missing_and_the_reason_shows_it() -> None:
    proposal = propose(raw_of(_table()).cells)
    (grade,) = (each for each in proposal.decisions if each.header == "grade")
    assert grade.spec is not None
    assert grade.spec.has_order
    assert (grade.spec.missing, grade.spec.other) == (("Unknown",), "")
    assert "3 values with an order; 'Unknown' counts as missing" in grade.reason


def test_a_person_may_give_another_order_or_none() -> None:
    cells = raw_of(_table()).cells
    for order, found in (((), ()), (("High", "Low", "Average"), ("High", "Low", "Average"))):
        said = Roles(columns={"grade": ColumnSettings(order=order)})
        (grade,) = (each for each in propose(cells, said).decisions if each.header == "grade")
        assert grade.spec is not None
        assert tuple(grade.spec.numbers) == found
    with pytest.raises(InputError, match="order must name every category once"):
        propose(cells, Roles(columns={"grade": ColumnSettings(order=("Low", "High"))}))


def _survey(**columns: Any) -> Any:
    """A survey: age, and ordered answers that go with it."""
    rng = np.random.default_rng(5)
    age = rng.integers(18, 80, ROWS)
    band = np.digitize(age, [35, 55])
    levels = {
        name: np.array(values, dtype=object)[np.where(rng.random(ROWS) < 0.2, 1, band)]
        for name, values in columns.items()
    }
    return raw_of(pd.DataFrame({"Age": age, **levels, "town": rng.choice(["Rome", "Bern"], ROWS)})).cells


def test_an_ordered_category_about_activity_is_proposed_for_clustering_with_its_reason() -> None:
    cells = _survey(Spending_Score=GRADES, Education=["High School", "College", "Graduate"])
    proposal = propose(cells)
    roles = {each.header: each.role for each in proposal.decisions}
    assert roles == {
        "Age": "clustering",
        "Spending_Score": "clustering",
        "Education": "profile",
        "town": "profile",
    }
    assert proposal.clustering == ("age", "spending_score")
    (score,) = (each for each in proposal.decisions if each.header == "Spending_Score")
    assert score.reason == (
        "3 values with an order, used as numbers in their order; its header contains 'spending': what "
        "customers do"
    )
    assert proposal.notes == (
        "no column of numbers describes what customers do, so columns about the person are used",
    )


def test_it_clusters_next_to_numbers_about_what_customers_do() -> None:
    rng = np.random.default_rng(6)
    group = rng.integers(0, 3, ROWS)
    table = pd.DataFrame(
        {
            "visits": rng.poisson(4 + 8 * group),
            "basket": np.round(rng.normal(20 + 30 * group, 4), 2),
            "Engagement": np.array(GRADES, dtype=object)[group],
            "Age band": np.array(["18-24", "25-34", "35-44"], dtype=object)[group],
        }
    )
    proposal = propose(raw_of(table).cells)
    assert proposal.clustering == ("visits", "basket", "engagement")
    assert propose(raw_of(table).cells, Roles(profile=("Engagement",))).clustering == ("visits", "basket")


def test_orders_about_the_person_cluster_only_where_nothing_else_can() -> None:
    education = ["High School", "College", "Graduate"]
    assert propose(_survey(Education=education)).clustering == ("age", "education")
    answers = ["disagree", "neutral", "agree"]
    alone = _survey(**{"Question 1": answers, "Question 2": answers}).drop_columns(["Age"])
    proposal = propose(alone)
    assert proposal.clustering == ("question_1", "question_2")
    assert "no column describes what customers do, so ordered categories are used" in proposal.notes
    with pytest.raises(InputError, match="at least one column of numbers must describe"):
        propose(alone.drop_columns(["Question 2"]))


def test_an_ordered_category_clusters_and_the_file_takes_its_words(tmp_path: Path) -> None:
    """``train`` compares the graph with scikit-learn and XGBoost, numbers of categories included."""
    roles = Roles(cluster=("grade", "visits"))
    trained = train(_table(), replace(quick_config(user_k=3, classifier="xgboost"), roles=roles))
    path = tmp_path / "model.onnx"
    path.write_bytes(trained.model)
    model = Segmenter.load(path)
    column = model.contract.column("grade")
    assert [(each.value, each.number) for each in column.categories] == [
        ("Low", 0.0),
        ("Average", 1.0),
        ("High", 2.0),
    ]
    assert set(model.contract.segments[0].centroid) == {"grade", "visits"}
    low = model.predict(grade="low", visits=4)
    high = model.predict(grade="High", visits=20)
    assert low.complete
    assert low.segment_id != high.segment_id
    assert not model.predict(grade="Unknown", visits=20).complete
