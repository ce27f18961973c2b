"""What the monitor found, as plain JSON values and for the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from inference import Contract, Segmenter
from inference.drift import TOO_FEW, Check, Judgement, worst
from inference.drift.lights import severity
from inference.drift.words import bin_name, not_judged, too_few
from service.monitor.live_counts import Seen
from service.monitor.monitor import VERSION_LENGTH, Monitor
from service.monitor.monitoring_schemas import DriftCheck, DriftWindow, Monitoring, PastWindow
from service.monitor.windows import KINDS, Look

OFF = "Answers are not counted: MONITORING is off."


def current_looks(seen: Seen) -> Iterator[Look]:
    """For each kind of windows the look that counts.

    That is the worse one of the last complete window and the open one; if they are alike, the complete one.
    """
    for kind in KINDS:
        looks = seen.looks[kind]
        if looks:
            yield max(looks, key=lambda look: (severity(look.judgement.light), look.number is None))


def current_checks(seen: Seen) -> Iterator[tuple[str, Judgement]]:
    """The kind of windows and what the look that counts found."""
    for look in current_looks(seen):
        yield look.kind, look.judgement


def leading_look(seen: Seen) -> Look | None:
    """The look that matters most: one that advises to train again, then the worst, then the largest."""
    return max(
        current_looks(seen),
        key=lambda look: (look.judgement.retrain, severity(look.judgement.light), look.counts.rows),
        default=None,
    )


def monitoring_state(segmenter: Segmenter, monitor: Monitor | None) -> Monitoring:
    """What is known now about the customers of a model."""
    if monitor is None:
        return _nothing(segmenter)
    seen, saving = monitor.live(segmenter).seen(), monitor.saving
    looks, leading = list(current_looks(seen)), leading_look(seen)
    names = [segment.name for segment in seen.contract.segments]
    past = [look for kind in KINDS for look in seen.complete[kind]]
    return Monitoring(
        enabled=True,
        model_version=seen.version,
        since=iso(seen.since),
        customers=seen.total.rows,
        refused=seen.refused,
        routes=seen.total.routes,
        segments=dict(zip(names, seen.total.answers.tolist(), strict=True)),
        light=worst(look.judgement.light for look in looks),
        retrain=any(look.judgement.retrain for look in looks),
        advice=not_judged() if leading is None else leading.judgement.advice,
        reasons=[too_few(seen.total.rows)] if leading is None else list(leading.judgement.reasons),
        windows=[window_state(look) for look in looks],
        history=[_past(look) for look in past],
        survives_restart=saving.path is not None,
        saved=None if saving.saved is None else iso(saving.saved),
        saving_failed=bool(saving.problem),
    )


def window_state(look: Look) -> DriftWindow:
    """One window as JSON values."""
    found = look.judgement
    return DriftWindow(
        window=look.kind,
        number=look.window,
        complete=look.number is None,
        began=iso(look.began),
        ended=iso(look.ended),
        customers=found.rows,
        light=found.light,
        retrain=found.retrain,
        advice=found.advice,
        reasons=list(found.reasons),
        checks=[_check(look, check) for check in found.checks],
    )


def bins_of(look: Look, check: Check) -> list[str]:
    """The names of what a check compares the shares of; empty for a check without shares."""
    contract: Contract = look.counts.layout.contract
    if not check.now:
        return []
    if not check.column:
        return [contract.segments[at].name for at in check.bins]
    (column,) = (each for each in look.counts.layout.columns if each.column.name == check.column)
    return [bin_name(column, at) for at in check.bins]


def iso(moment: float) -> str:
    """A Unix time as ISO 8601 in UTC, to the second.

    Example:
        >>> iso(0)
        '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(look: Look, check: Check) -> DriftCheck:
    return DriftCheck(
        check=check.kind,
        column=check.column,
        light=check.light,
        value=check.value,
        expected=check.expected,
        amber=check.amber,
        red=check.red,
        customers=check.rows,
        training_customers=check.training_rows,
        bins=bins_of(look, check),
        now=list(check.now),
        training=list(check.training),
    )


def _past(look: Look) -> PastWindow:
    values = {f"{each.kind} {each.column}".strip(): each.value for each in look.judgement.checks}
    return PastWindow(
        window=look.kind,
        number=look.window,
        began=iso(look.began),
        ended=iso(look.ended),
        customers=look.counts.rows,
        light=look.judgement.light,
        values=values,
    )


def _nothing(segmenter: Segmenter) -> Monitoring:
    """The same fields where nothing is counted."""
    return Monitoring(
        enabled=False,
        model_version=segmenter.fingerprint[:VERSION_LENGTH],
        since=None,
        customers=0,
        refused=0,
        routes={},
        segments={},
        light=TOO_FEW,
        retrain=False,
        advice=not_judged(),
        reasons=[OFF],
        windows=[],
        history=[],
        survives_restart=False,
        saved=None,
        saving_failed=False,
    )
