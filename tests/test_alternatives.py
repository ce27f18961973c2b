"""Checks that other clustering columns are tried, shown, and taken as they were shown."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect
from rich.console import Console
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score

from inference import InputError, Segmenter
from inference.contract import Contract, OtherColumns
from service.page.texts import frame_texts, model_texts
from service.page.views.evaluation_view import choice_section
from tests.browsing import PHONE, chromium, served, visit
from tests.conftest import QUICK_CHOICE, quick_config
from trainer import MALL, Roles, Schema, Table, TrainConfig, Trained, alternatives, prepare, train
from trainer.__main__ import main
from trainer.cli.console import show_decisions
from trainer.report.card.card_evaluation import sensitivity
from trainer.schema.formula import Formula
from trainer.schema.schema import Feature
from trainer.segments.alternatives import Alternative, best_first, take_alternative, variants
from trainer.segments.alternatives.variants import MAKERS, MOST_FEATURES, MOST_VARIANTS

LIGHT = TrainConfig(light_sensitivity=True, choice=replace(QUICK_CHOICE, k_max=4))


def groups_in_shares(rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of three tastes; what they spend in all varies much more and has nothing to do with it."""
    rng = np.random.default_rng(3)
    tastes = np.array([[0.4, 0.2, 0.2, 0.2], [0.2, 0.4, 0.2, 0.2], [0.2, 0.2, 0.3, 0.3]])
    own = rng.integers(0, 3, rows)
    shares = np.array([rng.dirichlet(150 * tastes[taste]) for taste in own])
    spent = shares * np.exp(rng.normal(6.0, 1.2, rows))[:, None]
    return pd.DataFrame(spent.round(2), columns=["Wine", "Meat", "Fish", "Sweets"]), own


