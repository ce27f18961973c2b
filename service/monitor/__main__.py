"""``python -m service.monitor report``: whether customers have changed, in words and as a page."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from inference import ArtifactError, InputError, Segmenter
from inference.files.score_advice import score_advice
from inference.wording import counted
from service.monitor import report
from service.monitor.drift_state import window_state
from service.monitor.state_file import StateError
from service.monitor.windows import Look
from service.page.views.monitoring_report import monitoring_report
from service.settings import DEFAULT_MODEL

QUIET, ALARM, REFUSED = 0, 1, 2

_EPILOG = """\
Without --file, the counts are those that a running service saved in MONITOR_STATE, kept by day (UTC).
With --file, every row of a file (CSV, Parquet, Excel, Arrow or JSON) is answered and counted. Only reports
are written.

Exit status: 0 no check is amber or red, 1 some check is, 2 nothing could be judged because a file or a
setting cannot be used, or there are too few customers."""


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run the command line; returns the exit status (see its help)."""
    options = _parser().parse_args(arguments)
    environment = os.environ if environment is None else environment
    try:
        segmenter = Segmenter.load(options.model or environment.get("MODEL_PATH") or DEFAULT_MODEL)
        look = _look(segmenter, options, environment)
        return _report(segmenter, look, options)
    except InputError as error:
        print(f"error: {error.sentence(score_advice)}", file=sys.stderr)
    except (ArtifactError, StateError) as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"error: {error.filename!r} cannot be written ({error.strerror})", file=sys.stderr)
    return REFUSED


def _look(segmenter: Segmenter, options: argparse.Namespace, environment: Mapping[str, str]) -> Look:
    if options.file is not None:
        return report.of_file(segmenter, options.file)
    state = options.state or environment.get("MONITOR_STATE")
    if not state:
        raise StateError("there must be saved counts: give --state FILE, set MONITOR_STATE, or give --file")
    look = report.since(report.saved(segmenter, Path(state)), options.since)
    if look is None:
        raise StateError(f"there must be customers since {options.since}, but there are none in {state!r}")
    return look


def _report(segmenter: Segmenter, look: Look, options: argparse.Namespace) -> int:
    found = look.judgement
    print(f"{found.light}: {counted(found.rows, 'customer')}, {counted(found.complete, 'complete one')}")
    for sentence in (*found.reasons, found.advice):
        print(sentence)
    if options.json is not None:
        options.json.write_text(json.dumps(window_state(look), indent=1) + "\n", encoding="utf-8")
    if options.html is not None:
        page = monitoring_report(segmenter.contract, segmenter.fingerprint, look)
        options.html.write_text(page, encoding="utf-8")
    return {"green": QUIET, "too few": REFUSED}.get(found.light, ALARM)


def _day(text: str) -> date:
    """A day as ISO 8601, or a number of days ago such as ``7d``."""
    if text.endswith("d") and text[:-1].isdecimal() and len(text) < 6:
        return (datetime.now(UTC) - timedelta(days=int(text[:-1]))).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a day such as 2026-11-01, or days such as 7d, but it is {text[:40]!r}"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m service.monitor", description="Reports on the customers that a model answered for."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "report",
        help="whether customers have changed since training",
        description="Compares customers with those in training.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = command.add_argument
    add("--since", type=_day, metavar="DAY", help="first day, such as 2026-11-01 or 7d (default: all days)")
    add("--file", type=Path, metavar="FILE", help="judge the customers of this file")
    add("--state", metavar="FILE", help="counts of a service (default: MONITOR_STATE)")
    add("--model", type=Path, metavar="FILE", help="default: MODEL_PATH, then artifacts/model.onnx")
    add("--html", type=Path, metavar="FILE", help="write a page with charts")
    add("--json", type=Path, metavar="FILE", help="write every figure")
    return parser


if __name__ == "__main__":
    sys.exit(main())
