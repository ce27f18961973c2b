"""The table of all speed figures, in ``benchmarks/README.md``, from ``results/speed.json``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.speed.measuring import OURS, Case, Metric, Summary, summary, times_better

PAGE = Path(__file__).parents[1] / "README.md"
_BEGIN, _END = "<!-- figures of python -m benchmarks.speed -->", "<!-- end of the figures -->"
_HEAD = ("what", "beside", "times better", "this product", "the other", "wanted")

Results = Mapping[str, Any]


def publish(cases: tuple[Case, ...], results: Results) -> None:
    """Write the table between its marks.

    Raises:
        ValueError: when the page has no marks.
    """
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} must have the lines {_BEGIN} and {_END}; add them")
    table = "\n".join(_lines(cases, results))
    PAGE.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def _lines(cases: tuple[Case, ...], results: Results) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(_HEAD)} |"
    yield f"|{'---|' * len(_HEAD)}"
    for case in cases:
        if case.key in results:
            yield from _rows(case, results[case.key]["figures"], results[case.key].get("absent", {}))
    yield ""
    yield from _notes(results)
    yield ""


def _rows(
    case: Case, found: Mapping[str, Mapping[str, list[float]]], absent: Mapping[str, str]
) -> Iterator[str]:
    title, own, wanted = case.title, _amounts(case, found[OURS]), case.wanted
    if len(found) == 1 and not absent:
        yield f"| {title} | itself |  | {own} |  | {wanted} |"
    for name, figures in found.items():
        if name != OURS:
            ratios = _ratios(case, found[OURS], figures)
            yield f"| {title} | {name} | {ratios} | {own} | {_amounts(case, figures)} | {wanted} |"
            title = own = wanted = ""
    for name, reason in absent.items():
        yield f"| {title} | {name} | {reason} | {own} | {reason} | {wanted} |"
        title = own = wanted = ""


def _ratios(case: Case, ours: Mapping[str, list[float]], theirs: Mapping[str, list[float]]) -> str:
    """How many times better, for each metric; the unit says which, after the first one."""
    shown = [_ratio(times_better(each, ours[each.key], theirs[each.key])) for each in case.metrics]
    return ", ".join(
        [shown[0], *(f"{text} {each.unit}" for text, each in zip(shown[1:], case.metrics[1:], strict=True))]
    )


def _ratio(found: Summary) -> str:
    return f"**{_figure(found.median)}** ({_figure(found.low)}-{_figure(found.high)})"


def _amounts(case: Case, figures: Mapping[str, list[float]]) -> str:
    return ", ".join(_amount(summary(figures[each.key]), each) for each in case.metrics)


def _amount(found: Summary, metric: Metric) -> str:
    return f"{_figure(found.median)} {metric.unit}"


def _figure(value: float) -> str:
    """Two digits, three from 100 on, without an exponent.

    >>> [_figure(each) for each in (0.1234, 5.678, 26.4, 134.6, 3919.06)]
    ['0.12', '5.7', '26', '135', '3,919']
    """
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:,.{digits}f}"


def _notes(results: Results) -> Iterator[str]:
    taken = sorted({each["commit"][:7] for each in results.values()})
    cores = sorted({each["cores"] for each in results.values()})
    rounds = (
        "Each row is one run of all its ways in turn; medians of the rounds, and between which quartiles the"
    )
    yield f"{rounds} ratio lies. Machine: {', '.join(map(str, cores))} cores; commits {', '.join(taken)}."
