"""What scoring a billion customers costs, from the measurement of ``python -m benchmarks.spark``.

    python -m benchmarks.scale [--rows 1e9] [--cores 8] [--price 0.05]

Writes the figures of docs/scale.md. The price of a core for an hour is an assumption; give your own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "spark.json"
PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- figures of python -m benchmarks.scale -->", "<!-- end of the figures -->"
ROWS, CORES, PRICE = 1e9, 8, 0.05
MACHINES = (1, 2, 4, 8)
TASK_MB = 128  # of Parquet, as Spark cuts it


def lines(report: Mapping[str, Any], *, rows: float, cores: int, price: float) -> Iterator[str]:
    """The figures as Markdown."""
    rate, alone = report["rows_per_cpu_second"], report["rows"] / report["one_process_cpu_seconds"]
    hours = rows / rate / 3600
    read, written = (rows / report["rows"] * report[f"{name}_mb"] / 1e3 for name in ("source", "target"))
    tasks = max(1, round(read * 1e3 / TASK_MB))
    start = (report["first_cpu_seconds"] - report["second_cpu_seconds"]) / report["cores"] / 3600
    yield f"Measured with {report['rows']:,} rows on {report['cores']} cores, in seconds of CPU, which other"
    yield "work of the machine hardly changes:"
    yield ""
    yield f"- with Spark, reading and writing Parquet: **{_round(rate):,} rows per second of a core**;"
    yield f"- one process without Spark, answers kept in memory: {_round(alone):,} rows per second;"
    yield f"- the start of Java and of the workers: {_duration(start)} of each core."
    yield ""
    yield f"{rows:,.0f} customers are then {hours:,.1f} core-hours, {read:,.0f} GB to read in {tasks:,} tasks"
    yield f"of {TASK_MB} MB, and {written:,.0f} GB to write. At {price} per core and hour:"
    yield ""
    yield f"| machines with {cores} cores | time | cost |"
    yield "|---|---|---|"
    for machines in MACHINES:
        each = hours / machines / cores + start
        yield f"| {machines} | {_duration(each)} | {each * machines * cores * price:,.2f} |"
    yield ""
    yield f"One process without Spark computes for {_duration(rows / alone / 3600)} for the same rows."


def page_with(page: str, figures: Sequence[str]) -> str:
    """The page with these figures between its marks.

    Raises:
        ValueError: when the page has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} must have the lines {BEGIN} and {END}; add them")
    return "\n".join([f"{before}{begin}", "", *figures, "", f"{end}{after}"])


def _round(rate: float) -> int:
    """Two digits, which is what a measurement is worth.

    >>> _round(123456.0)
    120000
    """
    digits = int(10 ** max(0, len(str(int(rate))) - 2))
    return round(rate / digits) * digits


def _duration(hours: float) -> str:
    """Hours in words.

    >>> _duration(0.005), _duration(0.5), _duration(7.25)
    ('18 s', '30 min', '7.2 h')
    """
    if hours < 0.05:
        return f"{hours * 3600:,.0f} s"
    return f"{hours * 60:,.0f} min" if hours < 1 else f"{hours:,.1f} h"


def main() -> int:
    """Write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="Compute what it costs.")
    parser.add_argument("--rows", type=float, default=ROWS)
    parser.add_argument("--cores", type=int, default=CORES, help="of a machine")
    parser.add_argument("--price", type=float, default=PRICE, help="of a core for an hour")
    given = parser.parse_args()
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    figures = list(lines(report, rows=given.rows, cores=given.cores, price=given.price))
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    print("\n".join(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
