"""The tables of figures in the record of the decision, from ``results/drawing.json``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "drawing.json"
RECORD = ROOT / "docs" / "decisions" / "0021-drawings-by-our-own-code.md"
BEGIN, END = "<!-- figures of python -m benchmarks.drawing -->", "<!-- end of the figures -->"
TITLES = {"map": "decision map", "bars": "probabilities", "value": "value chart"}
Report = Mapping[str, Any]


def publish(report: Report) -> None:
    """Write the tables between their marks.

    Raises:
        ValueError: when the record has no marks.
    """
    page = RECORD.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{RECORD.name} must have the lines {BEGIN} and {END}; add them")
    RECORD.write_text(f"{before}{begin}\n{tables(report)}\n{end}{after}", encoding="utf-8")


def tables(report: Report) -> str:
    """First visits, drawings and cards; figures in brackets are times ours."""
    parts = (_first_visits(report), _drawings(report), _usable(report), _cards(report))
    return "\n".join(["", *("\n".join([*part, ""]) for part in parts)])


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _first_visits(report: Report) -> Iterator[str]:
    head = ("before the first drawing", "kB, gzipped", "script ready, ms", "first map painted, ms")
    rows = (
        (
            way,
            f"{found['packed_bytes'] / 1e3:,.1f}",
            _beside(found, "start_ms"),
            _beside(found, "first_painted_ms"),
        )
        for way, found in report["first_visit"].items()
    )
    return _table(head, rows)


def _drawings(report: Report) -> Iterator[str]:
    head = (
        "each answer",
        "",
        "server, ms CPU",
        "by its classes",
        "bytes, gzipped",
        "painted, ms",
        "main thread, ms CPU",
    )
    return _table(head, _each(report, _drawing))


def _drawing(found: Report) -> tuple[str, ...]:
    classes = found.get("make_by_classes_ms")
    return (
        _beside(found, "make_ms"),
        "" if classes is None else _figure(classes),
        f"{found['packed_bytes']:,}",
        _beside(found, "painted_ms"),
        _beside(found, "busy_ms"),
    )


def _usable(report: Report) -> Iterator[str]:
    head = ("for everyone", "", "axe violations", "scrolls at 320 px", "texts cut off", "smallest text, px",
            "runs without unsafe-eval")  # fmt: skip
    return _table(head, _each(report, _uses))


def _uses(found: Report) -> tuple[str, ...]:
    return (
        str(found["axe_violations"]),
        _yes(found["scrolls_at_320"]),
        str(found["texts_cut_off_at_320"]),
        f"{found['smallest_text_at_320']:g}",
        _yes(not found["faults_under_strict_policy"]),
    )


def _each(report: Report, cells: Any) -> Iterator[Sequence[str]]:
    for name, title in TITLES.items():
        for at, (way, found) in enumerate(report["drawings"][name].items()):
            yield ("" if at else title, way, *cells(found))


def _cards(report: Report) -> Iterator[str]:
    head = ("answer card", "us CPU", "bytes", "gzipped", "escapes hostile text", "equals the page's card")
    rows = (
        (
            writer,
            _beside(found, "us"),
            f"{found['bytes']:,}",
            f"{found['packed_bytes']:,}",
            _yes(found["escapes_hostile_text"]),
            _yes(found["same_as_the_page"]),
        )
        for writer, found in report["cards"].items()
    )
    return _table(head, rows)


def _beside(found: Report, key: str) -> str:
    """A figure, with how many times ours it is."""
    times = found.get(f"{key}_times_ours")
    return _figure(found[key]) if times is None else f"{_figure(found[key])} ({_figure(times[0])})"


def _yes(held: bool) -> str:
    return "yes" if held else "no"


def _figure(value: float) -> str:
    """Two digits, whole numbers from 10 on."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
