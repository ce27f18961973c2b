"""The page about the model: its segments, columns, data and limits. All of it comes from the contract."""

from __future__ import annotations

from inference import Column, Contract, Segment
from inference.contract import Cleaning, Outcome
from service.kinds.kind_views import kind_view
from service.languages.language import term
from service.languages.number_format import (
    by_count,
    decimals,
    entered_in,
    grouped,
    in_percent,
    value_of,
    with_unit,
)
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts, model_texts
from service.page.views.answer_card import advised, source_of, tier_tag
from service.page.views.evaluation_view import choice_section, classifiers_section
from service.page.views.scores_table import scores_section
from service.page.views.tables import definitions, table, two_lines

SHORT_FINGERPRINT = 12


def model_info(
    contract: Contract, fingerprint: str, commit: str = "", *, sealed: bool | None = None
) -> Markup:
    """Everything a reader may want to know before trusting the model, and what the app was built from.

    Args:
        fingerprint: of the model file; commit: of the app, where it is known.
        sealed: whether the file has a seal, which was compared; ``None`` where it is not a file.
    """
    return element(
        "div",
        _segments_section(contract),
        choice_section(contract),
        classifiers_section(contract),
        scores_section(contract),
        _columns_section(contract),
        element(
            "div",
            _data_section(contract, fingerprint, commit, sealed=sealed),
            _limits_section(contract),
            class_="two",
        ),
        class_="stack model-info",
    )


def section(title: str, *parts: str) -> Markup:
    """A card with a heading."""
    return element("section", element("h2", title), *parts, class_="card")


def _segments_section(contract: Contract) -> Markup:
    labels = [column.title for column in contract.columns]
    has_values = any(segment.index is not None for segment in contract.segments)
    valued = [model_texts.COL_TIER, model_texts.COL_INDEX] if has_values else []
    outcomes = [outcome.title for outcome in contract.outcomes]
    head = [model_texts.COL_SEGMENT, model_texts.COL_CUSTOMERS, *valued, *outcomes, *labels]
    rows = [_segment_row(contract, segment, has_values=has_values) for segment in contract.segments]
    actions = [_action(segment) for segment in contract.segments]
    note = (
        f"{model_texts.SEGMENTS_NOTE} {model_texts.INDEX_NOTE}" if has_values else model_texts.SEGMENTS_NOTE
    )
    rated = any(segment.rate_index is not None for segment in contract.segments)
    note = f"{note} {model_texts.RATE_NOTE}" if rated else note
    note = f"{note} {model_texts.OUTCOME_NOTE}" if outcomes else note
    return section(
        model_texts.SEGMENTS_TITLE,
        element("p", note, class_="hint"),
        table(model_texts.SEGMENTS_TITLE, head, rows, below=actions),
    )


def _action(segment: Segment) -> Markup:
    """What to do, and the figures it follows from."""
    return element("span", element("b", term(answer_texts.ACTION)), *advised(segment))


def _segment_row(contract: Contract, segment: Segment, *, has_values: bool) -> list[str]:
    swatch = element("span", class_="swatch", aria_hidden="true")
    potential = answer_texts.HIGH_POTENTIAL if segment.high_potential else ""
    tier = two_lines(tier_tag(segment.tier, short=True) or model_texts.NONE, potential)
    index = model_texts.NONE if segment.index is None else decimals(segment.index, 2)
    rate = (
        "" if segment.rate_index is None else answer_texts.RATE.format(index=decimals(segment.rate_index, 2))
    )
    return [
        element("span", swatch, segment.name, class_="name", style=segment_style(segment.id)),
        two_lines(grouped(segment.size), in_percent(segment.share, 1)),
        *([tier, two_lines(index, rate)] if has_values else []),
        *(_outcome(outcome, segment) for outcome in contract.outcomes),
        *(_typical(segment, column) for column in contract.columns),
    ]


def _outcome(outcome: Outcome, segment: Segment) -> str:
    """The rate or mean of an outcome in a segment, with its 95% interval on a second line."""
    rate, _, interval = outcome.words(outcome.segments[segment.id]).partition(" ")
    return two_lines(rate, interval.strip("()")) if rate else model_texts.NONE


