"""The proposed roles of columns as a form: per column its role, label, unit, meaning and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.languages.number_format import by_count, day, grouped, percent
from service.page.draw.markup import Markup, element, in_english, join
from service.train.own_data import own_data_texts as texts

SHOWN_NOTES = 12
LONGEST = 80  # characters of a label or unit
LEAST_ORDERED = 3  # categories; two have no order to speak of


def roles_form(found: Mapping[str, Any]) -> Markup:
    """What was read, and a fieldset per column."""
    columns = [
        _column(index, each, found["roles"], found["meanings"]) for index, each in enumerate(found["columns"])
    ]
    return element("div", *_read(found), element("div", *columns, class_="own-columns"), id="own-roles")


def _read(found: Mapping[str, Any]) -> Iterator[Markup]:
    orders = found.get("orders")
    notes = list(found["notes"])
    lead = [by_count(found["rows"], texts.READ).format(columns=len(found["columns"]))]
    if orders:
        counts = {"lines": grouped(orders["lines"]), "customers": grouped(orders["customers"])}
        lead.insert(0, texts.ORDERS.format(day=day(orders["snapshot"]), **counts))
        notes += orders["notes"]
    yield element("p", " ".join(lead), class_="lead")
    if notes:
        points = [element("li", in_english(f"{note[:1].upper()}{note[1:]}")) for note in notes[:SHOWN_NOTES]]
        yield element("details", element("summary", texts.NOTES), element("ul", *points, class_="points"))


def _column(index: int, column: Mapping[str, Any], roles: Sequence[str], meanings: Sequence[str]) -> Markup:
    name = f"own-{index}"
    described = [_reason(column)]
    fields = [_select(name, "role", texts.ROLE, {each: texts.ROLES[each] for each in roles}, column["role"])]
    if column["usable"]:
        fields += [
            _text(name, "label", texts.LABEL, column["label"]),
            _text(name, "unit", texts.UNIT, column["unit"]),
            _select(name, "meaning", texts.MEANING, {each: each for each in meanings}, column["meaning"]),
        ]
    if len(column["categories"]) >= LEAST_ORDERED:
        fields.append(_text(name, "order", texts.ORDER, ", ".join(column["order"]), hint=_order_hint(column)))
    return element(
        "fieldset",
        element("legend", column["header"]),
        element("div", *fields, class_="own-fields"),
        *described,
        class_="own-column",
        data_column=column["header"],
        data_role=column["role"],
    )


def _order_hint(column: Mapping[str, Any]) -> str:
    known = ", ".join(column["categories"][:6])
    return f"{texts.ORDER_HINT}: {known}"


def _reason(column: Mapping[str, Any]) -> Markup:
    missing = column["missing_share"]
    more = f"; {texts.MISSING.format(share=percent(missing))}" if missing else ""
    kind = element("span", column["kind"], class_="tag")
    return element("p", join(kind, " ", texts.WHY.format(reason=f"{column['reason']}{more}")), class_="hint")


def _select(column: str, field: str, label: str, choices: Mapping[str, str], chosen: str) -> Markup:
    options = [
        element("option", title, value=value, selected=value == chosen) for value, title in choices.items()
    ]
    control = element("select", *options, id=f"{column}-{field}", data_field=field, class_="box")
    return element("div", element("label", label, for_=f"{column}-{field}"), control, class_="own-field")


def _text(column: str, field: str, label: str, value: str, *, hint: str = "") -> Markup:
    id = f"{column}-{field}"
    control = element(
        "input",
        type="text",
        id=id,
        value=value,
        data_field=field,
        class_="box",
        maxlength=None if hint else LONGEST,
        aria_describedby=f"{id}-hint" if hint else None,
    )
    below = [element("span", hint, id=f"{id}-hint", class_="hint")] if hint else []
    wide = "own-field wide" if hint else "own-field"
    return element("div", element("label", label, for_=id), control, *below, class_=wide)