def groups_among_noise(rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    """Four groups in two columns, and columns in which everybody is of one population."""
    rng = np.random.default_rng(3)
    own = rng.integers(0, 4, rows)
    corners = np.array([[0, 0], [0, 5], [5, 0], [5, 5]])[own] + rng.normal(size=(rows, 2))
    names = ["visits", "orders", *(f"noise_{letter}" for letter in "abcdefghijkl")]
    return pd.DataFrame(np.c_[corners, rng.normal(size=(rows, 12))].round(3), columns=names), own


def by_slug(found: tuple[Alternative, ...]) -> dict[str, Alternative]:
    return {each.slug: each for each in found}


def slugs(table: Table) -> list[str]:
    return [each.slug for each in variants(table)]


@pytest.fixture(scope="module")
def shares() -> tuple[Alternative, ...]:
    return alternatives(groups_in_shares()[0], LIGHT)


@pytest.fixture(scope="module")
def by_shares() -> Trained:
    config = replace(quick_config(classifier="logistic_regression"), alternative="shares-of-spend")
    return train(groups_in_shares()[0], config)


@pytest.fixture(scope="module")
def weak() -> Trained:
    """A run whose proposed clustering columns show no groups, with the others tried."""
    config = quick_config(classifier="logistic_regression")
    return train(groups_in_shares()[0], replace(config, sensitivity=True, light_sensitivity=True))


def test_groups_in_shares_are_found_where_the_amounts_show_none(shares: tuple[Alternative, ...]) -> None:
    chosen, best = shares[:2]
    assert (chosen.title, chosen.slug, chosen.option) == ("as chosen", "", "")
    assert chosen.kind != "natural"
    assert (best.slug, best.option) == ("shares-of-spend", "--alternative shares-of-spend")
    assert (best.k, best.kind) == (3, "natural")
    assert best.labels == ("Wine share", "Meat share", "Fish share", "Sweets share")
    assert len(best.names) == 3
    assert best.agreement < 0.1


def test_taking_the_shares_gives_a_verified_file_that_answers_with_the_planted_groups(
    by_shares: Trained, tmp_path: Path
) -> None:
    customers, own = groups_in_shares()
    path = tmp_path / "model.onnx"
    path.write_bytes(by_shares.model)
    answers = Segmenter.load(path).predict_many(customers.rename(columns=str.lower))
    assert adjusted_rand_score(own, answers.segment_id) > 0.97
    assert by_shares.choice.kind == "natural"
    assert by_shares.verification.rows > len(customers)
    clustering = json.loads(by_shares.contract)["clustering"]
    assert clustering == ["share_wine", "share_meat", "share_fish", "share_sweets"]


def test_what_is_taken_is_what_was_shown(shares: tuple[Alternative, ...], by_shares: Trained) -> None:
    shown = by_slug(shares)["shares-of-spend"]
    assert by_shares.table.schema.clustering == shown.clustering
    assert (by_shares.choice.k, by_shares.choice.kind) == (shown.k, shown.kind)
    assert [each.name for each in by_shares.fitted.segments] == list(shown.names)


def test_noise_that_the_user_named_is_left_out_by_an_alternative() -> None:
    customers, own = groups_among_noise()
    config = replace(
        quick_config(classifier="logistic_regression"), roles=Roles(cluster=tuple(customers.columns))
    )
    tried = alternatives(customers, replace(config, light_sensitivity=True))
    assert tried[0].kind != "natural"
    found = by_slug(tried)["without-noise-columns"]
    assert (found.k, found.kind, found.clustering) == (4, "natural", ("visits", "orders"))
    trained = train(customers, replace(config, alternative="without-noise-columns"))
    assert (trained.choice.k, trained.choice.kind) == (4, "natural")
    assert adjusted_rand_score(own, trained.labels) > 0.9


def test_the_command_line_names_the_alternatives_of_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "customers.csv"
    groups_in_shares()[0].to_csv(data, index=False)
    given = ["--data", str(data), "--alternative", "shares-of-spent", "--out", str(tmp_path / "out")]
    assert main(given) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "error: the alternative must be one that this table has (as-proposed, shares-of-spend, " in said
    assert "but it is 'shares-of-spent'. Did you mean 'shares-of-spend'?" in said
    assert not (tmp_path / "out").exists()


def test_an_alternative_that_the_table_does_not_have_is_refused(table: Table) -> None:
    with pytest.raises(InputError, match=r"\(as-proposed, every-number, .*\), but it is 'shares-of-spend'"):
        train(table, replace(quick_config(), alternative="shares-of-spend"))


def test_the_error_is_short_also_with_the_longest_names() -> None:
    longest = sorted([*MAKERS], key=len)[-MOST_VARIANTS:]
    error = InputError(
        f"the alternative must be one that this table has (as-proposed, {', '.join(longest)}), but it is "
        f"{'x' * 20!r}",
        suggestion=longest[-1],
    )
    assert len(str(error)) <= 300


def rich_table(rows: int = 200, **roles: object) -> Table:
    """Spending, skewed and even numbers, an ordered and an unordered category."""
    rng = np.random.default_rng(5)
    size = rng.normal(size=rows)
    customers = pd.DataFrame(
        {
            "Wine": np.exp(5 + size + rng.normal(size=rows)).round(2),
            "Meat": np.exp(5 + size + rng.normal(size=rows)).round(2),
            "Fish": np.exp(4 + size + rng.normal(size=rows)).round(2),
            "Store visits": (20 + 5 * size + rng.normal(size=rows)).round().clip(0),
            "Age": rng.integers(18, 80, rows),
            "Level": rng.choice(["Low", "Average", "High"], rows),
            "Colour": rng.choice(["red", "green", "blue"], rows),
        }
    )
    return prepare(customers, Roles(**roles)).table  # type: ignore[arg-type]  # settings by name


def schema_of(table: Table, slug: str) -> Schema:
    return take_alternative(table, slug).schema


def test_each_set_has_the_columns_it_is_named_after() -> None:
    table = rich_table()
    proposed = table.schema.clustering
    assert proposed == ("log_wine", "log_meat", "log_fish", "store_visits")
    assert schema_of(table, "as-proposed") == table.schema
    assert schema_of(table, "every-number").clustering == (*proposed, "age")
    assert schema_of(table, "with-ordinals").clustering == (*proposed, "level")
    assert schema_of(table, "with-categories").clustering == (*proposed, "colour")
    assert schema_of(table, "total-of-spend").clustering == ("store_visits", "log_total_spend")
    fewer = schema_of(table, "fewer-columns").clustering
    assert len(fewer) == 2
    assert set(fewer) < set(proposed)


def test_logarithms_go_and_come() -> None:
    assert set(MAKERS) >= {"with-logarithms", "without-logarithms"}
    logs = rich_table(columns={}, cluster=("wine", "meat"))
    assert schema_of(logs, "without-logarithms").clustering == ("wine", "meat")
    plain = rich_table(log=False, cluster=("wine", "meat"))
    assert plain.schema.clustering == ("wine", "meat")
    assert schema_of(plain, "with-logarithms").clustering == ("log_wine", "log_meat")


def features_of(table: Table, slug: str) -> dict[str, np.ndarray]:
    schema = schema_of(table, slug)
    known = {each.name: each.formula.evaluate(table.columns) for each in schema.features}
    return {name: known[name] for name in schema.clustering}


def test_shares_and_ratios_by_hand() -> None:
    table = rich_table()
    wine, meat, fish = (table.columns[name] for name in ("wine", "meat", "fish"))
    shares = features_of(table, "shares-of-spend")
    np.testing.assert_allclose(shares["share_meat"], meat / (wine + meat + fish + 1))
    largest, other = ("wine", "meat") if wine.mean() > meat.mean() else ("meat", "wine")
    ratios = features_of(table, "ratios-of-spend")
    assert list(ratios) == [f"{other}_to_{largest}", f"fish_to_{largest}"]
    expected = np.log1p(fish) - np.log1p(table.columns[largest])
    np.testing.assert_allclose(ratios[f"fish_to_{largest}"], expected)


def test_shares_of_small_amounts_stay_shares() -> None:
    customers, _ = groups_in_shares()
    tiny = prepare((customers / 10_000).round(6)).table
    total = sum(features_of(tiny, "shares-of-spend").values())
    assert np.median(total) > 0.98
    nothing = {name: np.zeros(1) for name in tiny.columns}
    for feature in schema_of(tiny, "shares-of-spend").features:
        assert feature.formula.evaluate(nothing) == 0.0


def test_principal_directions_are_those_of_scikit_learn() -> None:
    table = rich_table()
    schema = table.schema
    known = {each.name: each.formula.evaluate(table.columns) for each in schema.features} | table.columns
    values = np.column_stack([known[name] for name in schema.clustering]).astype(float)
    inside = (np.abs(values - np.median(values, axis=0)) < 3 * values.std(axis=0)).all(axis=1)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    expected = PCA(n_components=2).fit(scaled).transform(scaled)
    found = np.column_stack(list(features_of(table, "principal-directions").values()))
    assert found.shape[1] == 2
    for place in range(2):
        assert abs(np.corrcoef(found[inside, place], expected[inside, place])[0, 1]) > 0.999


def test_spending_is_also_what_the_users_own_value_adds_up() -> None:
    total = Feature(name="both", label="Both", formula=Formula("a + b"))
    rng = np.random.default_rng(0)
    customers = pd.DataFrame(rng.gamma(2.0, 50.0, size=(200, 2)).round(1), columns=["a", "b"])
    table = prepare(customers, Roles(features=(total,), value="both")).table
    assert schema_of(table, "shares-of-spend").clustering == ("share_a", "share_b")
    product = replace(total, formula=Formula("a * b"))
    other = prepare(customers, Roles(features=(product,), value="both")).table
    assert "shares-of-spend" not in slugs(other)


def test_spend_columns_that_are_rarely_known_together_make_no_features() -> None:
    table = rich_table(cluster=("store_visits", "age"))
    assert "total-of-spend" in slugs(table)
    place = np.arange(len(table)) / len(table)
    gaps = {"wine": place < 0.4, "meat": (place >= 0.3) & (place < 0.7), "fish": place >= 0.6}
    columns = {name: np.where(gap, np.nan, table.columns[name]) for name, gap in gaps.items()}
    spend = {"shares-of-spend", "total-of-spend", "ratios-of-spend"}
    assert not spend & set(slugs(replace(table, columns=table.columns | columns)))


def test_sets_differ_can_cluster_and_are_few() -> None:
    table = rich_table()
    found = variants(table)
    assert len({frozenset(each.schema.clustering) for each in found}) == len(found) <= MOST_VARIANTS + 1
    many = {f"c{place}": np.random.default_rng(place).normal(size=100) for place in range(MOST_FEATURES + 1)}
    wide = prepare(pd.DataFrame(many), Roles(cluster=("c0", "c1"))).table
    assert "every-number" not in slugs(wide)
    rare = table.columns | {"age": np.where(np.arange(len(table)) < 120, np.nan, table.columns["age"])}
    assert "every-number" not in slugs(replace(table, columns=rare))
    constant = table.columns | {"age": np.full(len(table), 30.0)}
    assert "every-number" not in slugs(replace(table, columns=constant))


def test_mall_has_these_sets(table: Table) -> None:
    assert slugs(table) == [
        "as-proposed",
        "every-number",
        "with-categories",
        "with-engineered-columns",
        "with-everything",
    ]


def test_the_best_come_first(shares: tuple[Alternative, ...]) -> None:
    first, *others = shares
    assert list(best_first(reversed(others))) == others
    kinds = [each.kind for each in others]
    assert kinds == sorted(kinds, key=["natural", "reproducible", "constructive"].index)
    assert best_first([first, replace(first, excess=first.excess + 0.1)])[1] == first


def test_light_runs_try_nothing_where_the_segments_are_natural(table: Table) -> None:
    config = replace(quick_config(classifier="logistic_regression"), sensitivity=True)
    assert train(table, replace(config, light_sensitivity=True)).sensitivity == ()
    assert (config.sensitivity_rows, replace(config, light_sensitivity=True).sensitivity_rows) == (1_000, 500)


def test_the_contract_keeps_what_was_tried(weak: Trained) -> None:
    read = weak.described.sensitivity
    assert [asdict(each) for each in read] == [asdict(each) for each in weak.sensitivity]
    assert read[0].option == ""
    old = {name: value for name, value in asdict(read[1]).items() if name not in ("slug", "option", "labels")}
    del old["names"]
    assert OtherColumns.read(old) == replace(read[1], slug="", option="", labels=(), names=())


def shown(trained: Trained) -> str:
    out = io.StringIO()
    show_decisions(Console(file=out, soft_wrap=True, width=200), trained)
    return out.getvalue()


def test_console_shows_them_where_the_answer_is_weak(weak: Trained) -> None:
    lines = shown(weak).splitlines()
    start = next(place for place, line in enumerate(lines) if "With other columns" in line)
    assert lines[start + 1].split() == ["k", "kind", "excess", "ARI", "columns", "option"]
    (best,) = (line for line in lines if line.endswith("--alternative shares-of-spend"))
    assert best.split()[:3] == ["3", "natural", f"{weak.sensitivity[1].excess:+.3f}"]
    assert lines[lines.index(best) + 1].strip() == "; ".join(weak.sensitivity[1].names)
    natural = replace(weak, choice=replace(weak.choice, kind="natural"))
    assert "With other columns" not in shown(natural)


def test_console_says_which_set_was_taken(by_shares: Trained) -> None:
    said = "Clustering columns of shares-of-spend: Wine share, Meat share, Fish share and Sweets share"
    assert said in shown(by_shares)


def test_card_and_page_show_kind_names_and_option(weak: Trained) -> None:
    best = weak.sensitivity[1]
    (row,) = (line for line in sensitivity(weak).splitlines() if "`--alternative shares-of-spend`" in line)
    labels = "wine share, meat share, fish share and sweets share"
    assert f"| {best.title}: {labels} | 3 | natural | {best.excess:+.3f} |" in row
    assert f"| {'; '.join(best.names)} |" in row
    page = choice_section(Contract.parse(weak.contract))
    assert "<summary>With other columns</summary>" in page
    assert '<code class="name">--alternative shares-of-spend</code>' in page
    assert f">Columns: {', '.join(best.labels)}<" in page
    assert f">Segments: {'; '.join(best.names)}<" in page
    untried = Contract.parse(json.dumps(json.loads(weak.contract) | {"sensitivity": []}))
    assert "With other columns" not in choice_section(untried)


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Playwright's own event loop
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_open_table_does_not_widen_a_phone(weak: Trained, tmp_path: Path, theme: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(weak.model)
    with served(Segmenter.load(path)) as url, chromium() as browser:
        opened = visit(browser, url, size=PHONE, theme=theme)
        opened.open_tab(frame_texts.TAB_MODEL)
        opened.page.locator("summary", has_text=model_texts.OTHER_COLUMNS).click()
        scrolled = opened.page.get_by_role("region", name=model_texts.OTHER_COLUMNS)
        expect(scrolled).to_be_visible()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        assert scrolled.evaluate("box => box.clientWidth") < PHONE[0]
        title = scrolled.locator("tbody th").nth(1)
        assert title.evaluate("cell => cell.clientWidth") < PHONE[0] / 2, "leaves room for the figures"
        assert opened.faults == []


def test_the_schema_refuses_spend_columns_that_are_none() -> None:
    with pytest.raises(InputError, match="a spend column must be a number column, but 'gender' is not one"):
        replace(MALL, spend_columns=("gender",))
