"""The fields of the form, each with the control of its column's kind; any value may be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from inference import Column
from inference.contract import NumberCounts
from inference.dates import FIRST_DAY, LAST_DAY, iso_date
from service.kinds.kind_view import Value
from service.kinds.kind_views import kind_view
from service.kinds.scales import Scale, scale_of
from service.languages.number_format import day, number, unit, value_of, with_unit
from service.page.draw.markup import UNITS, Markup, drawing, element
from service.page.texts import form_texts, model_texts

MOST_PILLS = 4  # more categories than this become a list
RIDGE_POINTS = 60
RIDGE_SPREAD = 2.0  # of the smoothing, in points


def field(column: Column, value: Value, histogram: NumberCounts | None) -> Markup:
    """The field of one column, filled in with ``value``; of a number, over the histogram in training."""
    return CONTROLS[kind_view(column).control](column, value, histogram)


def _number_field(column: Column, value: Value, histogram: NumberCounts | None) -> Markup:
    """A number box with its unit, a slider over what is usual, and a switch for unknown."""
    scale, key = scale_of(column), _key(column)
    box = element("div", _box(column, value), element("span", unit(column), class_="unit"), class_="box")
    ends = [element("span", number(end), class_="end", aria_hidden="true") for end in (scale.low, scale.high)]
    return _field(
        column,
        value,
        "number",
        _label(column, "label", for_=key),
        element("span", *_hint(column), class_="hint", id=f"{key}-hint"),
        box,
        _unknown_switch(column, value),
        _problem(column),
        element(
            "div", _ridge(column, scale, histogram), _slider(column, scale, value), *ends, class_="track"
        ),
    )


def _date_field(column: Column, value: Value, histogram: NumberCounts | None) -> Markup:
    """A date box, in which the browser offers a calendar, and a switch for unknown."""
    del histogram
    return _field(
        column,
        value,
        "date",
        _label(column, "label", for_=_key(column)),
        element("span", *_hint(column), class_="hint", id=f"{_key(column)}-hint"),
        element("div", _date_box(column, value), class_="box"),
        _unknown_switch(column, value),
        _problem(column),
    )


def _date_box(column: Column, value: Value) -> Markup:
    """Takes any valid date; switched from unknown to known, it starts from the middle one in training."""
    low, high = map(iso_date, column.limits or (FIRST_DAY, LAST_DAY))
    middle = column.quantiles.get(0.5, scale_of(column).middle)
    return element(
        "input",
        type="date",
        id=_key(column),
        value=value,
        min=low,
        max=high,
        data_middle=kind_view(column).rounded(column, middle),
        aria_describedby=f"{_key(column)}-hint",
        aria_errormessage=f"{_key(column)}-problem",
        autocomplete="off",
    )


def _box(column: Column, value: Value) -> Markup:
    """Takes any valid number, also beyond the slider."""
    low, high = column.limits or (None, None)
    return element(
        "input",
        type="number",
        inputmode="decimal",
        id=_key(column),
        value=value,
        min=low,
        max=high,
        step="any",
        placeholder=model_texts.NONE,
        data_whole=column.integer,
        aria_describedby=f"{_key(column)}-hint",
        aria_errormessage=f"{_key(column)}-problem",
        autocomplete="off",
    )


def _slider(column: Column, scale: Scale, value: Value) -> Markup:
    return element(
        "input",
        type="range",
        min=f"{scale.low:.10g}",
        max=f"{scale.high:.10g}",
        step=f"{scale.step:.10g}",
        value=column.quantiles.get(0.5) if value is None else value,
        aria_label=form_texts.SLIDER_LABEL.format(title=column.title),
        data_unknown=form_texts.UNKNOWN_BOX,
    )


def _hint(column: Column) -> list[Markup]:
    """Where the middle half of the training customers is, and what is valid."""
    low, high = column.quantiles.get(0.25), column.quantiles.get(0.75)
    parts = []
    if low is not None and high is not None:
        ends = [_typical(column, level) for level in (low, high)]
        parts.append(form_texts.TYPICAL.format(low=ends[0], high=ends[1]))
    if column.limits is not None:
        limits = value_of(column, column.limits[0]), with_unit(column, value_of(column, column.limits[1]))
        parts.append(form_texts.VALID.format(low=limits[0], high=limits[1]))
    return [element("span", each) for each in parts]


def _problem(column: Column) -> Markup:
    """What a value must be; the form shows it while the value is something else."""
    return element(
        "span",
        _needed(column),
        class_="field-problem",
        id=f"{_key(column)}-problem",
        hidden=True,
        aria_live="polite",
    )


def _needed(column: Column) -> str:
    whole = column.integer
    if column.limits is None:
        return form_texts.NO_WHOLE if whole else form_texts.NO_NUMBER
    low, high = value_of(column, column.limits[0]), with_unit(column, value_of(column, column.limits[1]))
    if kind_view(column).control == "date":
        return form_texts.OUTSIDE_DATE.format(low=low, high=high)
    return (form_texts.OUTSIDE_WHOLE if whole else form_texts.OUTSIDE).format(low=low, high=high)


def _typical(column: Column, level: float) -> str:
    value = kind_view(column).rounded(column, level)
    return day(value) if isinstance(value, str) else number(value)


def _category_field(column: Column, value: Value, histogram: NumberCounts | None) -> Markup:
    """Pills, or a list where there are many categories; one of them says unknown."""
    del histogram
    choices = [category.value for category in column.categories]
    label = _label(column, "span", id=_key(column))
    if len(choices) > MOST_PILLS:
        return _field(column, value, "category", label, _list(column, choices, value))
    pills = [_pill(column, choice, choice, checked=choice == value) for choice in choices]
    if column.missing_allowed:
        pills.append(_pill(column, "", form_texts.UNKNOWN, checked=value is None))
    group = element("div", *pills, class_="pills", role="radiogroup", aria_labelledby=_key(column))
    return _field(column, value, "category", label, group)


def _pill(column: Column, value: str, text: str, *, checked: bool) -> Markup:
    radio = element("input", type="radio", name=f"{_key(column)}-pill", value=value, checked=checked)
    return element("label", radio, element("span", text), class_="pill")


def _list(column: Column, choices: list[str], value: Value) -> Markup:
    options = [element("option", choice, value=choice, selected=choice == value) for choice in choices]
    if column.missing_allowed:
        options.insert(0, element("option", form_texts.UNKNOWN, value="", selected=value is None))
    return element("select", *options, aria_labelledby=_key(column))


def _label(column: Column, tag: str, **attributes: object) -> Markup:
    scale = "" if unit(column) else column.unit
    parts = [element("span", column.label)]
    if scale:
        parts.append(element("span", f" ({scale})", class_="unit"))
    if column.role == "clustering":
        parts.append(
            element("span", form_texts.CLUSTERING_BADGE, class_="badge", title=form_texts.CLUSTERING_HINT)
        )
    return element(tag, *parts, class_="field-label", **attributes)


def _unknown_switch(column: Column, value: Value) -> Markup:
    if not column.missing_allowed:
        return Markup("")
    name = form_texts.UNKNOWN_FIELD.format(label=column.label)
    box = element("input", type="checkbox", checked=value is None, aria_label=name)
    return element("label", box, element("span", form_texts.UNKNOWN, aria_hidden="true"), class_="switch")


def _field(column: Column, value: Value, control: str, *parts: Markup) -> Markup:
    return element(
        "div",
        *parts,
        class_=f"field {control}",
        data_control=control,
        data_name=column.name,
        data_known="false" if value is None else "true",
    )


def _ridge(column: Column, scale: Scale, histogram: NumberCounts | None) -> Markup:
    """Where the training customers are along the slider: the smoothed density of the histogram."""
    levels = column.quantiles
    if not histogram or not levels or not sum(histogram.counts):
        return Markup("")
    bounds = np.array([min(levels.values()), *histogram.edges, max(levels.values())])
    shares = np.concatenate([[0.0], np.cumsum(histogram.counts)]) / sum(histogram.counts)
    grid = np.linspace(scale.low, scale.high, RIDGE_POINTS + 1)
    density = np.diff(np.interp(grid, bounds, shares))
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / RIDGE_SPREAD) ** 2)
    smooth = np.convolve(density, kernel, mode="same")
    heights = UNITS * (1 - 0.96 * smooth / max(smooth.max(), 1e-12))
    middles = UNITS * (np.arange(RIDGE_POINTS) + 0.5) / RIDGE_POINTS
    line = " ".join(f"L{x:.0f} {y:.0f}" for x, y in zip(middles, heights, strict=True))
    shape = element("path", d=f"M0 {UNITS} {line} L{UNITS} {UNITS}Z")
    return drawing(shape, class_="ridge")


def _key(column: Column) -> str:
    """An id for the field's elements, without the spaces a column's name may have."""
    return "field-" + re.sub(r"\W", "_", column.name)


CONTROLS: dict[str, Callable[[Column, Value, NumberCounts | None], Markup]] = {
    "number": _number_field,
    "date": _date_field,
    "category": _category_field,
}