def _typical(segment: Segment, column: Column) -> str:
    if column.categories:
        shares = segment.shares(column.name)
        first, *others = sorted(shares, key=lambda value: -shares[value]) or [model_texts.NONE]
        rest = ", ".join(f"{value} {in_percent(shares[value])}" for value in others[:2])
        return two_lines(f"{first} {in_percent(shares[first])}", rest) if shares else model_texts.NONE
    typical = segment.spread(column.name)
    if typical is None:
        return model_texts.NONE
    low, middle, high = (value_of(column, level) for level in (typical.q25, typical.median, typical.q75))
    return two_lines(middle, model_texts.TO.format(low=low, high=high))


def _columns_section(contract: Contract) -> Markup:
    head = [
        model_texts.COL_COLUMN,
        model_texts.COL_ROLE,
        model_texts.COL_VALID,
        model_texts.COL_TRAINED,
        model_texts.COL_MISSING,
    ]
    rows = [
        [
            column.title,
            element("span", model_texts.ROLES.get(column.role, column.role), class_="wide"),
            _valid(column),
            _trained(column),
            in_percent(column.missing_share, 1),
        ]
        for column in contract.columns
    ]
    return section(model_texts.COLUMNS_TITLE, table(model_texts.COLUMNS_TITLE, head, rows))


def _valid(column: Column) -> str:
    if column.categories:
        known = ", ".join(category.value for category in column.categories)
        return model_texts.VALID_OTHER.format(values=known, other=column.other) if column.other else known
    if column.limits is None:
        return model_texts.ANY_DATE if kind_view(column).control == "date" else model_texts.ANY_NUMBER
    low, high = (entered_in(column, limit) for limit in column.limits)
    return model_texts.TO.format(low=low, high=with_unit(column, high))


def _trained(column: Column) -> str:
    levels = column.quantiles
    if not levels:
        return model_texts.NONE
    low, high = (value_of(column, levels[end]) for end in (min(levels), max(levels)))
    return model_texts.TO.format(low=low, high=with_unit(column, high))


def _data_section(contract: Contract, fingerprint: str, commit: str, *, sealed: bool | None) -> Markup:
    data = contract.data
    seal = (
        [] if sealed is None else [(model_texts.SEAL, model_texts.SEALED if sealed else model_texts.UNSEALED)]
    )
    built = [(model_texts.BUILT_FROM, _fingerprint(commit))] if commit else []
    created = [(model_texts.CREATED, contract.created)] if contract.created else []
    versions = ", ".join(f"{name} {version}" for name, version in contract.versions.items())
    entries = [
        (model_texts.DATA_SOURCE, (data.source if data else "") or model_texts.NONE),
        (model_texts.DATA_ROWS, grouped(data.rows if data else 0)),
        *created,
        (model_texts.DATA_DROPPED, _dropped(data.cleaning) if data else model_texts.DATA_NOTHING_DROPPED),
        (model_texts.DATA_IGNORED, (", ".join(data.cleaning.ignored) if data else "") or model_texts.NONE),
        (model_texts.DATA_FINGERPRINT, _fingerprint(data.sha256 if data else "")),
        (model_texts.MODEL_FINGERPRINT, _fingerprint(fingerprint)),
        *seal,
        (model_texts.VERSIONS, versions),
        *built,
    ]
    return section(model_texts.DATA_TITLE, definitions(entries))


def _dropped(cleaning: Cleaning) -> str:
    parts = []
    if cleaning.duplicates_dropped:
        parts.append(by_count(cleaning.duplicates_dropped, model_texts.DATA_DUPLICATES))
    if cleaning.rows_without_clustering_values:
        count = cleaning.rows_without_clustering_values
        parts.append(by_count(count, model_texts.DATA_INCOMPLETE_ROWS))
    return ", ".join(parts) or model_texts.DATA_NOTHING_DROPPED


def _fingerprint(text: str) -> str:
    return element("code", f"{text[:SHORT_FINGERPRINT]}…", title=text) if text else model_texts.NONE


def _limits_section(contract: Contract) -> Markup:
    filled = {"rows": grouped(contract.data.rows if contract.data else 0), "source": source_of(contract)}
    points = [element("li", text.format(**filled)) for text in model_texts.LIMITS]
    return section(model_texts.LIMITS_TITLE, element("ul", *points, class_="points"))
