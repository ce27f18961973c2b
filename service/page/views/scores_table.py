"""Accuracy, precision, recall and F1 of every classifier with its confusion matrix, in one table."""

from __future__ import annotations

from collections.abc import Iterator

from inference import Contract
from inference.contract import Evaluation, Pattern, Scores, SegmentScores, segment_scores
from service.languages.number_format import decimals, grouped, in_percent
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.texts import model_texts
from service.page.views.evaluation_view import classifier_label
from service.page.views.tables import definitions, table, two_lines

NOTHING_MISSING: Pattern = ()


def scores_section(contract: Contract) -> Markup:
    """The table over complete held-out customers, below it what its figures mean; nothing without them."""
    evaluation = contract.evaluation
    if evaluation is None:
        return Markup("")
    judged = [name for name, scores in evaluation.classifiers.items() if NOTHING_MISSING in scores]
    serving = "" if contract.classifier is None else contract.classifier.chosen
    rows: list[list[str]] = []
    marked: set[int] = set()
    for name in judged:
        own = list(_rows(contract, evaluation, name))
        if name == serving:
            marked |= set(range(len(rows), len(rows) + len(own)))
        rows += own
    numbers = range(1, len(contract.segments) + 1)
    head = [
        model_texts.COL_CLASSIFIER,
        model_texts.COL_ACCURACY,
        model_texts.COL_PRECISION,
        model_texts.COL_RECALL,
        model_texts.COL_F1,
        *(model_texts.COL_ANSWERED.format(number=number) for number in numbers),
    ]
    repeats = model_texts.SCORES_REPEATS.format(repeats=evaluation.repeats) if evaluation.repeats > 1 else ""
    meanings = [(term, meaning.format(repeats=repeats)) for term, meaning in model_texts.SCORES_MEANINGS]
    return element(
        "section",
        element("h2", model_texts.SCORES_TITLE),
        element("p", model_texts.SCORES_LEAD, class_="lead"),
        table(model_texts.SCORES_TITLE, head, rows, marked=frozenset(marked)),
        definitions(meanings),
        class_="card",
    )


def _rows(contract: Contract, evaluation: Evaluation, name: str) -> Iterator[list[str]]:
    """A row for all segments, then one per segment where the counts are known."""
    scores = evaluation.classifiers[name][NOTHING_MISSING].fidelity
    empty = [""] * len(contract.segments)
    yield [two_lines(classifier_label(name), model_texts.SCORES_ALL), *_overall(scores), *empty]
    counts = evaluation.confusion.get(name)
    if counts is None:
        return
    for at, (segment, found) in enumerate(zip(contract.segments, segment_scores(counts), strict=True)):
        swatch = element("span", class_="swatch", aria_hidden="true")
        title = element(
            "span", swatch, f"{at + 1} {segment.name}", class_="name", style=segment_style(segment.id)
        )
        cells = [
            element("b", grouped(count)) if index == at else grouped(count)
            for index, count in enumerate(counts[at])
        ]
        yield [title, "", *_of_segment(found), *cells]


def _overall(scores: Scores) -> list[str]:
    figures = (
        (scores.accuracy, scores.accuracy_se),
        (scores.precision, scores.precision_se),
        (scores.recall, scores.recall_se),
        (scores.f1, scores.f1_se),
    )
    return [
        two_lines(element("b", in_percent(value, 1)), f"± {decimals(error * 100, 1)}")
        for value, error in figures
    ]


def _of_segment(found: SegmentScores) -> list[str]:
    return [
        model_texts.NONE if value is None else in_percent(value, 1)
        for value in (found.precision, found.recall, found.f1)
    ]
