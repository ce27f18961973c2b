"""Checks that other clustering columns are tried, shown, and taken as they were shown."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from rich.console import Console
from sklearn.metrics import adjusted_rand_score

from inference import InputError, Segmenter
from inference.contract import Contract, OtherColumns
from service.page.texts import frame_texts, model_texts
from service.page.views.evaluation_view import choice_section
from tests.browsing import PHONE, chromium, served, visit
from tests.conftest import quick_config
from tests.planted_groups import groups_among_noise, groups_in_shares
from tests.quick_choice import QUICK_CHOICE
from trainer import Roles, Table, TrainConfig, Trained, alternatives, train
from trainer.__main__ import main
from trainer.cli.console import show_decisions
from trainer.report.card.card_evaluation import sensitivity
from trainer.segments.alternatives import Alternative, best_first
from trainer.segments.alternatives.variants import MAKERS, MOST_VARIANTS

LIGHT = TrainConfig(light_sensitivity=True, choice=replace(QUICK_CHOICE, k_max=4))


def by_slug(found: tuple[Alternative, ...]) -> dict[str, Alternative]:
    return {each.slug: each for each in found}


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
    start = next(index for index, line in enumerate(lines) if "With other columns" in line)
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
