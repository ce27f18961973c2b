"""Promises that drift is judged by the contract's histograms and chance: quiet without it, loud with it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from inference import Segmenter
from inference.drift import AMBER, GREEN, RED, TOO_FEW, Alarms, Counts, Layout, judge, of_report
from inference.drift.alarms import FALSE_ALARM, SERIES
from inference.drift.chance import chi_square_limit, chi_square_tail, normal_limit, share_limits
from inference.drift.checks import (
    COLUMN,
    DISTANCE,
    MISSING,
    NOVELTY,
    SEGMENTS,
    SHARES,
    population_stability,
    stability_limit,
)
from inference.drift.file_counts import FileCounts
from inference.drift.lights import LEAST_ROWS
from inference.validation import check_columns
from tests.conftest import loaded_after
from tests.mall_samples import Columns, count, mall, sample, shifted
from tests.synthetic import SyntheticModel, contract, number

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 9, 10, 99, 1000])
@pytest.mark.parametrize("probability", [0.5, 0.01, 1e-7])
def test_the_limits_of_chi_square_are_those_of_scipy(degrees: int, probability: float) -> None:
    limit = chi_square_limit(probability, degrees)
    assert limit == pytest.approx(stats.chi2.isf(probability, degrees), rel=1e-9)
    assert chi_square_tail(limit, degrees) == pytest.approx(stats.chi2.sf(limit, degrees), rel=1e-9)


def test_the_limit_of_the_normal_distribution_is_that_of_scipy() -> None:
    assert normal_limit(1e-6) == pytest.approx(stats.norm.isf(1e-6))


@pytest.mark.parametrize(
    ("trials", "hits", "misses"), [(50, 2.0, 199.0), (400, 0.5, 200.5), (999, 30.5, 70.5)]
)
def test_the_limits_of_a_share_are_those_of_scipy(trials: int, hits: float, misses: float) -> None:
    low, high = share_limits(trials, hits, misses, 0.02)
    beyond = stats.betabinom(trials, hits, misses)
    assert beyond.sf(round(high * trials)) <= 0.01 < beyond.sf(round(high * trials) - 1)
    assert beyond.cdf(round(low * trials) - 1) <= 0.01 < beyond.cdf(round(low * trials))


def test_the_index_is_the_symmetrised_divergence() -> None:
    first, second = np.array([30, 50, 20]), np.array([25, 35, 60])
    p, q = (first + 0.5) / (first + 0.5).sum(), (second + 0.5) / (second + 0.5).sum()
    expected = stats.entropy(p, q) + stats.entropy(q, p)
    assert population_stability(first, second) == pytest.approx(expected)


@pytest.mark.parametrize(("base", "rows"), [(200, 200), (200, 1000), (5000, 300)])
def test_chance_exceeds_the_limit_of_the_index_as_often_as_it_says(base: int, rows: int) -> None:
    rng = np.random.default_rng(0)
    shares = np.full(10, 0.1)
    found = [
        population_stability(rng.multinomial(base, shares), rng.multinomial(rows, shares))
        for _ in range(4000)
    ]
    beyond = np.mean(np.array(found) > stability_limit(10, base, rows, 0.01))
    assert 0.005 < beyond < 0.016  # 4,000 draws at 1%, whose standard error is 0.0016


def test_the_shares_of_the_checks_and_of_the_looks_add_up() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)
    windows = sum(Alarms.of_window(j).probability for j in range(1, 20_000))
    early = sum(Alarms.of_window(j, look=e).probability for j in range(1, 2000) for e in range(40))
    total = sum(Alarms.of_total(e).probability for e in range(60))
    part = FALSE_ALARM / SERIES
    assert 0.49 * part < windows < 0.5 * part
    assert 0.48 * part < early < 0.5 * part
    assert 0.98 * part < total < part
    assert sum(j * of_report(j).probability for j in range(1, 5000)) < FALSE_ALARM


def test_training_customers_are_green(published: Segmenter) -> None:
    found = judge(count(published, mall()), Alarms.once())
    assert (found.light, found.retrain) == (GREEN, False)
    assert [each.value for each in found.checks if each.kind in (COLUMN, SEGMENTS)] == [0, 0, 0, 0, 0]
    assert found.check(DISTANCE).value == pytest.approx(1.0)
    assert found.reasons == ("No check found a difference to the training customers in 200 customers.",)
    assert found.advice.startswith("No need to train again: no column is red.")


@pytest.mark.parametrize("rows", [200, 10_000])
def test_higher_incomes_are_found_where_the_shares_of_the_segments_do_not_show_them(
    published: Segmenter, rows: int
) -> None:
    found = judge(count(published, shifted(sample(rows, seed=1))), Alarms.once())
    assert found.check(COLUMN, "annual_income").light == RED
    assert (found.check(COLUMN, "annual_income").value or 0) > 0.45
    assert (found.check(DISTANCE).value or 0) > 1.25
    assert (found.check(SEGMENTS).value or 1) < 0.10
    assert found.retrain
    told = " ".join(found.reasons)
    assert "Annual income differs from training: PSI " in told
    assert "Customers are farther from the centroids of their segments" in told
    assert "The shares of the segments do not show it" in told
    assert found.advice.startswith("Train the model again: Annual income is red and the distance ratio")


def test_few_customers_are_not_judged(published: Segmenter) -> None:
    few = judge(count(published, shifted(sample(LEAST_ROWS - 1))), Alarms.once())
    assert few.light == TOO_FEW
    assert {each.light for each in few.checks} == {TOO_FEW}
    assert few.reasons[0].startswith(
        "Too few customers to judge: there must be at least 50, but there are 49."
    )
    assert not few.retrain
    enough = judge(count(published, sample(LEAST_ROWS)), Alarms.once())
    assert enough.light == GREEN


def test_a_red_column_at_usual_distances_does_not_ask_for_training(published: Segmenter) -> None:
    older = sample(1000)
    older["age"] = older["age"] + 15
    found = judge(count(published, older), Alarms.once())
    assert found.check(COLUMN, "age").light == RED
    assert not found.retrain
    assert "No need to train again yet: Age is red, but the distance ratio is below its limit" in found.advice


def test_more_missing_cells_are_found(published: Segmenter) -> None:
    blank = sample(400)
    blank["spending_score"][::3] = np.nan
    found = judge(count(published, blank), Alarms.once())
    check = found.check(MISSING, "spending_score")
    assert check.light == RED
    assert check.value == pytest.approx(134 / 400)
    assert found.check(MISSING, "age").light == GREEN
    assert any(
        "Spending score is missing more often than in training: 33.5%" in each for each in found.reasons
    )


def test_customers_far_from_everyone_are_found(published: Segmenter) -> None:
    odd = sample(400)
    odd["annual_income"][::8] = 400.0
    found = judge(count(published, odd), Alarms.once())
    check = found.check(NOVELTY)
    assert check.light == RED
    assert check.value == pytest.approx(50 / 400, abs=0.01)


def test_a_changed_segment_is_named(published: Segmenter) -> None:
    columns = sample(1000)
    high = (columns["annual_income"] > 70) & (columns["spending_score"] > 60)
    columns = {name: np.concatenate([cells, *[cells[high]] * 4]) for name, cells in columns.items()}
    found = judge(count(published, columns), Alarms.once())
    assert found.check(SEGMENTS).light == RED
    assert any("The shares of the segments changed" in each and "'High income, high score'" in each
               for each in found.reasons)  # fmt: skip


def test_unseen_categories_count_as_a_difference(published: Segmenter) -> None:
    layout = Layout(published.contract)
    (gender,) = (each for each in layout.columns if each.column.name == "gender")
    cells = np.array(["Male"] * 30 + ["Unseen"] * 70 + [""] * 5, dtype=object)
    assert gender.count(cells).tolist() == [0, 30, 70, 5]
    assert [gender.position(cell) - gender.start for cell in ("Female", "Unseen", "")] == [0, 2, 3]


def test_one_customer_counts_as_in_a_batch(published: Segmenter) -> None:
    columns = sample(60, seed=3)
    columns["age"][::7] = np.nan
    columns["spending_score"][::5] = np.nan
    columns["annual_income"][::11] = 300.0
    for name in columns:
        columns[name][13] = "" if name == "gender" else np.nan
    whole = count(published, columns)
    singly = Counts(whole.layout)
    for at in range(60):
        singly.merge(count(published, {name: cells[at : at + 1] for name, cells in columns.items()}))
    assert singly.whole.tolist() == whole.whole.tolist()
    assert singly.sums == pytest.approx(whole.sums)
    assert whole.routes["prior"] == 1
    assert whole.novel > 0


def test_counts_are_read_back_and_others_refused(published: Segmenter) -> None:
    counts = count(published, sample(70))
    again = Counts.read(counts.layout, counts.to_json())
    assert again.whole.tolist() == counts.whole.tolist()
    assert again.sums.tolist() == counts.sums.tolist()
    broken = counts.to_json() | {"counts": [1, 2]}
    with pytest.raises(ValueError, match="counts must have the shape"):
        Counts.read(counts.layout, broken)


def test_a_file_is_counted_as_its_rows_are(published: Segmenter, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from inference import ScoreOptions, score_file

    columns = sample(500, seed=5)
    lines = ["gender,age,annual_income,spending_score"]
    lines += [",".join(str(columns[name][at]) for name in columns) for at in range(500)]
    lines[7] = "Male,30,not a number,50"
    source = tmp_path / "customers.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    counting = FileCounts(Layout(published.contract))
    scored = score_file(
        published, source, tmp_path / "out.csv", options=ScoreOptions(), observe=counting.observe
    )
    assert (scored.errors, counting.counts.rows) == (1, 499)
    kept: Columns = {name: np.delete(cells, 6) for name, cells in columns.items()}
    assert counting.counts.whole.tolist() == count(published, kept).whole.tolist()


def test_a_contract_without_histograms_is_counted_and_not_judged() -> None:
    model = SyntheticModel(contract([number("a")], ["One", "Two"]))
    checked = check_columns(model.contract, {"a": [1.0, 2.0, None]})
    counts = Counts(Layout(model.contract))
    counts.add(checked.feeds, model.answer(checked))
    found = judge(counts, Alarms.once())
    assert counts.rows == 3
    assert (found.light, found.checks) == (TOO_FEW, ())


@pytest.mark.parametrize("rows", [200, 2000])
def test_unchanged_customers_raise_no_alarm(published: Segmenter, rows: int) -> None:
    alarms = [judge(count(published, sample(rows, seed=seed)), Alarms.once()).light for seed in range(40)]
    assert sum(light in (AMBER, RED) for light in alarms) <= 1


def test_it_needs_neither_pandas_nor_scipy() -> None:
    loaded = loaded_after("import inference.drift")
    assert loaded & {"pandas", "scipy", "sklearn", "pyarrow", "gradio", "fastapi"} == set()
