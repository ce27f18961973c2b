"""What one look at the customers found, as cards: light and reasons, checks, shares now and in training."""

from __future__ import annotations

from collections.abc import Sequence

from inference.drift import AMBER, RED, TOO_FEW, Check
from inference.drift.checks import MISSING, NOVELTY
from service.languages.number_format import by_count, day, decimals, in_percent, moment, number
from service.monitor.drift_state import bins_of
from service.monitor.windows import Look
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.palette import segment_style
from service.page.draw.share_bars import ShareBar, legend, share_bars
from service.page.texts import model_texts, monitoring_texts
from service.page.views.tables import table


def look_cards(look: Look) -> list[Markup]:
    """The cards about one look: its checks, and the shares that they compare."""
    return [_checks(look), _shares(look)]


def finding_card(look: Look, *more: Markup) -> Markup:
    """The light of one look, its reasons, and whether to train again."""
    found = look.judgement
    return finding(found.light, found.reasons, found.advice, retrain=found.retrain, more=more)


def finding(
    light: str, reasons: Sequence[str], advice: str, *, retrain: bool, more: Sequence[Markup]
) -> Markup:
    """A light, its reasons, and whether to train again.

    Args:
        more: is below them.
    """
    answer = monitoring_texts.MONITORING_YES if retrain else monitoring_texts.MONITORING_NO
    if light == TOO_FEW:
        answer = monitoring_texts.MONITORING_LATER
    first, *others = reasons
    told = [element("p", in_english(first), class_="lead")]
    if others:
        told.append(element("ul", *(element("li", in_english(each)) for each in others), class_="points"))
    return element(
        "section",
        element(
            "div",
            light_tag(light),
            element("h2", monitoring_texts.MONITORING_TITLES[light]),
            class_="finding-head",
        ),
        *told,
        element(
            "p",
            element("strong", f"{monitoring_texts.MONITORING_RETRAIN} {answer}. "),
            in_english(advice),
            class_="note warning" if retrain else "note",
        ),
        *more,
        class_="card finding",
        role="status",
    )


def light_tag(light: str) -> Markup:
    """A light as a sign, a colour and a word."""
    return element("span", monitoring_texts.LIGHTS[light], class_=f"light {light.replace(' ', '-')}")


def describe_window(look: Look) -> str:
    """Which customers a look is about, in a sentence."""
    return monitoring_texts.MONITORING_WINDOW.format(
        window=monitoring_texts.MONITORING_WINDOWS[look.kind].format(number=look.window),
        customers=by_count(look.counts.rows, monitoring_texts.MONITORING_CUSTOMERS),
        began=moment(look.began),
        ended=moment(look.ended),
    )


def _checks(look: Look) -> Markup:
    head = [
        monitoring_texts.MONITORING_CHECK,
        monitoring_texts.MONITORING_FIGURE,
        monitoring_texts.MONITORING_LIMIT,
    ]
    checks = look.judgement.checks
    marked = frozenset(at for at, each in enumerate(checks) if each.light in (AMBER, RED))
    rows = [
        [
            element("span", _name(look, each), light_tag(each.light), class_="check"),
            _figure(each),
            _limits(each),
        ]
        for each in checks
    ]
    return element(
        "section",
        element("h2", monitoring_texts.MONITORING_CHECKS),
        element("p", monitoring_texts.MONITORING_CHECKS_LEAD, class_="hint"),
        table(monitoring_texts.MONITORING_CHECKS, head, rows, marked=marked),
        class_="card",
    )


def _name(look: Look, check: Check) -> str:
    contract = look.counts.layout.contract
    column = contract.column(check.column).label if check.column else ""
    return monitoring_texts.MONITORING_KINDS[check.kind].format(column=column)


def _figure(check: Check) -> Markup | str:
    """The figure in words, and as a bar with a mark at the limit."""
    if check.value is None:
        return model_texts.NONE
    words = monitoring_texts.MONITORING_FIGURES[check.kind].format(value=_written(check, check.value))
    end = max(check.value, check.red, check.amber) * 1.05
    bar = element(
        "span",
        element("i", style=f"width:{check.value / end:.1%}", class_=check.light.replace(" ", "-")),
        element("b", style=f"left:{max(check.amber, 0.0) / end:.1%}"),
        class_="gauge",
        aria_hidden="true",
    )
    return element("span", words, bar, class_="wide")


def _limits(check: Check) -> str:
    if check.value is None:
        return model_texts.NONE
    amber, red = (_written(check, max(limit, 0.0)) for limit in (check.amber, check.red))
    return (
        monitoring_texts.MONITORING_ONE_LIMIT.format(red=red)
        if amber == red
        else monitoring_texts.MONITORING_LIMITS.format(amber=amber, red=red)
    )


def _written(check: Check, value: float) -> str:
    return in_percent(value, 1) if check.kind in (NOVELTY, MISSING) else decimals(value, 2)


def _shares(look: Look) -> Markup:
    charts = [_chart(look, each) for each in look.judgement.checks if each.now]
    if not charts:
        return Markup("")
    return element(
        "section",
        element("h2", monitoring_texts.MONITORING_SHARES),
        element("p", monitoring_texts.MONITORING_SHARES_LEAD, class_="hint"),
        legend(),
        element("div", *charts, class_="charts"),
        class_="card",
    )


def _chart(look: Look, check: Check) -> Markup:
    contract = look.counts.layout.contract
    title = contract.column(check.column).title if check.column else monitoring_texts.MONITORING_SEGMENTS
    edges = _edges(look, check)
    bars = [
        ShareBar(
            name=name,
            label=edges[at] if edges else name,
            now=now,
            training=training,
            style="" if check.column else segment_style(at),
        )
        for at, name, now, training in zip(
            check.bins, bins_of(look, check), check.now, check.training, strict=True
        )
    ]
    return element(
        "figure",
        element("h3", title, light_tag(check.light)),
        share_bars(title, bars, between=bool(edges)),
    )


def _edges(look: Look, check: Check) -> list[str]:
    """What is written at the lower end of each range of a number or date; empty for categories."""
    for column in look.counts.layout.columns:
        if column.column.name == check.column and column.kind.ordered:
            shown = [column.kind.as_json(column.column, edge) for edge in column.edges]
            return ["", *(day(each) if isinstance(each, str) else number(each) for each in shown), ""]
    return []
