"""Reports for a command line: of the days that a running service saved, and of a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from inference import InputError, ScoreOptions, Segmenter
from inference.drift import Counts, Layout
from inference.drift.file_counts import FileCounts
from service.monitor.live_counts import LiveCounts, Seen
from service.monitor.monitor import VERSION_LENGTH
from service.monitor.state_file import StateError, StateFile
from service.monitor.windows import BY_DAY, FILE, REPORT, Look


def saved(segmenter: Segmenter, state: Path) -> Seen:
    """What a service with this model has saved.

    Raises:
        StateError: when the file cannot be used, or has no counts of this model.
    """
    models = StateFile(state).read()
    if not state.is_file():
        raise StateError(
            f"the state must be a file that a service saved, but there is none at {str(state)!r}"
        )
    live = LiveCounts(segmenter.contract, segmenter.fingerprint[:VERSION_LENGTH])
    if segmenter.fingerprint not in models:
        found = ", ".join(name[:VERSION_LENGTH] for name in models) or "none"
        raise StateError(
            f"the state must have counts of the model {live.version}, but it has those of: {found}; name "
            "that model's file"
        )
    try:
        live.continue_from(models[segmenter.fingerprint])
    except (KeyError, TypeError, ValueError) as error:
        raise StateError(f"the counts in {str(state)!r} cannot be used ({error})") from error
    return live.seen()


def since(seen: Seen, first: date | None) -> Look | None:
    """All days from one on, or every saved day, as one look; ``None`` without customers.

    The days are whole: the first one counts from its beginning.
    """
    start = 0.0 if first is None else datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
    days = [*seen.complete[BY_DAY], *([] if seen.open_day is None else [seen.open_day])]
    chosen = [day for day in days if day.ended > start]
    if not chosen:
        return None
    counts = Counts(chosen[0].counts.layout)
    for day in chosen:
        counts.merge(day.counts)
    return Look(
        kind=REPORT,
        window=days[-1].window,
        number=None,
        counts=counts,
        began=chosen[0].began,
        ended=chosen[-1].ended,
    )


def of_file(segmenter: Segmenter, source: Path) -> Look:
    """The customers of a file as one look.

    Raises:
        InputError: when the file is refused, or none of its rows can be answered.
    """
    import os

    from inference.files.scoring import score_file

    counting = FileCounts(Layout(segmenter.contract))
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        scored = score_file(
            segmenter, source, nowhere, options=ScoreOptions(output_format="csv"), observe=counting.observe
        )
    if counting.counts.rows == 0:
        raise InputError(
            f"the file must have customers that can be answered, but all {scored.rows} rows failed"
        )
    written = source.stat().st_mtime
    return Look(kind=FILE, window=1, number=None, counts=counting.counts, began=written, ended=written)
