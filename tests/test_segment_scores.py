"""Checks precision, recall and F1 per segment against scikit-learn, and that card and page show them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from inference import Segmenter
from inference.contract import SegmentScores, segment_scores
from service.page.texts import model_texts
from service.page.views.scores_table import scores_section
from tests.shown_text import words
from tests.synthetic import contract, number
from tests.test_card import rows, section
from trainer import Trained
from trainer.classifier.candidates import CANDIDATES
from trainer.report.card import model_card


@pytest.mark.parametrize("seed", range(4))
def test_the_scores_are_those_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    true, answered = random.integers(0, 4, (2, 200))
    counts = np.zeros((4, 4), dtype=int)
    np.add.at(counts, (true, answered), 1)
    expected = precision_recall_fscore_support(true, answered)[:3]
    found = segment_scores(counts.tolist())
    assert [each.precision for each in found] == pytest.approx(expected[0])
    assert [each.recall for each in found] == pytest.approx(expected[1])
    assert [each.f1 for each in found] == pytest.approx(expected[2])


def test_what_cannot_be_divided_is_none() -> None:
    first, second, third = segment_scores([[0, 5, 0], [0, 3, 0], [0, 0, 0]])
    assert first == SegmentScores(precision=None, recall=0.0, f1=0.0)
    assert second == SegmentScores(precision=3 / 8, recall=1.0, f1=6 / 11)
    assert third == SegmentScores(precision=None, recall=None, f1=None)


def test_the_macro_figures_are_means_of_the_segments(trained: Trained) -> None:
    """Pooled over repeats here, averaged over them there: equal within a percent."""
    for name in CANDIDATES:
        found = segment_scores(trained.evaluation.confusion[name])
        macro = trained.evaluation.classifiers[name][()].fidelity
        assert np.mean([each.f1 for each in found]) == pytest.approx(macro["f1"], abs=0.01)
        assert np.mean([each.recall for each in found]) == pytest.approx(macro["recall"], abs=0.01)


def test_the_card_has_every_candidate_and_its_confusion_matrix_in_one_table(trained: Trained) -> None:
    text = section(model_card(trained), "Incomplete customers")
    table = next(part for part in text.split("\n\n") if part.startswith("| Classifier and segment"))
    header, *found = rows(table)
    names = [segment.name for segment in trained.fitted.segments]
    assert header[:5] == ["Classifier and segment", "Accuracy", "Precision", "Recall", "F1"]
    assert len(header) == 5 + len(names)
    assert len(found) == len(CANDIDATES) * (1 + len(names))
    for block, (name, candidate) in enumerate(CANDIDATES.items()):
        overall, *segments = found[block * (1 + len(names)) :][: 1 + len(names)]
        macro = trained.evaluation.classifiers[name][()].fidelity
        assert overall[0] == f"**{candidate.label}**, all segments"
        assert overall[2] == f"{macro['precision']:.3f} ± {macro['precision_se']:.3f}"
        for at, cells in enumerate(segments):
            counts = trained.evaluation.confusion[name][at]
            assert cells[0] == f"{at + 1} {names[at]}"
            assert [int(cell.strip("*")) for cell in cells[5:]] == counts
            assert cells[5 + at] == f"**{counts[at]}**"
            assert cells[3] == f"{counts[at] / sum(counts):.3f}"


def test_the_page_shows_the_same_table_with_what_the_figures_mean(published: Segmenter) -> None:
    evaluation = published.contract.evaluation
    assert evaluation is not None
    markup = scores_section(published.contract)
    text = words(markup)
    for name, counts in evaluation.confusion.items():
        macro = evaluation.classifiers[name][()].fidelity
        assert f"{macro.precision:.1%} ± {macro.precision_se * 100:.1f}" in text
        for at, segment in enumerate(published.contract.segments):
            recall = counts[at][at] / sum(counts[at])
            cells = " ".join(f"{count:,}" for count in counts[at])
            assert re.search(
                rf"{at + 1} {re.escape(segment.name)} [\d.]+% {recall:.1%} [\d.]+% {cells}", text
            )
    for term, _ in model_texts.SCORES_MEANINGS:
        assert markup.count(f">{term}</dt>") == 1


def test_a_model_that_was_not_evaluated_has_no_such_table() -> None:
    assert scores_section(contract([number("a")], ["One", "Two"])) == ""
