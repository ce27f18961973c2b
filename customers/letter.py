"""What is known of one person, for this person: as data, and as a letter.

A person may ask for a copy of the data, and for an explanation of the procedure and principles that were
applied to them and not only the formula (GDPR Art. 15; Court of Justice, C-203/22, Dun & Bradstreet Austria).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from customers.records import DATA, FIRST, MODEL, Change, Customer
from inference import Column, Contract, InputError, Segmenter, explain, smallest_changes
from inference.explanations.explanation import value_text
from inference.wording import counted, listed

MOST_CHANGES = 3
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:17px/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:24px 16px}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.8em}"
)
STYLE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"
"""Of the one style sheet in the letter as a page, for a content security policy."""

Value = float | str
Paragraph = tuple[str, list[str]]  # a heading and its lines

_CAUSES = {
    FIRST: "first placed in",
    DATA: "moved because your data changed, to",
    MODEL: "moved because the rule changed, to",
}


def everything(segmenter: Segmenter, customer: Customer, history: Sequence[Change]) -> dict[str, Any]:
    """All that the store knows of a customer, in plain values."""
    return {
        "customer": customer.to_dict(),
        "history": [change.to_dict() for change in history],
        "labels": {column.name: column.title for column in segmenter.contract.columns},
    }


def paragraphs(segmenter: Segmenter, customer: Customer, history: Sequence[Change]) -> list[Paragraph]:
    """The letter as headings with lines."""
    contract = segmenter.contract
    present = _by_present_rule(segmenter, customer)
    segment = next((each for each in contract.segments if each.name == present), None)
    return [
        ("Which group you are in", [_placed(customer, history), *_other_rule(segmenter, customer, present)]),
        ("Which data was used", _data(contract, customer)),
        ("By which rule", _rule(segmenter, customer)),
        ("What would change it", _changes(segmenter, customer)),
        (
            "What the group is used for",
            [segment.action] if segment and segment.action else ["Nothing is stated."],
        ),
        ("Where you were before", [_moved(change) for change in history]),
    ]


def as_text(segmenter: Segmenter, customer: Customer, history: Sequence[Change]) -> str:
    """The letter as plain text."""
    parts = [
        "\n".join([heading, *(f"- {line}" for line in lines)])
        for heading, lines in paragraphs(segmenter, customer, history)
    ]
    return "\n\n".join([f"About the customer {customer.id}", *parts]) + "\n"


def as_html(segmenter: Segmenter, customer: Customer, history: Sequence[Change]) -> str:
    """The letter as a page with nothing to load."""
    parts = "".join(
        f"<h2>{escape(heading)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for heading, lines in paragraphs(segmenter, customer, history)
    )
    title = escape(f"About the customer {customer.id}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"{parts}</body></html>\n"
    )


def _placed(customer: Customer, history: Sequence[Change]) -> str:
    since = history[-1].at if history else customer.answered_at
    certain = "" if customer.route == "complete" else f" This is {_share(customer.probability)} likely."
    return (
        f"Since {_day(since)} you are counted among: {customer.segment}.{certain} This was last computed on "
        f"{_day(customer.answered_at)}."
    )


def _share(probability: float) -> str:
    """A probability in per cent that is never 100% or 0%."""
    return f"{min(99, max(1, round(100 * probability)))}%"


def _known(segmenter: Segmenter, customer: Customer) -> dict[str, Any]:
    return {name: value for name, value in customer.inputs.items() if name in segmenter.contract.names}


def _by_present_rule(segmenter: Segmenter, customer: Customer) -> str | None:
    """The segment by this model, which may be another than answered then; ``None`` if it cannot say."""
    if customer.model == segmenter.fingerprint:
        return customer.segment
    try:
        return segmenter.predict(**_known(segmenter, customer)).segment
    except InputError:
        return None


def _other_rule(segmenter: Segmenter, customer: Customer, present: str | None) -> list[str]:
    """That the rule has changed since, so that what follows explains another one."""
    if customer.model == segmenter.fingerprint:
        return []
    if present is None:
        return [
            "The rule has changed since then. It is described below, but your data must be entered again "
            "before it can be applied to you."
        ]
    return [
        "The rule has changed since then. By the present rule, which is described below, you would be "
        f"counted among: {present}."
    ]


def _data(contract: Contract, customer: Customer) -> list[str]:
    found = []
    for column in contract.columns:
        value = customer.inputs.get(column.name)
        label = f"{column.label} ({_scale(column)})" if _scale(column) else column.label
        found.append(f"{label}: {'not known' if value is None else _value(column, value)}")
    return found


def _rule(segmenter: Segmenter, customer: Customer) -> list[str]:
    contract = segmenter.contract
    deciding = [column for column in contract.columns if column.clusters]
    labels = listed([column.label for column in deciding])
    found = [
        f"Customers were divided into {len(contract.segments)} groups of similar customers by: {labels}. The "
        "groups come from the data of all customers; nobody decided about you by hand.",
    ]
    unknown = [column.label for column in deciding if customer.inputs.get(column.name) is None]
    if unknown:
        found.append(
            f"{listed(unknown)} {'is' if len(unknown) == 1 else 'are'} not known of you. A statistical model "
            "therefore estimated the group from what is known, as it is for similar customers."
        )
        found += _weights(segmenter, customer)
    else:
        found.append(
            "You are in the group whose average is nearest to your data, where differences in each value are "
            "compared with how much it varies among customers:"
        )
        found += [
            f"{each.name}: on average {_centre(each.centroid, deciding)}"
            for each in contract.segments
            if each.centroid
        ]
    others = [column.label for column in contract.columns if not column.clusters]
    if others and not unknown:
        found.append(f"{listed(others)} had no influence.")
    return found


def _weights(segmenter: Segmenter, customer: Customer) -> list[str]:
    """What each known value did to an estimate, the strongest first."""
    contract, known = segmenter.contract, _known(segmenter, customer)
    if not known:
        return ["Nothing is known of you, so that you are counted among the largest group."]
    try:
        why = explain(segmenter, known)
    except InputError:
        return []
    found = []
    for name, amount in why.ranked():
        points = round(100 * abs(amount))
        if name in known and points:
            column = contract.column(name)
            kind = "more" if amount > 0 else "less"
            found.append(
                f"{column.label} {_value(column, known[name])} made {why.segment} "
                f"{counted(points, 'point')} in 100 {kind} likely."
            )
    return found


def _centre(centroid: Any, deciding: Sequence[Column]) -> str:
    return listed(
        [
            f"{column.label} {_value(column, centroid[column.name])}"
            for column in deciding
            if column.name in centroid
        ]
    )


def _changes(segmenter: Segmenter, customer: Customer) -> list[str]:
    known = _known(segmenter, customer)
    if not known:
        return ["Nothing is known, so that any data could change it."]
    contract = segmenter.contract
    try:
        changes = smallest_changes(segmenter, known)
    except InputError:
        return ["This cannot be computed until your data is entered again."]
    found = [
        _condition(contract, [(each.column, each.before, each.after)], each.segment_after)
        for each in changes.of_one[:MOST_CHANGES]
    ]
    if changes.of_two is not None:
        two = changes.of_two
        found.append(
            _condition(
                contract, list(zip(two.columns, two.before, two.after, strict=True)), two.segment_after
            )
        )
    return found or ["No change of one or two values leads to another group."]


def _condition(contract: Contract, changed: Sequence[tuple[str, Value, Value]], segment: str) -> str:
    words = [
        f"{contract.column(name).label} {_value(contract.column(name), after)} instead of "
        f"{_value(contract.column(name), before)}"
        for name, before, after in changed
    ]
    return f"With {listed(words)} you would be counted among: {segment}."


def _moved(change: Change) -> str:
    words = _CAUSES.get(change.cause, "moved because your data and the rule changed, to")
    return f"{_day(change.at)}: {words} {change.target}"


def _value(column: Column, value: Value) -> str:
    if isinstance(value, str):
        return value
    return f"{value_text(round(value, 2))} {'' if _scale(column) else column.unit}".rstrip()


def _scale(column: Column) -> str:
    """A scale such as ``1-100``, which belongs to the label and cannot follow a value."""
    return column.unit if column.unit[:1].isdigit() else ""


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
