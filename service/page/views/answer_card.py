"""The answer in words: cards for the segment, and for what is shown without one."""

from __future__ import annotations

from urllib.parse import urlencode

from inference import Answer, Contract, InputError, Segment
from inference.contract import NATURAL
from service.customer_values import Customer
from service.languages.language import listed, sentence, term
from service.languages.number_format import by_count, decimals, in_percent, number, percent
from service.page.draw.markup import Markup, element, filled, in_english
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts
from service.page.views.page_advice import on_page


def headline(segment: Segment, answer: Answer) -> Markup:
    """The answer in one line: the segment's name, colour and probability."""
    return element(
        "div",
        element("span", class_="swatch", aria_hidden="true"),
        element("strong", segment.name),
        element("span", percent(answer.probability), class_="figure"),
        class_="headline",
        style=segment_style(segment.id),
        role="status",
    )


def message(title: str, text: str, kind: str) -> Markup:
    """A card with a message in place of an answer; ``kind`` is ``empty`` or ``problem``."""
    role = "alert" if kind == "problem" else "status"
    return element("div", element("h2", title), element("p", text), class_=f"card message {kind}", role=role)


def short_message(text: str, kind: str) -> Markup:
    """The headline when there is no answer."""
    return element("div", element("strong", text), class_=f"headline {kind}")


def outdated_card(customer: Customer) -> Markup:
    """The card on a page whose model was replaced, with a link to the same customer on a new page."""
    known = {name: str(value) for name, value in customer.items() if value is not None}
    link = element("a", answer_texts.OUTDATED_LINK, href=f"?{urlencode(known)}")
    return element(
        "div",
        element("h2", answer_texts.OUTDATED_TITLE),
        element("p", answer_texts.OUTDATED_TEXT),
        element("p", link),
        class_="card message empty",
        role="status",
    )


def problem_text(contract: Contract, error: InputError) -> str:
    """What is wrong with a value, with the label a person reads in place of the column's name."""
    known = error.subject and error.column in contract.names
    return on_page(error, subject=contract.column(str(error.column)).label if known else None)


def unsure_card(contract: Contract, answer: Answer, customer: Customer) -> Markup:
    """The card shown when the classifier is not sure enough to name a segment."""
    threshold = contract.answer_probability
    text = answer_texts.UNSURE_TEXT.format(
        first=answer.segment, percent=percent(answer.probability), threshold=in_percent(threshold)
    )
    return element(
        "section",
        element("h2", answer_texts.UNSURE_TITLE),
        element("p", text),
        _route(contract, answer, customer),
        class_="card message unsure",
        role="status",
    )


def segment_card(contract: Contract, answer: Answer, customer: Customer, *, because: str = "") -> Markup:
    """The card of the answered segment: name, tier, probability, what to do, and how it was found.

    Args:
        because: the main reasons, as part of a sentence; empty where there is no reason to name.
    """
    segment = contract.segments[answer.segment_id]
    share = percent(answer.probability)
    top = element(
        "div",
        element("div", element("h2", segment.name), _tags(segment), class_="who", aria_live="polite"),
        element("div", element("b", share), element("span", answer_texts.PROBABILITY), class_="how-sure"),
        class_="result-head",
    )
    meter = element(
        "div", element("i", style=f"width:{answer.probability:.1%}"), class_="meter", aria_hidden="true"
    )
    action = element("p", element("b", term(answer_texts.ACTION)), *advised(segment), class_="action")
    return element(
        "section",
        top,
        meter,
        action,
        _worth(segment),
        _because(because),
        _route(contract, answer, customer),
        _novelty(answer),
        class_="card result",
        style=segment_style(segment.id),
    )


def advised(segment: Segment) -> list[str]:
    """What to do for customers of a segment, and the figures from which it follows."""
    why = filled(answer_texts.ACTION_BECAUSE, figures=in_english(segment.because))
    return [in_english(segment.action), *([" ", why] if segment.because else [])]


def _because(reasons: str) -> Markup:
    if not reasons:
        return Markup("")
    return element("p", element("b", term(answer_texts.BECAUSE_TITLE)), sentence(reasons), class_="action")


def _worth(segment: Segment) -> Markup:
    """How many customers are in the segment, and their share of the value where a column measures it."""
    if segment.index is None:
        title, text = answer_texts.SIZE, answer_texts.SIZE_TEXT.format(customers=percent(segment.share))
    else:
        share = segment.share * segment.index
        value = percent(share) if share <= 1 else in_percent(share)  # others' totals may be below zero
        wording = answer_texts.SEGMENT_COSTS_TEXT if share < 0 else answer_texts.SEGMENT_VALUE_TEXT
        title, text = (
            answer_texts.SEGMENT_VALUE,
            wording.format(customers=percent(segment.share), value=value),
        )
    return element("p", element("b", term(title)), text, class_="action")


def tier_tag(tier: str, *, short: bool = False) -> Markup:
    """A tier as a tag; empty for a segment without a tier."""
    words = answer_texts.TIERS_SHORT if short else answer_texts.TIERS
    return element("span", words.get(tier, tier), class_=f"tag tier {tier}") if tier else Markup("")


def _tags(segment: Segment) -> Markup:
    potential = (
        element("span", answer_texts.HIGH_POTENTIAL, class_="tag potential") if segment.high_potential else ""
    )
    return element("div", tier_tag(segment.tier), potential, class_="tags")


def _route(contract: Contract, answer: Answer, customer: Customer) -> Markup:
    if answer.complete:
        title, text = answer_texts.ROUTE_EXACT, answer_texts.ROUTE_EXACT_TEXT
    else:
        missing = [
            column.label
            for column in contract.columns
            if column.role == "clustering" and _is_blank(customer.get(column.name))
        ]
        title = answer_texts.ROUTE_PARTIAL
        text = by_count(len(missing), answer_texts.ROUTE_PARTIAL_TEXT).format(columns=listed(missing))
    kind = "exact" if answer.complete else "partial"
    return element("p", element("b", title), f" {text}", class_=f"route {kind}")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _novelty(answer: Answer) -> Markup:
    if answer.novelty is None or answer.novelty <= 1:
        return Markup("")
    template = answer_texts.NOVEL_TEXT if answer.complete else answer_texts.NOVEL_PARTIAL
    text = template.format(times=number(answer.novelty) if answer.novelty >= 1.1 else decimals(1.1, 1))
    return element(
        "p", element("b", answer_texts.NOVEL_TITLE), f" {text}", class_="note warning", role="note"
    )


def stack(*cards: str) -> Markup:
    """Cards one below the other."""
    return element("div", *cards, class_="stack")


def source_of(contract: Contract) -> str:
    """Where the training table comes from; the model's name where that is not known."""
    return (contract.data.source if contract.data else "") or contract.name


def kind_note(contract: Contract) -> Markup:
    """What the segments may be called, where they are not natural; nothing where they are."""
    kind = NATURAL if contract.choice is None else contract.choice.kind
    if kind == NATURAL:
        return Markup("")
    title = element("b", sentence(answer_texts.KINDS.get(kind, kind)))
    return element("p", title, f" {answer_texts.KIND_MEANINGS.get(kind, '')}", class_="note", role="note")
