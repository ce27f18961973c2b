"""Checks that every figure of the model card is from the run, and that its sentences follow the decisions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import metadata_load

from tests.fake_results import made_up, schema_with
from trainer import Trained
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.missing_patterns import key_patterns
from trainer.report.card import model_card
from trainer.report.card.markdown import sentences, table, with_error
from trainer.report.figures import FIGURES
from trainer.report.labels import pattern_words
from trainer.segments.structure import Kind


@pytest.fixture(scope="module")
def card(trained: Trained) -> str:
    return model_card(trained)


def section(card: str, title: str) -> str:
    """The text between a heading that starts like this and the next heading."""
    return next(part for part in card.split("\n## ") if part.startswith(title))


def rows(text: str) -> list[list[str]]:
    """The cells of all tables in a text, without the separator lines."""
    lines = [line for line in text.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_hub_can_read_the_front_matter(card: str, trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "MODEL_CARD.md"
    path.write_text(card, encoding="utf-8")
    found: Any = metadata_load(path)
    assert found["license"] == "mit"
    assert found["library_name"] == "onnx"
    assert found["pipeline_tag"] == "tabular-classification"
    assert found["model_name"] == trained.table.schema.name
    assert trained.selection.chosen.replace("_", "-") in found["tags"]


def test_the_sentence_about_k_has_the_figures_of_the_run(card: str, trained: Trained) -> None:
    choice = trained.choice
    reported = section(card, f"Why {choice.k} segments")
    assert reported.startswith(f"Why {choice.k} segments, and what kind\n\n**Natural segments**: ")
    row = choice.row
    (sentence,) = (line for line in reported.splitlines() if line.startswith(f"{choice.k} segments are "))
    figures = re.findall(r"\d+\.\d+", sentence)
    silhouettes = [f"{row.silhouette:.3f}", f"{row.null_mean:.3f}"]
    assert figures == [*silhouettes, f"{choice.p_value:.2g}", f"{row.valley:.2f}", f"{row.ari:.3f}"]
    assert f"with {choice.settings.bootstraps} to {choice.settings.most_bootstraps} bootstrap" in reported
    assert f"{choice.draws} tables drawn from one population" in reported
    for opinion in choice.second_opinions:
        assert opinion in reported


def test_every_k_has_its_row(card: str, trained: Trained) -> None:
    found = rows(section(card, "Why"))[1 : 1 + len(trained.choice.table)]
    assert [cells[0].strip("*") for cells in found] == [str(row.k) for row in trained.choice.table]
    assert [cells[0] for cells in found if cells[0].startswith("*")] == [f"**{trained.choice.k}**"]
    for cells, row in zip(found, trained.choice.table, strict=True):
        assert cells[1:4] == [row.kind, f"{row.silhouette:.3f}", f"{row.null_mean:.3f}"]
        assert cells[5] == f"{row.jaccard:.3f}"
        assert cells[-1] == ("" if row.kind == "natural" else "; ".join(row.failed))


def test_other_numbers_are_shown_with_their_option_cost_and_segments(card: str, trained: Trained) -> None:
    choice = trained.choice
    assert choice.others
    header, *found = rows(section(card, "Why"))[1 + len(choice.table) :]
    assert header[:2] == ["Option", "Kind"]
    for cells, other in zip(found, choice.others, strict=True):
        assert cells[:3] == [f"`--k {other.k}`", other.kind, f"{other.ari:.3f}"]
        assert cells[4] == "; ".join(f"{name} ({size})" for name, size in other.segments)
    without = model_card(replace(trained, choice=replace(choice, others=())))
    assert "Other numbers of segments" not in without


def test_fidelity_is_shown_by_pattern_and_for_all_candidates(card: str, trained: Trained) -> None:
    reported = section(card, "Incomplete customers")
    assert "It is not an accuracy of the segments" in reported
    judged, schema = trained.evaluation.classifiers, trained.table.schema
    found = {cells[0]: cells[1:] for cells in rows(reported)}
    for pattern in trained.held_out.patterns:
        figures = judged[trained.selection.chosen][pattern].fidelity
        own = found[pattern_words(schema, pattern)]
        assert own[0] == f"{figures['accuracy']:.3f} ± {figures['accuracy_se']:.3f}"
        assert own[2] == f"{figures['precision']:.3f} ± {figures['precision_se']:.3f}"
        assert own[5] == f"{figures['log_loss']:.3f} ± {figures['log_loss_se']:.3f}"
    for name, candidate in CANDIDATES.items():
        each_pattern = [judged[name][pattern].fidelity for pattern in key_patterns(schema)]
        assert found[candidate.label] == [
            f"{each['accuracy']:.3f}, {each['log_loss']:.3f}" for each in each_pattern
        ]
    centroid, prior = (judged[name][()].fidelity for name in ("nearest_centroid", "prior"))
    assert found["Nearest centroid"][0] == f"{centroid['accuracy']:.3f}, {centroid['log_loss']:.3f}"
    assert set(found["Segment sizes only"]) == {f"{prior['accuracy']:.3f}, {prior['log_loss']:.3f}"}
    assert trained.selection.reason in reported
    for name, value in trained.fitted.classifier.settings.items():
        assert f"{name} {value:g}" in reported


def test_segments_are_listed_with_tier_share_index_and_action(card: str, trained: Trained) -> None:
    header, *found = rows(section(card, "Segments"))
    assert header[:4] == ["Segment", "Tier", "Index", "Customers"]
    for cells, segment in zip(found, trained.fitted.segments, strict=True):
        assert cells[0] == segment.name
        assert cells[1].startswith(segment.tier)
        assert ("high potential" in cells[1]) == segment.high_potential
        assert cells[2] == f"{segment.index:.2f}"
        assert cells[3] == f"{segment.size} ({segment.share:.1%})"
        assert cells[4] == f"{segment.centroid['annual_income']:.4g}"
        assert cells[-1] == f"{segment.action} Because: {segment.because}."


def test_what_the_user_set_is_marked(trained: Trained, card: str) -> None:
    overrides = {"Mid income, mid score": {"name": "Middle", "tier": "premium"}}
    reported = section(model_card(replace(trained, overrides=overrides)), "Segments")
    assert "Set by the user: name and tier of “Mid income, mid score”." in reported
    assert "Set by the user" not in card


def test_the_threshold_and_its_results_are_shown(card: str, trained: Trained) -> None:
    selective = trained.evaluation.selective
    reported = section(card, "When the answer is")
    assert f"at least {selective.threshold:.2f};" in reported
    assert (
        f"{selective.answered:.1%} get one answer and {selective.accuracy:.1%} of these are right" in reported
    )
    assert len(rows(reported)) == 1 + len(selective.patterns)
    bounds = [point.at_least for point in selective.patterns.values() if point.at_least is not None]
    assert bounds
    assert all(f"{bound:.1%} |" in reported for bound in bounds)


def test_without_a_threshold_the_answer_is_always_ranked(trained: Trained) -> None:
    selective = replace(trained.evaluation.selective, accuracy=None, threshold=1.0, answered=0.0)
    unsure = replace(trained, evaluation=replace(trained.evaluation, selective=selective))
    reported = section(model_card(unsure), "When the answer is")
    assert "no probability is high enough to be right 90% of the time, with 95% confidence" in reported
    assert "must be at least" not in reported


def test_the_code_runs_and_predicts(card: str, model_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert len([line for line in code.splitlines() if line]) == 6
    exec(code.replace("artifacts/model.onnx", str(model_path)), {})  # noqa: S102  # the card's own code
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Mid income, mid score ")
    assert second.startswith(("True {", "False {"))
    whole, _, partly, _ = code.splitlines()[-4:]
    assert "spending_score=" in whole
    assert "spending_score=" not in partly
    assert "gender=" in partly


def test_every_figure_is_shown_once(card: str) -> None:
    assert sorted(re.findall(r"!\[.+\]\(figures/(\w+)\.svg\)", card)) == sorted(FIGURES)


def test_a_clustering_category_has_its_share_as_coordinate(trained: Trained) -> None:
    run = made_up(trained, k=4, schema=schema_with("gender", "annual_income"), chosen_by="user")
    found = rows(section(model_card(run), "Segments"))
    assert found[0][4] == "Gender: Male"
    assert sorted({cells[4] for cells in found[1:]}) == ["0%", "100%"]


def test_data_and_proof_are_shown_with_their_figures(card: str, trained: Trained) -> None:
    reported = section(card, "Data")
    assert trained.table.sha256 in reported
    for sentence in sentences(trained.table.report.sentences()):
        assert sentence in reported
    proof = section(card, "How it was verified")
    assert f"{trained.verification.rows:,} rows" in proof
    for name, value in trained.verification.largest.items():
        assert f"{name} {value:.1e}" in proof
    assert "scikit-learn 1." in proof


def test_novelty_distances_are_those_of_the_file(card: str, trained: Trained) -> None:
    found = rows(section(card, "Novelty"))[1:]
    assert [cells[1] for cells in found] == [f"{far:.2f}" for far in trained.fitted.far]


def test_groups_are_compared_and_the_clearest_gap_is_named(card: str, trained: Trained) -> None:
    reported = section(card, "Fairness")
    assert reported.splitlines()[2].startswith("Profile columns: Gender and Age.")
    assert {cells[0] for cells in rows(reported)[1:]} >= {"Gender: Female", "Gender: Male"}
    assert re.search(
        r"clearest difference: with .* unknown, fidelity is \d+ points \(.*for 6 comparisons\)", reported
    )


@pytest.mark.parametrize("kind", ["reproducible", "constructive"])
def test_segments_that_are_not_natural_are_named_at_the_top(trained: Trained, card: str, kind: Kind) -> None:
    row = next(row for row in trained.choice.table if row.failed)
    reason = f"{row.k} segments are {kind}: this and that."
    choice = replace(trained.choice, k=row.k, kind=kind, reason=reason)
    reported = model_card(replace(trained, choice=choice))
    opening = reported.split("\n## ")[0]
    assert f"**{kind.capitalize()} segments**: the customers form " in opening
    assert f"- The {row.k} segments are {kind}, not natural: {row.failed[0]}" in opening
    assert reason in section(reported, "Why")
    assert "**Natural segments**: " in card.split("\n## ", maxsplit=1)[0]
    assert "not natural" not in card.split("\n## ", maxsplit=1)[0]


def test_a_run_without_tiers_on_one_column_has_none(trained: Trained) -> None:
    schema = schema_with("spending_score", value=None, capacity=None, spend=None)
    run = made_up(trained, k=2, schema=schema, chosen_by="user", reason="k = 2 was chosen by the user.")
    reported = model_card(run)
    assert rows(section(reported, "Segments"))[0] == [
        "Segment",
        "Customers",
        "Spending score (1-100)",
        "Suggested action",
    ]
    assert "Index:" not in reported
    assert "k = 2 was chosen by the user." in section(reported, "Why 2 segments")
    assert "Profile columns: Gender, Age and Annual income." in reported


def test_cells_and_sentences_are_tidied() -> None:
    assert table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"
    assert sentences(["one two", "Three."]) == ["One two.", "Three."]
    assert with_error(0.5, None) == "0.500"
