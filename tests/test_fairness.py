"""Checks how groups of people are compared and changed, and that few lines say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fake_results import made_up, schema_with
from tests.group_figures import SCORE_UNKNOWN, figure
from tests.test_card import rows, section
from trainer import MALL, Trained
from trainer.classifier.evaluation.group_changes import GroupChange, group_changes
from trainer.classifier.evaluation.subgroups import Gap
from trainer.classifier.missing_patterns import Pattern
from trainer.report.card import model_card
from trainer.report.fairness_words import change_words, fairness_warnings, gap_words
from trainer.report.run_report import report_document, warnings


def change(column: str, changed: float, pattern: Pattern = SCORE_UNKNOWN) -> GroupChange:
    return GroupChange(
        column=column, before="25", after="55", pattern=pattern, customers=200, changed=changed
    )


def test_only_profile_columns_that_describe_the_person_are_compared(trained: Trained) -> None:
    assert set(trained.persons) == {"gender", "age"}
    assert {each.column for each in trained.groups} == {"gender", "age"}
    by_income = made_up(trained, k=3, schema=schema_with("age", "spending_score"))
    assert {each.column for each in by_income.groups} == {"gender"}
    assert {each.column for each in by_income.group_changes} == {"gender"}


def test_a_change_is_counted_by_asking_the_classifier_twice(trained: Trained) -> None:
    classifier = trained.fitted.classifier
    found = {(each.column, each.pattern): each for each in trained.group_changes}
    assert set(found) == {
        (column, (source,)) for column in ("gender", "age") for source in MALL.clustering_sources
    }
    columns = {**trained.table.columns, "spending_score": np.full(200, np.nan)}
    answers = [
        classifier.probabilities({**columns, "gender": np.full(200, value, dtype=object)}).argmax(axis=1)
        for value in ("Female", "Male")
    ]
    assert found["gender", SCORE_UNKNOWN].changed == np.mean(answers[0] != answers[1])
    assert found["gender", SCORE_UNKNOWN].customers == 200
    ages = found["age", SCORE_UNKNOWN]
    low, high = (float(words.removesuffix(" years")) for words in (ages.before, ages.after))
    assert np.mean(trained.table.columns["age"] <= low) == pytest.approx(0.125, abs=0.03)
    assert np.mean(trained.table.columns["age"] <= high) == pytest.approx(0.875, abs=0.03)


def test_large_tables_are_sampled_with_a_fixed_seed(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.classifier.evaluation.group_changes.MOST_CUSTOMERS", 50)
    first, again = (
        group_changes(trained.fitted.classifier, trained.table.columns, ["age"], seed=1) for _ in range(2)
    )
    assert first == again
    assert {each.customers for each in first} == {50}


def test_at_most_three_lines_are_about_fairness(trained: Trained) -> None:
    gaps = [
        figure(group, accuracy, 0.001, (source,), column)
        for column in ("gender", "age")
        for source in MALL.clustering_sources
        for group, accuracy in (("a", 0.5), ("b", 0.9))
    ]
    changes = tuple(
        change(column, share, (source,))
        for column, share in (("gender", 0.2), ("age", 0.36))
        for source in MALL.clustering_sources
    )
    run = replace(trained, groups=tuple(gaps), group_changes=changes)
    lines = fairness_warnings(run)
    assert len(lines) == 3
    assert lines[0] == (
        "with annual income unknown, changing age from 25 to 55 changes the segment of 36% of customers"
    )
    assert "changing gender" in lines[1]
    assert "fidelity is 40 points" in lines[2]
    assert [each for each in warnings(run) if each in lines] == lines
    alone = replace(run, group_changes=())
    assert all("fidelity" in each for each in fairness_warnings(alone))
    assert len(fairness_warnings(alone)) == 3


def test_small_rates_and_unclear_gaps_give_no_line(trained: Trained) -> None:
    unclear = (figure("Female", 0.9, 0.2), figure("Male", 0.8, 0.2))
    assert fairness_warnings(replace(trained, groups=unclear, group_changes=(change("age", 0.09),))) == []


def test_sentences_name_the_correction() -> None:
    gap = Gap(
        column="gender",
        pattern=SCORE_UNKNOWN,
        better="Male",
        worse="Female",
        difference=0.12,
        error=0.05,
        p_value=0.043,
        comparisons=6,
    )
    assert gap_words(MALL, gap) == (
        "with spending score unknown, fidelity is 12 points (standard error 5, p = 0.043 after Holm's "
        "correction for 6 comparisons) lower for gender Female than Male"
    )
    assert change_words(MALL, change("age", 0.271)) == (
        "with spending score unknown, changing age from 25 to 55 changes the segment of 27% of customers"
    )


def test_report_and_card_have_every_rate(trained: Trained) -> None:
    groups = report_document(trained)["groups"]
    assert groups["person_columns"] == ["gender", "age"]
    assert {gap["comparisons"] for gap in groups["gaps"]} == {6}
    assert [(each["column"], each["missing"], each["changed"]) for each in groups["changes"]] == [
        (each.column, list(each.pattern), each.changed) for each in trained.group_changes
    ]
    reported = section(model_card(trained), "Fairness")
    assert "Groups are compared by profile columns that describe the person: Gender and Age." in reported
    cells = {row[0]: row[1:] for row in rows(reported)}
    for name, label in (("gender", "Gender"), ("age", "Age")):
        assert cells[label] == [
            f"{each.changed:.1%} ({each.before} to {each.after})"
            for each in trained.group_changes
            if each.column == name
        ]


def test_the_card_says_where_no_column_or_a_clustering_column_describes_the_person(trained: Trained) -> None:
    nobody = replace(trained, persons=(), groups=(), group_changes=())
    assert "No column describes the person (age, gender, " in section(model_card(nobody), "Fairness")
    by_age = made_up(trained, k=3, schema=schema_with("age", "spending_score"))
    reported = section(model_card(by_age), "Fairness")
    assert "Clustering columns that describe the person, and therefore decide the segment: Age." in reported
