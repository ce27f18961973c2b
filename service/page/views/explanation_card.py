"""Why the answer is what it is: what each known value adds to the probability, as bars and in one line."""

from __future__ import annotations

from collections.abc import Sequence

from inference import Column, Contract, Explanation
from service.languages.language import listed, sentence
from service.languages.number_format import by_count, entered, percent, with_unit
from service.page.draw.markup import Markup, element, join
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts

MOST_SHOWN = 6  # values with a bar of their own
LEAST_NAMED_SHARE = 0.05  # of the probability; less is no reason to name in one line
SMALLEST_FULL = 0.1  # of the probability; below it bars would look more important than they are


def explanation_card(contract: Contract, why: Explanation) -> Markup:
    """The values that count: bars to the right support the segment, bars to the left argue against it."""
    without_bar = {*why.unknown, *why.unused}
    known = [(contract.column(name), share) for name, share in why.ranked() if name not in without_bar]
    segment = next(each for each in contract.segments if each.name == why.segment)
    full = max(SMALLEST_FULL, *(abs(share) for _, share in known))
    rows = [_row(column, why.row[column.name], share, full) for column, share in known[:MOST_SHOWN]]
    title = answer_texts.WHY_TITLE if why.answer.enough else answer_texts.WHY_TITLE_UNSURE
    start, end = percent(why.base[why.segment]), percent(why.answer.probabilities[why.segment])
    return element(
        "section",
        element("h2", title.format(segment=why.segment)),
        element("p", answer_texts.WHY_LEAD.format(start=start, end=end), class_="hint"),
        element("ol", *rows, class_="reasons"),
        _rest(known[MOST_SHOWN:]),
        _named(contract, answer_texts.WHY_UNUSED, why.unused),
        _named(contract, answer_texts.WHY_UNKNOWN, why.unknown),
        element("p", answer_texts.WHY_SAMPLED, class_="hint") if not why.exact else Markup(""),
        class_="card",
        style=segment_style(segment.id),
    )


def main_reasons(contract: Contract, why: Explanation) -> str:
    """The one or two values that support the segment most, such as ``spending score 80``; may be empty."""
    strong = [name for name, share in why.ranked() if share >= LEAST_NAMED_SHARE][:2]
    named = [f"{_inner(contract.column(name).label)} {_value_text(contract, why, name)}" for name in strong]
    return listed(named) if named else ""


def _row(column: Column, value: float | str | None, share: float, full: float) -> Markup:
    length = f"{abs(share) / full / 2:.1%}"
    side = "left:50%" if share >= 0 else "right:50%"
    kind = "for" if share >= 0 else "against"
    bar = element("i", class_=kind, style=f"{side};width:{length}")
    return element(
        "li",
        element("span", element("b", column.label), f" {_written(column, value)}", class_="name"),
        element("span", bar, class_="both-ways", aria_hidden="true"),
        element("span", points(share), class_="figure"),
        class_="row",
    )


def points(share: float) -> str:
    """A contribution in percentage points, with its sign.

    Example:
        >>> points(0.344), points(-0.004)
        ('+34', '0')
    """
    whole = round(share * 100)
    sign = "+" if whole > 0 else "\N{MINUS SIGN}"
    return "0" if whole == 0 else f"{sign}{abs(whole)}"


def _rest(known: list[tuple[Column, float]]) -> Markup:
    if not known:
        return Markup("")
    together = points(sum(share for _, share in known))
    return element(
        "p",
        by_count(len(known), answer_texts.WHY_REST).format(points=together),
        class_="hint",
    )


def _named(contract: Contract, title: str, names: Sequence[str]) -> Markup:
    """A line that names columns without a bar; nothing where there are none."""
    if not names:
        return Markup("")
    labels = listed([contract.column(name).label for name in names])
    return element("p", join(element("b", title), f" {sentence(labels)}"), class_="hint")


def _value_text(contract: Contract, why: Explanation, name: str) -> str:
    """The value with its unit on the same line."""
    return _written(contract.column(name), why.row[name]).replace(" ", "\N{NO-BREAK SPACE}")


def _written(column: Column, value: float | str | None) -> str:
    return str(value) if not isinstance(value, (int, float)) else with_unit(column, entered(float(value)))


def _inner(label: str) -> str:
    """A label inside a sentence; ``VIP score`` keeps its capitals."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label
