"""Why so many segments, and how good the classifier is: the figures behind the model, drawn and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from inference import Contract
from inference.contract import (
    NATURAL,
    ChoiceOfK,
    Evaluation,
    Judged,
    Pattern,
    Selective,
    ServingClassifier,
)
from service.languages.language import listed, term
from service.languages.number_format import decimals, in_percent, number
from service.page.draw.calibration_curve import calibration_figure
from service.page.draw.curves import Curve, curve_view
from service.page.draw.markup import Markup, element, in_english
from service.page.texts import answer_texts, model_texts
from service.page.views.other_columns import other_columns
from service.page.views.tables import table, two_lines

NOTHING_MISSING: Pattern = ()


def choice_section(contract: Contract) -> Markup:
    """The decision about k: its curves, the reason, and what other criteria would choose."""
    choice = contract.choice
    if choice is None:
        return Markup("")
    opinions = [element("li", in_english(sentence)) for sentence in choice.second_opinions]
    by = model_texts.CHOICE_BY.get(choice.chosen_by, choice.chosen_by)
    return element(
        "section",
        element("h2", model_texts.CHOICE_TITLE.format(k=choice.k)),
        element(
            "p",
            element("span", answer_texts.KINDS.get(choice.kind, choice.kind), class_="badge"),
            f" {answer_texts.KIND_MEANINGS.get(choice.kind, '')}",
            class_="lead",
        ),
        element("p", element("b", term(by)), in_english(choice.reason)),
        element("div", *_curves(choice), class_="charts"),
        element("h3", model_texts.SECOND_OPINIONS) if opinions else Markup(""),
        element("ul", *opinions, class_="points"),
        _k_table(choice),
        _others(choice),
        other_columns(contract.sensitivity),
        class_="card",
    )


def _curves(choice: ChoiceOfK) -> list[Markup]:
    bend = model_texts.ELBOW_SAYS.format(k=choice.elbow) if choice.elbow else model_texts.ELBOW_SAYS_NOTHING
    silhouettes = {row.k: row.silhouette for row in choice.table}
    stabilities = {row.k: row.ari for row in choice.table}
    inertias = {row.k: row.inertia for row in choice.table}
    one = {row.k: row.null_mean for row in choice.table if row.null_mean is not None}
    notes = (
        (
            replace(
                _curve(choice, model_texts.SILHOUETTE_TITLE, silhouettes, None, ""),
                other=list(one.items()),
                other_label=model_texts.SILHOUETTE_OTHER,
            ),
            f"{model_texts.SILHOUETTE_NOTE} {model_texts.SILHOUETTE_OTHER_NOTE}"
            if one
            else model_texts.SILHOUETTE_NOTE,
        ),
        (
            _curve(
                choice, model_texts.STABILITY_TITLE, stabilities, choice.min_ari, model_texts.STABILITY_LIMIT
            ),
            model_texts.STABILITY_NOTE,
        ),
        (_curve(choice, model_texts.ELBOW_TITLE, inertias, None, ""), f"{model_texts.ELBOW_NOTE} {bend}"),
    )
    return [
        element(
            "figure",
            element("h3", curve.title),
            curve_view(curve),
            element("figcaption", note, class_="hint"),
        )
        for curve, note in notes
    ]


def _curve(
    choice: ChoiceOfK, title: str, figures: Mapping[int, float], limit: float | None, label: str
) -> Curve:
    """A figure of every k, with a limit where there is one."""
    return Curve(
        title=title,
        points=list(figures.items()),
        chosen=choice.k,
        limit=limit,
        limit_label="" if limit is None else label.format(limit=number(limit)),
    )


def _k_table(choice: ChoiceOfK) -> Markup:
    head = [
        model_texts.COL_K,
        model_texts.COL_KIND,
        model_texts.COL_SILHOUETTE,
        model_texts.COL_ONE_POPULATION,
        model_texts.COL_ARI,
        model_texts.COL_JACCARD,
        model_texts.COL_SMALLEST,
        model_texts.COL_RESULT,
    ]
    rows = [
        [
            str(row.k),
            row.kind,
            decimals(row.silhouette, 3),
            model_texts.UNKNOWN_FIGURE if row.null_mean is None else decimals(row.null_mean, 3),
            decimals(row.ari, 3),
            decimals(row.jaccard, 3),
            in_percent(row.smallest_share, 1),
            element("span", in_english("; ".join(row.failed) if row.kind != NATURAL else ""), class_="wide"),
        ]
        for row in choice.table
    ]
    chosen = frozenset(index for index, row in enumerate(choice.table) if row.k == choice.k)
    note = element("p", model_texts.K_TABLE_NOTE, class_="hint")
    return _fold(model_texts.K_TABLE, table(model_texts.K_TABLE, head, rows, marked=chosen), note)


def _others(choice: ChoiceOfK) -> Markup:
    """Other numbers of segments to consider; nothing where there are none."""
    if not choice.others:
        return Markup("")
    head = [
        model_texts.COL_K,
        model_texts.COL_KIND,
        model_texts.COL_ARI,
        model_texts.COL_SEGMENTS,
        model_texts.COL_OPTION,
    ]
    rows = [
        [
            str(other.k),
            other.kind,
            decimals(other.ari, 3),
            element(
                "span",
                "; ".join(f"{name} ({size})" for name, size in other.segments),
                class_="wide",
            ),
            element("code", other.option),
        ]
        for other in choice.others
    ]
    return _fold(model_texts.OTHER_NUMBERS, table(model_texts.OTHER_NUMBERS, head, rows))


def classifiers_section(contract: Contract) -> Markup:
    """How well each classifier stands in for the nearest centre, by what is unknown."""
    evaluation, serving = contract.evaluation, contract.classifier
    if evaluation is None or serving is None:
        return Markup("")
    judged = evaluation.classifiers
    candidates = [name for name in judged if NOTHING_MISSING in judged[name] and len(judged[name]) > 1]
    patterns = list(judged[candidates[0]]) if candidates else [NOTHING_MISSING]
    pairs = [pattern for pattern in patterns if len(pattern) > 1]
    single = [pattern for pattern in patterns if pattern not in pairs]
    more = (
        _fold(model_texts.PATTERN_PAIRS, _fidelity_table(contract, evaluation, serving, pairs))
        if pairs
        else Markup("")
    )
    return element(
        "section",
        element("h2", model_texts.CLASSIFIERS_TITLE),
        element("p", model_texts.CLASSIFIERS_LEAD, class_="lead"),
        _fidelity_table(contract, evaluation, serving, single),
        element("p", f"{model_texts.SERVED_NOTE} {_method(evaluation, serving, single)}", class_="hint"),
        more,
        element(
            "div",
            calibration_figure(contract),
            element(
                "p",
                in_english(f"{serving.reason.removesuffix('.')}."),
                f" {_threshold(evaluation.selective)}",
                class_="note",
            ),
            class_="charts",
        ),
        class_="card",
    )


def _fidelity_table(
    contract: Contract, evaluation: Evaluation, serving: ServingClassifier, patterns: Sequence[Pattern]
) -> Markup:
    judged = evaluation.classifiers
    head = [model_texts.COL_PATTERN, *(_candidate(name, serving.chosen) for name in judged)]
    rows = [
        [_pattern(contract, pattern), *(_figure(name, judged[name], pattern) for name in judged)]
        for pattern in patterns
    ]
    served = serving.served_patterns
    marked = frozenset(index for index, pattern in enumerate(patterns) if pattern in served)
    return table(model_texts.CLASSIFIERS_TITLE, head, rows, marked=marked)


def _candidate(name: str, chosen: str) -> str:
    label = classifier_label(name)
    return (
        element("span", label, element("span", model_texts.SERVES, class_="badge"))
        if name == chosen
        else label
    )


def classifier_label(name: str) -> str:
    """What a classifier is called on the page."""
    others = {"nearest_centroid": model_texts.NEAREST_CENTROID, "prior": model_texts.PRIOR}
    return model_texts.CLASSIFIERS.get(name) or others.get(name, name)


def _figure(name: str, by_pattern: Mapping[Pattern, Judged], pattern: Pattern) -> str:
    """The fidelity of one classifier; the prior knows nothing anyway, so that it is the same everywhere."""
    entry = by_pattern.get(NOTHING_MISSING if name == "prior" else pattern)
    if entry is None:
        return element("span", model_texts.CANNOT, class_="hint")
    figures = entry.fidelity
    return two_lines(
        f"{in_percent(figures.accuracy, 1)} ± {decimals(figures.accuracy_se * 100, 1)}",
        model_texts.LOG_LOSS.format(value=decimals(figures.log_loss, 3)),
    )


def _pattern(contract: Contract, pattern: Pattern) -> str:
    if pattern == NOTHING_MISSING:
        return model_texts.PATTERN_COMPLETE
    labels = {column.name: column.label for column in contract.columns}
    return listed([labels.get(name, name) for name in pattern])


def _method(evaluation: Evaluation, serving: ServingClassifier, patterns: Sequence[Pattern]) -> str:
    by_pattern = evaluation.classifiers.get(serving.chosen, {})
    cross = [by_pattern[pattern].cross.accuracy for pattern in patterns if pattern in by_pattern]
    if not cross:
        return ""
    return model_texts.CLASSIFIERS_NOTE.format(
        folds=evaluation.folds,
        repeats=evaluation.repeats,
        chosen=classifier_label(serving.chosen),
        low=in_percent(min(cross), 1),
        high=in_percent(max(cross), 1),
    )


def _threshold(selective: Selective) -> str:
    """From which probability on the classifier names a segment, and how often it is right there."""
    if selective.accuracy is None:
        return ""
    return model_texts.THRESHOLD_NOTE.format(
        threshold=in_percent(selective.threshold),
        answered=in_percent(selective.answered),
        accuracy=in_percent(selective.accuracy),
    )


def _fold(title: str, *parts: str) -> Markup:
    return element("details", element("summary", title), *parts)
