"""Accuracy, precision, recall and F1 of every candidate with its confusion matrix, in one table."""

from __future__ import annotations

from inference.contract import segment_scores
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.missing_patterns import NOTHING_MISSING
from trainer.report.card.markdown import table, with_error
from trainer.results.trained import Trained

MACRO = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1"}
SCORE_MEANINGS = """\
- *Accuracy*: share of customers whose own segment is returned.
- *Precision*: of the customers answered with a segment, the share that belongs to it.
- *Recall*: of the customers who belong to a segment, the share answered with it.
- *F1*: harmonic mean of precision and recall.
- *All segments*: mean over the segments (macro), so that small segments count as much as large ones.
- *Answered 1, 2, ...*: the confusion matrix, how many customers of the row's segment were answered \
with each segment{repeats}."""


def every_score(trained: Trained) -> tuple[str, ...]:
    """Every candidate's scores and confusion matrix in one table, after what they mean."""
    names = [segment.name for segment in trained.fitted.segments]
    numbers = [f"Answered {number}" for number in range(1, len(names) + 1)]
    rows = []
    for name, candidate in CANDIDATES.items():
        found = trained.evaluation.classifiers[name][NOTHING_MISSING].fidelity
        overall = [with_error(found[each], found[f"{each}_se"]) for each in MACRO]
        rows.append([f"**{candidate.label}**, all segments", *overall, *[""] * len(names)])
        counts = trained.evaluation.confusion[name]
        for at, (segment, scores) in enumerate(zip(names, segment_scores(counts), strict=True)):
            figures = (scores.precision, scores.recall, scores.f1)
            own = ["none" if figure is None else f"{figure:.3f}" for figure in figures]
            cells = [f"**{count}**" if index == at else f"{count}" for index, count in enumerate(counts[at])]
            rows.append([f"{at + 1} {segment}", "", *own, *cells])
    repeats = trained.evaluation.repeats
    return (
        "Accuracy, precision, recall, F1 and confusion matrix of all candidates on complete held-out "
        "customers:",
        SCORE_MEANINGS.format(repeats=f", over {repeats} repeats" if repeats > 1 else ""),
        table(["Classifier and segment", *MACRO.values(), *numbers], rows),
    )
