"""What the monitor found, as cards: light and reasons, checks, shares now and in training, windows."""

from __future__ import annotations

from collections.abc import Sequence

from inference.drift import AMBER, RED, TOO_FEW, Check
from inference.drift.alarms import FALSE_ALARM
from inference.drift.checks import COLUMN, DISTANCE, MISSING, NOVELTY, SEGMENTS
from inference.drift.words import not_judged, too_few
from service.languages.number_format import by_count, day, decimals, grouped, in_percent, moment, number
from service.monitor.drift_state import bins_of, current_looks, leading_look
from service.monitor.live_counts import Seen
from service.monitor.monitor import Saving
from service.monitor.windows import BY_ROWS, Look
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.palette import segment_style
from service.page.draw.share_bars import ShareBar, legend, share_bars
from service.page.draw.window_bars import WindowBar, window_bars
from service.page.texts import model_texts, monitoring_texts
from service.page.views.tables import table

_COMPARED = (COLUMN, DISTANCE, NOVELTY, SEGMENTS)


def monitoring_view(seen: Seen, saving: Saving) -> Markup:
    """Everything about the customers of the running model."""
    look = leading_look(seen)
    light = TOO_FEW if look is None else look.judgement.light
    parts = [_head(seen, look, light)]
    if look is not None:
        parts += look_cards(look)
    past = [each for each in seen.complete[BY_ROWS] if each.judgement.light != TOO_FEW]
    if past:
        parts.append(_past(past))
    parts.append(_windows(seen))
    parts.append(_how(saving))
    return element("div", *(each for each in parts if each), class_="stack monitoring")


def light_tag(light: str) -> Markup:
    """A light as a sign, a colour and a word."""
    return element("span", monitoring_texts.LIGHTS[light], class_=f"light {light.replace(' ', '-')}")


def look_cards(look: Look) -> list[Markup]:
    """The cards about one look: its checks, and the shares that they compare."""
    return [_checks(look), _shares(look)]


def finding_card(look: Look, *more: Markup) -> Markup:
    """The light of one look, its reasons, and whether to train again."""
    found = look.judgement
    return _finding(found.light, found.reasons, found.advice, retrain=found.retrain, more=more)


def _head(seen: Seen, look: Look | None, light: str) -> Markup:
    counts = seen.total
    tiles = [
        (grouped(counts.rows), monitoring_texts.MONITORING_COUNTED, False),
        (_share(counts.complete, counts.rows), monitoring_texts.MONITORING_COMPLETE, False),
        (_share(counts.novel, counts.complete), monitoring_texts.MONITORING_NOVEL, False),
        (grouped(seen.refused), monitoring_texts.MONITORING_REFUSED, seen.refused > 0),
    ]
    shown = [
        element("div", element("dt", words), element("dd", figure), class_="tile bad" if bad else "tile")
        for figure, words, bad in tiles
    ]
    more = [element("dl", *shown, class_="tiles")]
    if look is None:
        return _finding(light, [too_few(counts.rows)], not_judged(), retrain=False, more=more)
    more.append(element("p", describe_window(look), class_="hint"))
    found = look.judgement
    return _finding(light, found.reasons, found.advice, retrain=found.retrain, more=more)


def _finding(
    light: str, reasons: Sequence[str], advice: str, *, retrain: bool, more: Sequence[Markup]
) -> Markup:
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


def _past(looks: Sequence[Look]) -> Markup:
    bars = [
        WindowBar(
            number=each.window,
            ended=moment(each.ended),
            light=each.judgement.light,
            ratio=max(
                check.value / check.amber
                for check in each.judgement.checks
                if check.kind in _COMPARED and check.value is not None
            ),
        )
        for each in looks
    ]
    return element(
        "section",
        element("h2", monitoring_texts.MONITORING_PAST),
        element("p", monitoring_texts.MONITORING_PAST_LEAD, class_="hint"),
        window_bars(bars),
        class_="card",
    )


def _windows(seen: Seen) -> Markup:
    looks = list(current_looks(seen))
    if not looks:
        return Markup("")
    head = [
        monitoring_texts.MONITORING_COL_WINDOW,
        monitoring_texts.MONITORING_LIGHT,
        monitoring_texts.MONITORING_COL_CUSTOMERS,
        monitoring_texts.MONITORING_COL_TIME,
        monitoring_texts.MONITORING_COL_FOUND,
    ]
    rows = [
        [
            capitalised(monitoring_texts.MONITORING_WINDOWS[look.kind].format(number=look.window)),
            light_tag(look.judgement.light),
            grouped(look.counts.rows),
            f"{moment(look.began)}, {moment(look.ended)}",
            element("span", in_english(look.judgement.reasons[0]), class_="wide"),
        ]
        for look in looks
    ]
    return element(
        "section",
        element("h2", monitoring_texts.MONITORING_OTHERS),
        table(monitoring_texts.MONITORING_OTHERS, head, rows),
        class_="card",
    )


def how_points() -> list[str]:
    """How customers are counted and judged."""
    return [
        text.format(false_alarm=in_percent(FALSE_ALARM)) for text in monitoring_texts.MONITORING_HOW_POINTS
    ]


def _how(saving: Saving) -> Markup:
    points = [*how_points(), _saved(saving)]
    if saving.note:
        points.append(monitoring_texts.MONITORING_STARTED_AGAIN)
    return element(
        "section",
        element("h2", monitoring_texts.MONITORING_HOW),
        element("ul", *(element("li", point) for point in points), class_="points"),
        class_="card",
    )


def _saved(saving: Saving) -> str:
    if saving.path is None:
        return monitoring_texts.MONITORING_UNSAVED
    if saving.problem:
        return monitoring_texts.MONITORING_SAVING_FAILED
    if saving.saved is None:
        return monitoring_texts.MONITORING_SAVED_NOT_YET
    return monitoring_texts.MONITORING_SAVED.format(saved=moment(saving.saved))


def _share(part: int, whole: int) -> str:
    return in_percent(part / whole, 1) if whole else model_texts.NONE


def capitalised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
