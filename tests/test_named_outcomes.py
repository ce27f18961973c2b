"""Checks that an outcome that clearly differs is in action and name, and is never taken for its opposite."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.contract import CATEGORY, NUMBER, Category
from inference.contract.outcomes import Outcome, OutcomeFigure
from tests.test_difficult_headers import schema_of
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.schema import Schema
from trainer.segments.kmeans import fit_segmentation
from trainer.segments.naming.name_segments import Naming, name_segments
from trainer.segments.naming.named_outcomes import clear_outcomes
from trainer.segments.segment_outcomes import wilson

pytestmark = pytest.mark.fast


def _figure(count: int, customers: int) -> OutcomeFigure:
    low, high = wilson(count, customers)
    return OutcomeFigure(customers=customers, value=count / customers, low=low, high=high)


def _outcome(header: str, event: str, counts: tuple[int, ...], customers: int = 100) -> Outcome:
    figures = tuple(_figure(count, customers) for count in counts)
    overall = _figure(sum(counts), customers * len(counts))
    return Outcome(name="o", label=header, event=event, overall=overall, segments=figures)


def _schema(header: str, events: tuple[str, ...] = ("No", "Yes")) -> Schema:
    spec = ColumnSpec(
        name="o",
        header=header,
        label=header,
        kind=CATEGORY,
        categories=tuple(Category(value=each) for each in events),
    )
    return replace(schema_of(("tenure", "income")), outcomes=(spec,))


def _named(schema: Schema, outcome: Outcome, apart: float = 3.0) -> dict[str, Naming]:
    rng = np.random.default_rng(0)
    columns = {
        "c0": np.r_[rng.normal(20, 3, 100), rng.normal(20 + 3 * apart, 3, 100)],
        "c1": rng.normal(50, 9, 200),
    }
    schema = replace(schema, clustering=("c0",))
    segmentation = fit_segmentation(schema, columns, 2, seed=0)
    if segmentation.raw_centroids()[0, 0] > segmentation.raw_centroids()[1, 0]:
        segmentation = segmentation.reordered(np.array([1, 0]))
    names = name_segments(segmentation, columns, segmentation.nearest(columns), (outcome,))
    return {each.name: each for each in names}


def test_customers_who_leave_are_in_the_action() -> None:
    names = _named(_schema("Churn"), _outcome("Churn", "Yes", (49, 12)))
    short, long = names["Short tenure"], names["Long tenure"]
    assert short.action.startswith("49% left within the period (others: 12%). Fix the start")
    assert long.action.startswith("12% left within the period (others: 49%). ")


def test_an_outcome_that_distinguishes_more_than_any_column_is_in_the_name() -> None:
    names = _named(_schema("Churn"), _outcome("Churn", "Yes", (97, 3)), apart=2.5)
    assert set(names) == {"High churn, short tenure", "Low churn, long tenure"}


def test_intervals_that_overlap_say_nothing() -> None:
    names = _named(_schema("Churn"), _outcome("Churn", "Yes", (30, 24)))
    assert not any("left" in each.action for each in names.values())


@pytest.mark.parametrize(
    ("header", "event", "fact"),
    [
        ("Churn", "Yes", "leaving"),
        ("Exited", "1", "leaving"),
        ("Attrition_Flag", "Attrited Customer", "leaving"),
        ("Attrition_Flag", "Existing Customer", "staying"),
        ("Churn", "Stayed", "staying"),
        ("Churn Label", "No churn", ""),
        ("Response", "Yes", "responding"),
        ("converted", "true", "responding"),
        ("default", "yes", "risky"),
        ("Abwanderung", "Ja", "leaving"),
        ("отток", "да", "leaving"),
        ("Prediction", "A", ""),
    ],
)
def test_more_of_an_event_means_what_the_event_says(header: str, event: str, fact: str) -> None:
    schema = _schema(header, ("Other", event))
    (found,) = clear_outcomes(schema, [_outcome(header, event, (60, 20))], 0)
    assert found.fact == fact
    if fact == "staying":
        assert "40% left" in found.sentence
        assert found.words.startswith("low")


def test_groups_of_another_segmentation_are_no_outcome_of_an_action() -> None:
    found = [_outcome("Segment", event, (80, 10)) for event in ("A", "B")]
    assert clear_outcomes(_schema("Segment", ("A", "B", "C")), found, 0) == []


def test_a_mean_is_compared_with_that_of_all() -> None:
    figures = (
        OutcomeFigure(customers=100, value=0.8, low=0.76, high=0.84),
        OutcomeFigure(customers=100, value=0.2, low=0.16, high=0.24),
    )
    overall = OutcomeFigure(customers=200, value=0.5, low=0.46, high=0.54)
    outcome = Outcome(name="o", label="Risk score", event="", overall=overall, segments=figures)
    spec = ColumnSpec(name="o", header="Risk score", label="Risk score", kind=NUMBER)
    schema = replace(schema_of(("tenure",)), outcomes=(spec,))
    assert [clear_outcomes(schema, [outcome], segment)[0].fact for segment in (0, 1)] == ["risky", "safe"]
