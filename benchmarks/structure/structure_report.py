"""Summarises the answers of ``benchmarks.structure``: as text, as JSON, and for the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan
from pathlib import Path
from typing import Any

RULE = "this rule"
PUBLISHED = Path(__file__).parents[1] / "results" / "structure.json"
PAGE = Path(__file__).parents[2] / "docs" / "number-of-segments.md"
MARK = "<!-- figures of python -m benchmarks.structure --publish -->"

Line = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How one method did on tables of one size; shares, NaN where there is no such table.

    Attributes:
        right, wrong, none: of the tables with separable groups.
        one: of the tables of one population, how many are recognised; own: the same of further shapes.
        balanced: mean of ``right`` and ``one``.
        tables: how many tables there are.
    """

    right: float
    wrong: float
    none: float
    one: float
    own: float
    balanced: float
    tables: int


def figures(lines: Sequence[Line]) -> Figures:
    """Summarise the answers of one method on tables of one size."""
    groups = [line for line in lines if line["group"] == "structured"]
    right, none = (
        _share(line["answer"] == line["k"] for line in groups),
        _share(line["answer"] == 1 for line in groups),
    )
    one = _share(line["answer"] == 1 for line in lines if line["group"] == "one")
    own = _share(line["answer"] == 1 for line in lines if line["group"] in ("own", "kept_back"))
    return Figures(
        right=right,
        wrong=1 - right - none,
        none=none,
        one=one,
        own=own,
        balanced=(right + one) / 2,
        tables=len(lines),
    )


def by_method(lines: Iterable[Line]) -> dict[tuple[int, str], Figures]:
    """Figures by number of rows and method."""
    parts: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        parts.setdefault((line["rows"], line["method"]), []).append(line)
    return {key: figures(parts[key]) for key in sorted(parts)}


def summary(lines: Iterable[Line]) -> str:
    """The table of methods as text."""
    head = "  rows method                tables  right  wrong   none    one balanced    own"
    rows = [
        f"{rows:>6} {method:<20} {f.tables:>7} {f.right:6.3f} {f.wrong:6.3f} {f.none:6.3f} {f.one:6.3f} "
        f"{f.balanced:8.3f} {f.own:6.3f}"
        for (rows, method), f in by_method(lines).items()
    ]
    return "\n".join([head, *rows])


def by_scenario(lines: Iterable[Line], method: str = RULE) -> dict[tuple[int, str, str, int], list[int]]:
    """The answers of one method, sorted, by number of rows, group, scenario and right number of groups."""
    answers: dict[tuple[int, str, str, int], list[int]] = {}
    for line in lines:
        if line["method"] == method:
            key = (line["rows"], line["group"], line["scenario"], line["k"])
            answers.setdefault(key, []).append(line["answer"])
    return {key: sorted(answers[key]) for key in sorted(answers)}


def scenario_text(lines: Iterable[Line]) -> str:
    """The answers of the rule as text."""
    return "\n".join(
        f"{rows:>6} {group:<10} {name:<24} k {k:>2} right {found.count(k) / len(found):4.2f}  {found}"
        for (rows, group, name, k), found in by_scenario(lines).items()
    )


@dataclass(frozen=True, kw_only=True)
class Flips:
    """How often two seeds give one table different answers: of ``pairs``, shares, and where."""

    pairs: int
    natural: float
    answer: float
    where: tuple[str, ...]


def flips(lines: Iterable[Line]) -> Flips | None:
    """Compare the answers of the rule to the same table with several seeds; ``None`` without such tables."""
    by: dict[tuple[int, str, int], list[tuple[int, int, str]]] = {}
    for line in lines:
        if line["method"] == RULE:
            given = (line["answer"], line["offered"], line["kind"])
            by.setdefault((line["rows"], line["scenario"], line["seed"]), []).append(given)
    pairs = natural = other = 0
    where = []
    for (rows, name, seed), answers in sorted(by.items()):
        found = list(combinations(answers, 2))
        differ = sum(first[0] != second[0] for first, second in found)
        pairs, natural = pairs + len(found), natural + differ
        other += sum(first != second for first, second in found)
        if differ:
            where.append(f"{name} ({rows} rows, table {seed}): {sorted(each[0] for each in answers)}")
    if not pairs:
        return None
    return Flips(pairs=pairs, natural=natural / pairs, answer=other / pairs, where=tuple(where))


def own_seed(lines: Iterable[Line]) -> list[Line]:
    """The answers with the table's own seed: one per table and method."""
    return [line for line in lines if line["choice_seed"] == line["seed"]]


def publish(lines: Sequence[Line]) -> None:
    """Write the figures as JSON, and into the page of the documentation."""
    own = own_seed(lines)
    found = flips(lines)
    document = {
        "seeds": sorted({line["seed"] for line in own}),
        "methods": [
            {"rows": rows, "method": method, **vars(each)} for (rows, method), each in by_method(own).items()
        ],
        "scenarios": [
            {"rows": rows, "group": group, "scenario": name, "k": k, "answers": answers}
            for (rows, group, name, k), answers in by_scenario(own).items()
        ],
        "flips": None if found is None else vars(found),
    }
    text = json.dumps(document, indent=1).replace("NaN", "null")
    PUBLISHED.write_text(text + "\n", encoding="utf-8")
    before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    PAGE.write_text(before + mark + "\n\n" + markdown(lines), encoding="utf-8")


def markdown(lines: Sequence[Line]) -> str:
    """The tables of the documentation."""
    own = own_seed(lines)
    methods = [
        "| rows | method | tables | right k | wrong k | none | one population: none "
        "| further shapes: none | balanced |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {rows:,} | {method} | {f.tables} | {_cell(f.right)} | {_cell(f.wrong)} | {_cell(f.none)} "
            f"| {_cell(f.one)} | {_cell(f.own)} | {_cell(f.balanced)} |"
            for (rows, method), f in by_method(own).items()
        ),
    ]
    scenarios = [
        "| rows | table | right | answers (1: none) |",
        "|---|---|---|---|",
        *(
            f"| {rows:,} | {name} | {k} | {_counts(answers)} |"
            for (rows, _, name, k), answers in by_scenario(own).items()
        ),
    ]
    found = flips(lines)
    seeds = (
        []
        if found is None
        else [
            f"Two seeds of the rule give the same table another natural k in {found.natural:.1%} of "
            f"{found.pairs:,} pairs, and another k or kind in {found.answer:.1%}."
        ]
    )
    return "\n\n".join(["\n".join(methods), *seeds, "\n".join(scenarios)]) + "\n"


def _counts(answers: Sequence[int]) -> str:
    """Answers with how often each was given, such as ``3 (8 times), 1 (2)``."""
    by = sorted({answer: answers.count(answer) for answer in answers}.items(), key=lambda each: -each[1])
    return ", ".join(f"{answer} ({count})" for answer, count in by)


def _cell(share: float) -> str:
    return "" if isnan(share) else f"{share:.3f}"  # without a table of that kind


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found) if found else float("nan")
