"""The page about the model: its segments, columns, data and limits. All of it comes from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference import Column, Contract, Segment
from inference.contract import DATE
from service.number_format import counted, entered_in, value_of, with_unit
from service.page import texts
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.views.answer_card import tier_tag
from service.page.views.evaluation_view import choice_section, classifiers_section
from service.page.views.tables import definitions, table, two_lines

SHORT_FINGERPRINT = 12


def model_info(contract: Contract, fingerprint: str) -> Markup:
    """Everything a reader may want to know before trusting the model."""
    return element(
        "div",
        _segments_section(contract),
        choice_section(contract),
        classifiers_section(contract),
        _columns_section(contract),
        element("div", _data_section(contract, fingerprint), _limits_section(contract), class_="two"),
        class_="stack model-info",
    )


def section(title: str, *parts: str) -> Markup:
    """A card with a heading."""
    return element("section", element("h2", title), *parts, class_="card")


def _segments_section(contract: Contract) -> Markup:
    labels = [column.title for column in contract.columns]
    worth = any(segment.index is not None for segment in contract.segments)
    valued = [texts.COL_TIER, texts.COL_INDEX] if worth else []
    head = [texts.COL_SEGMENT, texts.COL_CUSTOMERS, *valued, *labels]
    rows = [_segment_row(contract, segment, worth=worth) for segment in contract.segments]
    actions = [
        element("span", element("b", f"{texts.ACTION}: "), segment.action) for segment in contract.segments
    ]
    note = f"{texts.SEGMENTS_NOTE} {texts.INDEX_NOTE}" if worth else texts.SEGMENTS_NOTE
    return section(
        texts.SEGMENTS_TITLE,
        element("p", note, class_="hint"),
        table(texts.SEGMENTS_TITLE, head, rows, below=actions),
    )


def _segment_row(contract: Contract, segment: Segment, *, worth: bool) -> list[str]:
    swatch = element("span", class_="swatch", aria_hidden="true")
    potential = texts.HIGH_POTENTIAL if segment.high_potential else ""
    tier = two_lines(tier_tag(segment.tier, short=True) or texts.NONE, potential)
    index = texts.NONE if segment.index is None else f"{segment.index:.2f}"
    return [
        element("span", swatch, segment.name, class_="name", style=segment_style(segment.id)),
        two_lines(f"{segment.size:,}", f"{segment.share:.1%}"),
        *([tier, index] if worth else []),
        *(_typical(segment.profile.get(column.name), column) for column in contract.columns),
    ]


def _typical(profile: object, column: Column) -> str:
    if not isinstance(profile, Mapping):
        return texts.NONE
    if column.categories:
        shares = {value: share for value, share in profile.items() if share is not None}
        first, *others = sorted(shares, key=lambda value: -shares[value]) or [texts.NONE]
        told = ", ".join(f"{value} {shares[value]:.0%}" for value in others[:2])
        return two_lines(f"{first} {shares[first]:.0%}", told) if shares else texts.NONE
    if profile.get("median") is None:
        return texts.NONE
    low, middle, high = (value_of(column, profile[level]) for level in ("q25", "median", "q75"))
    return two_lines(middle, texts.TO.format(low=low, high=high))


def _columns_section(contract: Contract) -> Markup:
    head = [texts.COL_COLUMN, texts.COL_ROLE, texts.COL_VALID, texts.COL_TRAINED, texts.COL_MISSING]
    rows = [
        [
            column.title,
            element("span", texts.ROLES.get(column.role, column.role), class_="wide"),
            _valid(column),
            _trained(column),
            f"{column.missing_share:.1%}",
        ]
        for column in contract.columns
    ]
    return section(texts.COLUMNS_TITLE, table(texts.COLUMNS_TITLE, head, rows))


def _valid(column: Column) -> str:
    if column.categories:
        known = ", ".join(category.value for category in column.categories)
        return texts.VALID_OTHER.format(values=known, other=column.other) if column.other else known
    if column.range is None:
        return texts.ANY_DATE if column.kind == DATE else texts.ANY_NUMBER
    low, high = (entered_in(column, limit) for limit in column.range)
    return texts.TO.format(low=low, high=with_unit(column, high))


def _trained(column: Column) -> str:
    levels = column.quantiles
    if not levels:
        return texts.NONE
    low, high = (value_of(column, levels[end]) for end in (min(levels), max(levels)))
    return texts.TO.format(low=low, high=with_unit(column, high))


def _data_section(contract: Contract, fingerprint: str) -> Markup:
    data = contract.document.get("data", {})
    versions = contract.document.get("versions", {})
    entries = [
        (texts.DATA_SOURCE, data.get("source") or texts.NONE),
        (texts.DATA_ROWS, f"{data.get('rows', 0):,}"),
        (texts.DATA_DROPPED, _dropped(data.get("cleaning", {}))),
        (texts.DATA_IGNORED, ", ".join(data.get("cleaning", {}).get("ignored", [])) or texts.NONE),
        (texts.DATA_FINGERPRINT, _fingerprint(data.get("sha256", ""))),
        (texts.MODEL_FINGERPRINT, _fingerprint(fingerprint)),
        (texts.VERSIONS, ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]
    if contract.document.get("created"):
        entries.insert(2, (texts.CREATED, str(contract.document["created"])))
    return section(texts.DATA_TITLE, definitions(entries))


def _dropped(cleaning: Mapping[str, Any]) -> str:
    told = []
    if cleaning.get("duplicates_dropped"):
        told.append(counted(cleaning["duplicates_dropped"], texts.DATA_DUPLICATES_ONE, texts.DATA_DUPLICATES))
    if cleaning.get("rows_without_clustering_values"):
        told.append(
            counted(
                cleaning["rows_without_clustering_values"],
                texts.DATA_INCOMPLETE_ROWS_ONE,
                texts.DATA_INCOMPLETE_ROWS,
            )
        )
    return ", ".join(told) or texts.DATA_NOTHING_DROPPED


def _fingerprint(text: str) -> str:
    return element("code", f"{text[:SHORT_FINGERPRINT]}…", title=text) if text else texts.NONE


def _limits_section(contract: Contract) -> Markup:
    data = contract.document.get("data", {})
    filled = {"rows": f"{data.get('rows', 0):,}", "source": data.get("source") or contract.name}
    points = [element("li", text.format(**filled)) for text in texts.LIMITS]
    return section(texts.LIMITS_TITLE, element("ul", *points, class_="points"))
