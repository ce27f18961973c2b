"""The customers of the running model, as cards: counts, the last look, earlier windows, the method."""

from __future__ import annotations

from collections.abc import Sequence

from inference.drift import TOO_FEW
from inference.drift.alarms import FALSE_ALARM
from inference.drift.checks import COLUMN, DISTANCE, NOVELTY, SEGMENTS
from inference.drift.words import not_judged, too_few
from service.languages.number_format import grouped, in_percent, moment
from service.monitor.drift_state import current_looks, leading_look
from service.monitor.live_counts import Seen
from service.monitor.monitor import Saving
from service.monitor.windows import BY_ROWS, Look
from service.page.draw.markup import Markup, element, in_english
from service.page.draw.window_bars import WindowBar, window_bars
from service.page.texts import model_texts, monitoring_texts
from service.page.views.look_cards import describe_window, finding, finding_card, light_tag, look_cards
from service.page.views.tables import table

_COMPARED = (COLUMN, DISTANCE, NOVELTY, SEGMENTS)


def monitoring_view(seen: Seen, saving: Saving) -> Markup:
    """Everything about the customers of the running model."""
    look = leading_look(seen)
    parts = [_head(seen, look)]
    if look is not None:
        parts += look_cards(look)
    past = [each for each in seen.complete[BY_ROWS] if each.judgement.light != TOO_FEW]
    if past:
        parts.append(_past(past))
    parts.append(_windows(seen))
    parts.append(_how(saving))
    return element("div", *(each for each in parts if each), class_="stack monitoring")


def _head(seen: Seen, look: Look | None) -> Markup:
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
        return finding(TOO_FEW, [too_few(counts.rows)], not_judged(), retrain=False, more=more)
    more.append(element("p", describe_window(look), class_="hint"))
    return finding_card(look, *more)


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
            _capitalised(monitoring_texts.MONITORING_WINDOWS[look.kind].format(number=look.window)),
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


def _capitalised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
