"""A card for each segment, and the chart of value against size."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inference import Contract, Segment
from service.customer_values import typical_customer
from service.kinds.kind_views import kind_view
from service.languages.number_format import by_count, decimals, entered_in, in_percent, value_of, with_unit
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.palette import segment_style
from service.page.segments.names.rename_form import model_line, rename_button, rename_form
from service.page.segments.names.renaming import PageNames
from service.page.segments.segment_differences import Difference, differences
from service.page.texts import segments_texts as texts
from service.page.views.answer_card import tier_tag
from service.page.views.tables import definitions

MOST = 5  # differences on a card, unless columns were chosen
SMALL = 0.2  # standard deviations; Cohen calls less than that no effect
FULL = 2.0  # standard deviations, the length of a bar


def segment_cards(
    contract: Contract,
    chosen: Sequence[int] = (),
    columns: Collection[str] = frozenset(),
    names: PageNames | None = None,
) -> Markup:
    """The cards next to each other.

    Args:
        contract: with the segments.
        chosen: ids of the segments to show; empty for all.
        columns: names of the columns to show; empty for those that differ most.
        names: the owner's names, where segments may have some.
    """
    shown = [each for each in contract.segments if not chosen or each.id in chosen]
    cards = [_card(contract, segment, columns, names) for segment in shown]
    return element("div", *cards, class_="segment-cards")


def value_share(segment: Segment) -> float | None:
    """The share of all value, ``None`` without a value column."""
    return None if segment.index is None else segment.index * segment.share


def _card(contract: Contract, segment: Segment, columns: Collection[str], names: PageNames | None) -> Markup:
    naming = [] if names is None else [model_line(segment, names), rename_form(segment, names)]
    return element(
        "section",
        _head(segment, names),
        *naming,
        _figures(segment),
        _special(contract, segment, columns),
        _action(segment),
        *_outcomes(contract, segment),
        _typical(contract, segment),
        class_="card segment-card",
        style=segment_style(segment.id),
        aria_label=segment.name,
    )


def _head(segment: Segment, names: PageNames | None) -> Markup:
    swatch = element("span", class_="swatch", aria_hidden="true")
    tags = [tier_tag(segment.tier)] if segment.tier else []
    if segment.high_potential:
        tags.append(element("span", texts.HIGH_POTENTIAL, class_="tag"))
    return element(
        "div",
        element("h2", swatch, " ", segment.name),
        *tags,
        rename_button(segment, names),
        class_="segment-head",
    )


def _figures(segment: Segment) -> Markup:
    value = value_share(segment)
    figures = [
        by_count(segment.size, texts.CUSTOMERS),
        texts.SHARE.format(share=in_percent(segment.share, 1)),
        *([] if value is None else [texts.VALUE_SHARE.format(share=in_percent(value, 1))]),
    ]
    return element("ul", *(element("li", each) for each in figures), class_="segment-figures")


def _special(contract: Contract, segment: Segment, columns: Collection[str]) -> Markup:
    found = differences(contract, segment)
    if columns:
        found = [each for each in found if each.column.name in columns]
    else:
        found = [each for each in found if abs(each.size) >= SMALL][:MOST]
    bars = [_bar(each) for each in found]
    body = element("ul", *bars, class_="special") if bars else element("p", texts.SPECIAL_NONE, class_="hint")
    return element("div", element("h3", texts.SPECIAL), body)


def _bar(difference: Difference) -> Markup:
    label, told = _label(difference), _told(difference)
    length = min(abs(difference.size) / FULL, 1.0) / 2
    side = "left:50%" if difference.size >= 0 else "right:50%"
    bar = element("i", style=f"{side};width:{length:.1%}")
    return element(
        "li",
        element("span", label, class_="special-label", aria_hidden="true"),
        element("span", _amount(difference), class_="special-size", aria_hidden="true"),
        element("span", bar, class_="special-track", role="img", aria_label=told),
        title=told,
    )


def _label(difference: Difference) -> str:
    if not difference.value:
        return difference.column.label
    return texts.CATEGORY.format(column=difference.column.label, value=difference.value)


def _amount(difference: Difference) -> str:
    if difference.value:
        return in_percent(difference.own)
    return with_unit(difference.column, value_of(difference.column, difference.own))


def _told(difference: Difference) -> str:
    """The difference in the table's own units."""
    if difference.value:
        own, others = in_percent(difference.own), in_percent(difference.others)
        return texts.DIFFERENCE_SHARE.format(column=_label(difference), own=own, others=others)
    others = with_unit(difference.column, value_of(difference.column, difference.others))
    return texts.DIFFERENCE.format(
        column=_label(difference),
        own=_amount(difference),
        others=others,
        size=decimals(difference.size, 1, signed=True),
    )


def _action(segment: Segment) -> Markup:
    return element("div", element("h3", texts.ACTION), element("p", in_english(segment.action)))


def _outcomes(contract: Contract, segment: Segment) -> list[Markup]:
    told = [(each.title, each.words(each.segments[segment.id])) for each in contract.outcomes]
    known = [(title, words) for title, words in told if words]
    return [element("div", element("h3", texts.OUTCOME), definitions(known))] if known else []


def _typical(contract: Contract, segment: Segment) -> Markup:
    customer, told = typical_customer(contract, segment), []
    for column in contract.columns:
        value = customer[column.name]
        position = None if column.categories else kind_view(column).position(column, value)
        if position is not None:
            told.append((column.label, with_unit(column, entered_in(column, position))))
        elif value is not None:
            told.append((column.label, str(value)))
    return element("details", element("summary", texts.TYPICAL), definitions(told))
