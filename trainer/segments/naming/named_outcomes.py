"""Outcomes that a segment clearly differs in: for its name, its action and the reasons of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inference.contract.outcomes import Outcome, OutcomeFigure
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.header_words import phrases, says
from trainer.roles.recognise.short_names import short_name
from trainer.schema import meanings as m
from trainer.schema.schema import Schema
from trainer.segments.naming.named_columns import of_spec
from trainer.segments.naming.property_words import HIGH, LOW, is_yes_or_no
from trainer.segments.segment_outcomes import Z, wilson

_FACTS = {  # meaning -> when higher, when lower
    m.CHURN: ("leaving", "staying"),
    m.RESPONSE: ("responding", "not responding"),
    m.DEBT: ("risky", "safe"),
    m.RISK: ("risky", "safe"),
}
_STAYED = phrases(
    "existing, existing customer, active, stayed, retained, stay, current, kept, loyal, bestehend",
    "aktiv, actif, activo, attivo, ativo, actief, aktywny, aktif, активный",
)
_SAYS_IT = phrases(
    "attrited, attrited customer, churned, left, exited, closed, cancelled, canceled, lost, gone",
)


@dataclass(frozen=True, kw_only=True)
class ClearOutcome:
    """An outcome whose intervals in a segment and in the others do not overlap.

    Attributes:
        fact: ``"leaving"``, ``"staying"``, ``"responding"``, ``"not responding"``, ``"risky"``, ``"safe"`` or
            empty where the outcome is neither good nor bad.
        words: for a name, such as *high churn*.
        sentence: with the figures, such as *49% left within the period (others: 12%)*.
        apart: the signed standardised difference.
    """

    fact: str
    words: str
    sentence: str
    apart: float


def clear_outcomes(schema: Schema, outcomes: Sequence[Outcome], segment: int) -> list[ClearOutcome]:
    """The outcomes in which a segment clearly differs from the others, the largest difference first.

    Columns of several classes, such as another segmentation, are left out: none of them came of a customer.
    """
    times = Counter(each.name for each in outcomes)
    single = [each for each in outcomes if times[each.name] == 1]
    found = [one for each in single if (one := _clear(schema, each, segment)) is not None]
    return sorted(found, key=lambda each: -abs(each.apart))


def _clear(schema: Schema, outcome: Outcome, segment: int) -> ClearOutcome | None:
    own, others = _known(outcome.segments[segment]), _others(outcome, segment)
    if own is None or others is None or (own.low <= others.high and others.low <= own.high):
        return None
    meaning, turned = _meaning(schema, outcome)
    higher = (own.value > others.value) != turned
    facts = _FACTS.get(meaning, ("", ""))
    short = short_name(outcome.label, meaning if meaning in _FACTS else None)
    name = f"{HIGH if higher else LOW} {short}" if short and facts[0] else ""
    return ClearOutcome(
        fact=facts[0] if higher else facts[1],
        words=name,
        sentence=_sentence(outcome, own, others, meaning, turned=turned),
        apart=_apart(outcome, own, others) * (-1.0 if turned else 1.0),
    )


class _Known(NamedTuple):
    """A figure with its 95% interval."""

    customers: int
    value: float
    low: float
    high: float


def _known(figure: OutcomeFigure) -> _Known | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    return _Known(figure.customers, figure.value, figure.low, figure.high)


def _others(outcome: Outcome, segment: int) -> _Known | None:
    """The figure of all other customers: exact for an event, that of all customers for a mean."""
    own, overall = _known(outcome.segments[segment]), _known(outcome.overall)
    if not outcome.event or own is None or overall is None or overall.customers <= own.customers:
        return overall
    rest = overall.customers - own.customers
    count = round(overall.value * overall.customers) - round(own.value * own.customers)
    return _Known(rest, count / rest, *wilson(count, rest))


def _meaning(schema: Schema, outcome: Outcome) -> tuple[str, bool]:
    """What the counted event means, and whether it is the opposite of its column's name."""
    spec = next((each for each in schema.outcomes if each.name == outcome.name), None)
    known = of_spec(spec) if spec is not None else None
    meaning = recognise(outcome.label).meaning if known is None else known.meaning
    if meaning == m.NO_MEANING and says(
        outcome.label,
        phrases(
            "default, defaulted",
        ),
    ):
        meaning = m.DEBT
    if not outcome.event or is_yes_or_no(outcome.event) or says(outcome.event, _SAYS_IT):
        return meaning, False
    if meaning == m.CHURN and says(outcome.event, _STAYED):
        return meaning, True
    if recognise(outcome.event).meaning == meaning != m.NO_MEANING and not says(
        outcome.event,
        phrases(
            "no, not, non",
        ),
    ):
        return meaning, False
    return m.NO_MEANING, False


def _sentence(outcome: Outcome, own: _Known, others: _Known, meaning: str, *, turned: bool) -> str:
    if not outcome.event:
        return f"{outcome.title}: {own.value:.3g} (all: {others.value:.3g})"
    here, there = (1 - own.value, 1 - others.value) if turned else (own.value, others.value)
    if meaning == m.CHURN:
        return f"{here:.0%} left within the period (others: {there:.0%})"
    title = outcome.label if is_yes_or_no(outcome.event) else outcome.title
    return f"{title}: {here:.0%} (others: {there:.0%})"


def _apart(outcome: Outcome, own: _Known, others: _Known) -> float:
    """The difference in standard deviations; of a mean from the width of its interval."""
    if outcome.event:
        pooled = (
            own.customers * own.value * (1 - own.value) + others.customers * others.value * (1 - others.value)
        ) / (own.customers + others.customers)
        return float((own.value - others.value) / max(np.sqrt(pooled), 1e-9))
    deviation = (own.high - own.value) / Z * own.customers**0.5
    return float((own.value - others.value) / max(deviation, 1e-9))
