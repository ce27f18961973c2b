"""Why so many segments, and how good the classifier is: the figures behind the model, drawn and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inference import Contract
from service.number_format import listed, number
from service.page import texts
from service.page.draw.calibration_curve import by_pattern, calibration_figure
from service.page.draw.curves import Curve, curve_view
from service.page.draw.markup import Markup, element
from service.page.views.tables import table, two_lines

NOTHING_MISSING: tuple[str, ...] = ()

Document = Mapping[str, Any]
Pattern = tuple[str, ...]
ByPattern = Mapping[Pattern, Document]


def choice_section(contract: Contract) -> Markup:
    """The decision about k: its curves, the reason, and what other criteria would have said."""
    choice: Document = contract.document.get("choice", {})
    if not choice.get("table"):
        return Markup("")
    opinions = [element("li", sentence) for sentence in choice.get("second_opinions", [])]
    by = texts.CHOICE_BY.get(choice["chosen_by"], choice["chosen_by"])
    return element(
        "section",
        element("h2", texts.CHOICE_TITLE.format(k=choice["k"])),
        element("p", element("b", f"{by}: "), choice["reason"], class_="lead"),
        element("div", *_curves(choice), class_="charts"),
        element("h3", texts.SECOND_OPINIONS) if opinions else Markup(""),
        element("ul", *opinions, class_="points"),
        _k_table(choice),
        class_="card",
    )


def _curves(choice: Document) -> list[Markup]:
    elbow = choice.get("elbow")
    bend = texts.ELBOW_SAYS.format(k=elbow) if elbow else texts.ELBOW_SAYS_NOTHING
    limits = [choice[name] for name in ("limit_permuted", "limit_copula") if choice.get(name) is not None]
    silhouette = _curve(choice, texts.SILHOUETTE_TITLE, "silhouette", max(limits, default=None))
    needed = choice.get("settings", {}).get("min_ari")
    notes = (
        (silhouette, texts.SILHOUETTE_NOTE),
        (_curve(choice, texts.STABILITY_TITLE, "ari_mean", needed), texts.STABILITY_NOTE),
        (_curve(choice, texts.ELBOW_TITLE, "inertia", None), f"{texts.ELBOW_NOTE} {bend}"),
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


def _curve(choice: Document, title: str, measure: str, limit: float | None) -> Curve:
    """A measure of every k, with a limit where there is one."""
    label = texts.SILHOUETTE_LIMIT if measure == "silhouette" else texts.STABILITY_LIMIT
    return Curve(
        title=title,
        points=[(row["k"], row[measure]) for row in choice["table"]],
        chosen=choice["k"],
        limit=limit,
        limit_label="" if limit is None else label.format(limit=number(limit)),
    )


def _k_table(choice: Document) -> Markup:
    head = [
        texts.COL_K,
        texts.COL_SILHOUETTE,
        texts.COL_ARI,
        texts.COL_JACCARD,
        texts.COL_SMALLEST,
        texts.COL_VERDICT,
    ]
    rows = [
        [
            str(row["k"]),
            f"{row['silhouette']:.3f}",
            f"{row['ari_mean']:.3f}",
            f"{row['jaccard_min']:.3f}",
            f"{row['smallest_share']:.1%}",
            element("span", "; ".join(row["refusals"]) or texts.ADMISSIBLE, class_="wide"),
        ]
        for row in choice["table"]
    ]
    chosen = frozenset(place for place, row in enumerate(choice["table"]) if row["k"] == choice["k"])
    note = element("p", texts.K_TABLE_NOTE, class_="hint")
    return _fold(texts.K_TABLE, table(texts.K_TABLE, head, rows, marked=chosen), note)


def classifiers_section(contract: Contract) -> Markup:
    """How well each classifier stands in for the nearest centre, by what is unknown."""
    evaluation: Document = contract.document.get("evaluation", {})
    judged = {name: by_pattern(entries) for name, entries in evaluation.get("classifiers", {}).items()}
    if not judged:
        return Markup("")
    candidates = [name for name in judged if NOTHING_MISSING in judged[name] and len(judged[name]) > 1]
    patterns = list(judged[candidates[0]]) if candidates else [NOTHING_MISSING]
    pairs = [pattern for pattern in patterns if len(pattern) > 1]
    single = [pattern for pattern in patterns if pattern not in pairs]
    more = _fold(texts.PATTERN_PAIRS, _fidelity_table(contract, judged, pairs)) if pairs else Markup("")
    return element(
        "section",
        element("h2", texts.CLASSIFIERS_TITLE),
        element("p", texts.CLASSIFIERS_LEAD, class_="lead"),
        _fidelity_table(contract, judged, single),
        element("p", f"{texts.SERVED_NOTE} {_method(contract, single)}", class_="hint"),
        more,
        element(
            "div",
            calibration_figure(contract),
            element("p", f"{_choice_of(contract)} {_threshold(contract)}", class_="note"),
            class_="charts",
        ),
        class_="card",
    )


def _fidelity_table(
    contract: Contract, judged: Mapping[str, ByPattern], patterns: Sequence[Pattern]
) -> Markup:
    serving = contract.document.get("classifier", {})
    head = [texts.COL_PATTERN, *(_candidate(name, serving.get("chosen")) for name in judged)]
    rows = [
        [_pattern(contract, pattern), *(_figure(name, judged[name], pattern) for name in judged)]
        for pattern in patterns
    ]
    served = {tuple(names) for names in serving.get("served_patterns", [])}
    marked = frozenset(place for place, pattern in enumerate(patterns) if pattern in served)
    return table(texts.CLASSIFIERS_TITLE, head, rows, marked=marked)


def _candidate(name: str, chosen: str | None) -> str:
    label = _label(name)
    return element("span", label, element("span", texts.SERVES, class_="badge")) if name == chosen else label


def _label(name: str) -> str:
    others = {"nearest_centroid": texts.NEAREST_CENTROID, "prior": texts.PRIOR}
    return texts.CLASSIFIERS.get(name) or others.get(name, name)


def _figure(name: str, judged: ByPattern, pattern: Pattern) -> str:
    """The fidelity of one classifier; the prior knows nothing anyway, so that it is the same everywhere."""
    entry = judged.get(NOTHING_MISSING if name == "prior" else pattern)
    if entry is None:
        return element("span", texts.CANNOT, class_="hint")
    figures = entry["fidelity"]
    return two_lines(
        f"{figures['accuracy']:.1%} ± {figures['accuracy_se'] * 100:.1f}",
        f"log loss {figures['log_loss']:.3f}",
    )


def _pattern(contract: Contract, pattern: Pattern) -> str:
    if not pattern:
        return texts.PATTERN_COMPLETE
    labels = {column.name: column.label for column in contract.columns}
    return listed([labels.get(name, name) for name in pattern])


def _method(contract: Contract, patterns: Sequence[Pattern]) -> str:
    evaluation = contract.document["evaluation"]
    chosen = contract.document.get("classifier", {}).get("chosen")
    judged = by_pattern(evaluation["classifiers"].get(chosen, []))
    cross = [judged[pattern]["cross"]["accuracy"] for pattern in patterns if pattern in judged]
    if not cross:
        return ""
    return texts.CLASSIFIERS_NOTE.format(
        folds=evaluation["folds"],
        repeats=evaluation["repeats"],
        chosen=_label(chosen),
        low=f"{min(cross):.1%}",
        high=f"{max(cross):.1%}",
    )


def _choice_of(contract: Contract) -> str:
    return f"{str(contract.document.get('classifier', {}).get('reason', '')).removesuffix('.')}."


def _threshold(contract: Contract) -> str:
    """From which probability on the classifier names a segment, and how often it is right there."""
    selective = contract.document["evaluation"].get("selective", {})
    if selective.get("accuracy") is None:
        return ""
    return texts.THRESHOLD_NOTE.format(
        threshold=f"{selective['threshold']:.0%}",
        answered=f"{selective['answered']:.0%}",
        accuracy=f"{selective['accuracy']:.0%}",
    )


def _fold(title: str, *parts: str) -> Markup:
    return element("details", element("summary", title), *parts)
