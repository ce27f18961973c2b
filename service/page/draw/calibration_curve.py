"""Draws how often the classifier is right against the probability that it predicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt

from inference import Contract
from inference.contract import CalibrationBin
from service.kinds.scales import Scale
from service.languages.number_format import in_percent
from service.page.draw.markup import UNITS, Markup, drawing, element
from service.page.texts import model_texts

_SHARE = Scale(low=0.0, high=1.0, step=0.01)
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_WIDEST, _SMALLEST = 34, 7  # pixels of a point that holds all customers, and of any point


def calibration_figure(contract: Contract) -> Markup:
    """The chart over all patterns in which the classifier answers; nothing where it was not judged."""
    if contract.evaluation is None or contract.classifier is None:
        return Markup("")
    calibration = contract.evaluation.calibration
    served = contract.classifier.served_patterns
    bins = merged([calibration[pattern] for pattern in served if calibration.get(pattern)])
    if not bins:
        return Markup("")
    return element(
        "figure",
        element("h3", model_texts.CALIBRATION_TITLE),
        _chart(bins),
        element("figcaption", model_texts.CALIBRATION_NOTE, class_="hint"),
    )


def merged(patterns: Sequence[Sequence[CalibrationBin]]) -> list[CalibrationBin]:
    """The bins of several patterns as one set, a tenth of confidence each; every pattern weighs the same."""
    found: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for pattern in patterns:
        for each in pattern:
            share = each.share / len(patterns)
            found[min(9, int(each.confidence * 10))].append((share, each.confidence, each.accuracy))
    bins = []
    for _, parts in sorted(found.items()):
        share = sum(part[0] for part in parts)
        if share > 0:
            confidence = sum(part[0] * part[1] for part in parts) / share
            accuracy = sum(part[0] * part[2] for part in parts) / share
            bins.append(CalibrationBin(share=share, confidence=confidence, accuracy=accuracy))
    return bins


def _chart(bins: Sequence[CalibrationBin]) -> Markup:
    diagonal = element("path", d=f"M0 {UNITS}L{UNITS} 0", class_="limit")
    grid = " ".join(f"M0 {(1 - tick) * UNITS:.0f}H{UNITS}" for tick in _TICKS)
    points = [element("span", class_="bubble", style=_at(each)) for each in bins]
    plot = element(
        "div",
        drawing(element("path", d=grid, class_="grid"), diagonal),
        *points,
        class_="plot",
        role="img",
        aria_label=_text_alternative(bins),
    )
    up = [element("span", f"{tick:.0%}", style=f"bottom:{tick:.2%}") for tick in _TICKS]
    along = [element("span", f"{tick:.0%}", style=f"left:{tick:.2%}") for tick in _TICKS]
    title = element("div", f"{model_texts.CALIBRATION_X} →", class_="axis-title x-title")
    ticks = [element("div", *up, class_="y-ticks"), element("div", *along, class_="x-ticks")]
    return element("div", plot, *ticks, title, class_="chart curve square")


def _at(each: CalibrationBin) -> str:
    size = max(_SMALLEST, _WIDEST * sqrt(each.share))
    left, bottom = _SHARE.clipped(each.confidence), _SHARE.clipped(each.accuracy)
    return f"left:{left:.2%};bottom:{bottom:.2%};width:{size:.0f}px;height:{size:.0f}px"


def _text_alternative(bins: Sequence[CalibrationBin]) -> str:
    points = ", ".join(
        model_texts.CALIBRATION_POINT.format(
            predicted=in_percent(each.confidence), right=in_percent(each.accuracy)
        )
        for each in bins
    )
    return model_texts.CALIBRATION_TEXT.format(points=points)
