"""The page about the model: its segments, columns, data and limits. All of it comes from the contract."""

from __future__ import annotations

from inference import Column, Contract, Segment
from inference.contract import Cleaning, Outcome
from service.kinds.kind_views import kind_view
from service.number_format import by_count, entered_in, value_of, with_unit
from service.page import texts
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.views.answer_card import source_of, tier_tag
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
    valued = [texts.COL_TIER, texts.COL_INDEX] if has_values else []
    outcomes = [outcome.title for outcome in contract.outcomes]
    head = [texts.COL_SEGMENT, texts.COL_CUSTOMERS, *valued, *outcomes, *labels]
    rows = [_segment_row(contract, segment, has_values=has_values) for segment in contract.segments]
    actions = [_action(segment) for segment in contract.segments]
    note = f"{texts.SEGMENTS_NOTE} {texts.INDEX_NOTE}" if has_values else texts.SEGMENTS_NOTE
    rated = any(segment.rate_index is not None for segment in contract.segments)
    note = f"{note} {texts.RATE_NOTE}" if rated else note
    note = f"{note} {texts.OUTCOME_NOTE}" if outcomes else note
    return section(
        texts.SEGMENTS_TITLE,
        element("p", note, class_="hint"),
        table(texts.SEGMENTS_TITLE, head, rows, below=actions),
    )


def _action(segment: Segment) -> Markup:
    """What to do, and the figures it follows from."""
    why = f" {texts.ACTION_BECAUSE.format(figures=segment.because)}" if segment.because else ""
    return element("span", element("b", f"{texts.ACTION}: "), f"{segment.action}{why}")


def _segment_row(contract: Contract, segment: Segment, *, has_values: bool) -> list[str]:
    swatch = element("span", class_="swatch", aria_hidden="true")
    potential = texts.HIGH_POTENTIAL if segment.high_potential else ""
    tier = two_lines(tier_tag(segment.tier, short=True) or texts.NONE, potential)
    index = texts.NONE if segment.index is None else f"{segment.index:.2f}"
    rate = "" if segment.rate_index is None else texts.RATE.format(index=f"{segment.rate_index:.2f}")
    return [
        element("span", swatch, segment.name, class_="name", style=segment_style(segment.id)),
        two_lines(f"{segment.size:,}", f"{segment.share:.1%}"),
        *([tier, two_lines(index, rate)] if has_values else []),
        *(_outcome(outcome, segment) for outcome in contract.outcomes),
        *(_typical(segment, column) for column in contract.columns),
    ]


def _outcome(outcome: Outcome, segment: Segment) -> str:
    """The rate or mean of an outcome in a segment, with its 95% interval on a second line."""
    rate, _, interval = outcome.words(outcome.segments[segment.id]).partition(" ")
    return two_lines(rate, interval.strip("()")) if rate else texts.NONE


def _typical(segment: Segment, column: Column) -> str:
    if column.categories:
        shares = segment.shares(column.name)
        first, *others = sorted(shares, key=lambda value: -shares[value]) or [texts.NONE]
        rest = ", ".join(f"{value} {shares[value]:.0%}" for value in others[:2])
        return two_lines(f"{first} {shares[first]:.0%}", rest) if shares else texts.NONE
    typical = segment.spread(column.name)
    if typical is None:
        return texts.NONE
    low, middle, high = (value_of(column, level) for level in (typical.q25, typical.median, typical.q75))
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
    if column.limits is None:
        return texts.ANY_DATE if kind_view(column).control == "date" else texts.ANY_NUMBER
    low, high = (entered_in(column, limit) for limit in column.limits)
    return texts.TO.format(low=low, high=with_unit(column, high))


def _trained(column: Column) -> str:
    levels = column.quantiles
    if not levels:
        return texts.NONE
    low, high = (value_of(column, levels[end]) for end in (min(levels), max(levels)))
    return texts.TO.format(low=low, high=with_unit(column, high))


def _data_section(contract: Contract, fingerprint: str, commit: str, *, sealed: bool | None) -> Markup:
    data = contract.data
    seal = [] if sealed is None else [(texts.SEAL, texts.SEALED if sealed else texts.UNSEALED)]
    built = [(texts.BUILT_FROM, _fingerprint(commit))] if commit else []
    created = [(texts.CREATED, contract.created)] if contract.created else []
    versions = ", ".join(f"{name} {version}" for name, version in contract.versions.items())
    entries = [
        (texts.DATA_SOURCE, (data.source if data else "") or texts.NONE),
        (texts.DATA_ROWS, f"{data.rows if data else 0:,}"),
        *created,
        (texts.DATA_DROPPED, _dropped(data.cleaning) if data else texts.DATA_NOTHING_DROPPED),
        (texts.DATA_IGNORED, (", ".join(data.cleaning.ignored) if data else "") or texts.NONE),
        (texts.DATA_FINGERPRINT, _fingerprint(data.sha256 if data else "")),
        (texts.MODEL_FINGERPRINT, _fingerprint(fingerprint)),
        *seal,
        (texts.VERSIONS, versions),
        *built,
    ]
    return section(texts.DATA_TITLE, definitions(entries))


def _dropped(cleaning: Cleaning) -> str:
    parts = []
    if cleaning.duplicates_dropped:
        parts.append(by_count(cleaning.duplicates_dropped, texts.DATA_DUPLICATES_ONE, texts.DATA_DUPLICATES))
    if cleaning.rows_without_clustering_values:
        count = cleaning.rows_without_clustering_values
        parts.append(by_count(count, texts.DATA_INCOMPLETE_ROWS_ONE, texts.DATA_INCOMPLETE_ROWS))
    return ", ".join(parts) or texts.DATA_NOTHING_DROPPED


def _fingerprint(text: str) -> str:
    return element("code", f"{text[:SHORT_FINGERPRINT]}…", title=text) if text else texts.NONE


def _limits_section(contract: Contract) -> Markup:
    filled = {"rows": f"{contract.data.rows if contract.data else 0:,}", "source": source_of(contract)}
    points = [element("li", text.format(**filled)) for text in texts.LIMITS]
    return section(texts.LIMITS_TITLE, element("ul", *points, class_="points"))
