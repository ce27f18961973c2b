"""Checks which columns describe people, how their groups are compared, and that few lines say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from tests.fake_results import made_up, schema_with
from tests.test_card import rows, section
from trainer import MALL, Trained
from trainer.classifier.evaluation.group_changes import GroupChange, group_changes
from trainer.classifier.evaluation.multiple_comparisons import holm, two_sided
from trainer.classifier.evaluation.subgroups import Gap, GroupFigure, group_fidelity, group_gaps
from trainer.classifier.missing_patterns import Pattern
from trainer.report.card import model_card
from trainer.report.fairness_words import change_words, fairness_warnings, gap_words
from trainer.report.run_report import report_document, warnings
from trainer.roles.recognise.person_columns import describes_person

SCORE_UNKNOWN = ("spending_score",)


def figure(
    group: str, accuracy: float, error: float | None, pattern: Pattern = SCORE_UNKNOWN, column: str = "gender"
) -> GroupFigure:
    return GroupFigure(
        column=column,
        group=group,
        customers=100,
        pattern=pattern,
        accuracy=accuracy,
        accuracy_se=error,
        results=50,
    )


def change(column: str, changed: float, pattern: Pattern = SCORE_UNKNOWN) -> GroupChange:
    return GroupChange(
        column=column, before="25", after="55", pattern=pattern, customers=200, changed=changed
    )


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


def test_only_profile_columns_that_describe_the_person_are_compared(trained: Trained) -> None:
    assert set(trained.persons) == {"gender", "age"}
    assert {each.column for each in trained.groups} == {"gender", "age"}
    by_income = made_up(trained, k=3, schema=schema_with("age", "spending_score"))
    assert {each.column for each in by_income.groups} == {"gender"}
    assert {each.column for each in by_income.group_changes} == {"gender"}


def _by_group(trained: Trained) -> tuple[GroupFigure, ...]:
    """The chosen classifier's fidelity within groups when the score is unknown."""
    return group_fidelity(
        trained.table, trained.held_out, trained.selection.chosen, [SCORE_UNKNOWN], ["gender", "age"]
    )


def test_fidelity_within_a_group_counts_its_own_customers(trained: Trained) -> None:
    (women,) = (each for each in _by_group(trained) if each.group == "Female")
    hits, total = 0, 0
    for fold in trained.held_out.folds:
        answers = fold.probabilities[trained.selection.chosen, SCORE_UNKNOWN].argmax(axis=1)
        for row, answer, own in zip(fold.rows, answers, fold.nested, strict=True):
            if trained.table.columns["gender"][row] == "Female":
                hits, total = hits + int(answer == own), total + 1
    assert women.customers == 112
    assert total == 112 * len(trained.held_out.folds) / trained.held_out.folds_per_repeat
    assert women.accuracy == pytest.approx(hits / total)


def test_the_halves_of_a_number_contain_all_customers(trained: Trained) -> None:
    ages = [each for each in _by_group(trained) if each.column == "age"]
    middle = np.median(trained.table.columns["age"])
    assert [each.group for each in ages] == [f"up to {middle:g} years", f"over {middle:g} years"]
    assert sum(each.customers for each in ages) == len(trained.table)


def test_small_groups_are_left_out(trained: Trained) -> None:
    genders = trained.table.columns["gender"].copy()
    genders[genders == "Male"] = ""
    genders[:19] = "Male"
    table = replace(trained.table, columns=trained.table.columns | {"gender": genders})
    groups = {each.group for each in _by_group(replace(trained, table=table))}
    assert "Female" in groups
    assert "Male" not in groups


def test_groups_of_a_sampled_table_are_those_of_the_sample(trained: Trained) -> None:
    """With twice the customers, of whom only the second half is evaluated, the figures are the same."""
    doubled = {name: np.concatenate([values, values]) for name, values in trained.table.columns.items()}
    doubled["gender"] = np.concatenate([np.full(200, "", dtype=object), trained.table.columns["gender"]])
    sampled = replace(
        trained,
        table=replace(trained.table, columns=doubled),
        held_out=replace(trained.held_out, rows=trained.held_out.rows + 200),
    )
    assert _by_group(sampled) == _by_group(trained)


def test_the_correction_is_that_of_holm() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_p_value_is_that_of_a_t_test() -> None:
    values = np.random.default_rng(0).normal(0.4, 1.0, 12)
    error = values.std(ddof=1) / np.sqrt(12)
    assert two_sided(float(values.mean()), float(error), results=12) == pytest.approx(
        ttest_1samp(values, 0.0).pvalue
    )
    assert two_sided(0.1, 0.0, results=5) == 0.0


def test_a_gap_is_clear_when_its_corrected_p_value_is_below_five_percent() -> None:
    (clear,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.79, 0.04)])
    assert (clear.better, clear.worse, clear.comparisons) == ("Female", "Male", 1)
    assert clear.error == pytest.approx(0.05)
    assert clear.p_value == pytest.approx(two_sided(0.11, 0.05, results=50))
    assert clear.clear
    (within,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.81, 0.04)])
    assert not within.clear
    (unknown,) = group_gaps([figure("Female", 0.9, None), figure("Male", 0.1, 0.04)])
    assert unknown.p_value is None
    assert not unknown.clear
    assert group_gaps([figure("Female", 0.9, 0.03)]) == []


def test_the_same_gap_among_many_comparisons_is_not_clear() -> None:
    pair = [figure("Female", 0.9, 0.03), figure("Male", 0.79, 0.04)]
    others = [
        figure(group, accuracy, 0.04, column=f"column {number}")
        for number in range(9)
        for group, accuracy in (("a", 0.8), ("b", 0.81))
    ]
    gap = next(each for each in group_gaps([*pair, *others]) if each.column == "gender")
    assert gap.comparisons == 10
    assert not gap.clear


def test_a_clear_pair_is_shown_rather_than_a_larger_uncertain_one() -> None:
    (gap,) = group_gaps([figure("a", 0.9, 0.01), figure("b", 0.8, 0.01), figure("c", 0.5, 0.9)])
    assert (gap.better, gap.worse, gap.clear) == ("a", "b", True)


def test_pure_chance_seldom_gives_a_clear_gap() -> None:
    """Forty comparisons of groups without a difference: in at most about 5% of the runs any is clear."""
    random = np.random.default_rng(0)
    alarms = 0
    for _ in range(200):
        figures = [
            figure(group, float(0.8 + 0.03 * random.standard_normal()), 0.03, column=f"column {number}")
            for number in range(40)
            for group in ("a", "b")
        ]
        alarms += any(gap.clear for gap in group_gaps(figures))
    assert alarms <= 20


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
