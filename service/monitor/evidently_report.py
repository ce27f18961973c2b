"""Reports of Evidently about the customers of a file: ``python -m service.monitor.evidently_report FILE``.

Runs in an environment of its own, that of ``requirements/evidently.lock``. The file is read and answered as
by the app; it may be scored already. It is compared with another file, or with customers made up from the
contract's histograms: each column alone has the shares of the training table, and columns are independent.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset, DataSummaryPreset

from inference import ArtifactError, Contract, InputError, Segmenter
from inference.answers import Brief
from inference.drift import Layout
from inference.drift.layout import CountedColumn
from inference.files.options import ScoreOptions
from inference.files.score_advice import score_advice
from inference.files.scoring import score_file
from inference.kinds.registry import kind_of
from inference.validation import Checked
from service.settings import DEFAULT_MODEL

SEGMENT = "segment"
METHOD, THRESHOLD = "psi", 0.1  # as in the app, without its bound for chance
DONE, REFUSED = 0, 2


def customers(segmenter: Segmenter, source: Path) -> pd.DataFrame:
    """The customers of a file as the model sees them, with their segments; dates are days since 1970.

    Raises:
        InputError: when the file is refused.
    """
    parts: list[pd.DataFrame] = []
    lock = Lock()

    def collect(checked: Checked, answers: Brief) -> None:
        part = _frame(segmenter.contract, {name: feed[:, 0] for name, feed in checked.feeds.items()})
        part[SEGMENT] = [segmenter.contract.segments[each].name for each in answers.segment_id]
        with lock:
            parts.append(part)

    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        score_file(segmenter, source, nowhere, options=ScoreOptions(output_format="csv"), observe=collect)
    if not parts:
        raise InputError("the file must have customers that can be answered, but it has none")
    return pd.concat(parts, ignore_index=True)


def made_up(contract: Contract, *, seed: int = 0) -> pd.DataFrame:
    """As many customers as the training table had, with its share in each range, category and segment.

    Raises:
        InputError: when the contract has no histograms.
    """
    if contract.histograms is None or contract.data is None:
        raise InputError("the model must have histograms to compare with, but it has none; name a reference")
    rng = np.random.default_rng(seed)
    rows = contract.data.rows
    cells = {each.column.name: _drawn(each, rows, rng) for each in Layout(contract).columns}
    frame = _frame(contract, cells)
    names = [segment.name for segment in contract.segments]
    shares = np.array(contract.histograms.segments) / sum(contract.histograms.segments)
    frame[SEGMENT] = rng.permutation(np.repeat(names, _whole(shares, rows)))
    return frame


def report(contract: Contract, current: pd.DataFrame, reference: pd.DataFrame) -> Any:
    """Evidently's report: drift of each column and of the segments, and a summary of the data."""
    numbers = [each.name for each in contract.columns if kind_of(each).ordered]
    categories = [each.name for each in contract.columns if not kind_of(each).ordered]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=[*categories, SEGMENT])
    first, second = (Dataset.from_pandas(frame, data_definition=definition) for frame in (current, reference))
    presets = [DataDriftPreset(method=METHOD, threshold=THRESHOLD), DataSummaryPreset()]
    return Report(presets).run(current_data=first, reference_data=second)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, or 2 when a file cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m service.monitor.evidently_report",
        description="Writes a report of Evidently about the customers of a file.",
    )
    add = parser.add_argument
    add("current", type=Path, metavar="FILE", help="CSV, Parquet, Excel, Arrow or JSON; scored or not")
    add("--reference", type=Path, metavar="FILE", help="to compare with (default: the model's histograms)")
    add("--model", type=Path, default=DEFAULT_MODEL, metavar="FILE", help="default: artifacts/model.onnx")
    add("--html", type=Path, metavar="FILE", help="write a page")
    add("--json", type=Path, metavar="FILE", help="write every figure")
    options = parser.parse_args(arguments)
    if options.html is None and options.json is None:
        parser.error("give --html FILE, --json FILE or both")
    try:
        segmenter = Segmenter.load(options.model)
        current = customers(segmenter, options.current)
        reference = (
            made_up(segmenter.contract)
            if options.reference is None
            else customers(segmenter, options.reference)
        )
    except InputError as error:
        sys.stderr.write(f"error: {error.sentence(score_advice)}\n")
        return REFUSED
    except ArtifactError as error:
        sys.stderr.write(f"error: {error}\n")
        return REFUSED
    found = report(segmenter.contract, current, reference)
    if options.html is not None:
        found.save_html(str(options.html))
    if options.json is not None:
        found.save_json(str(options.json))
    return DONE


def _frame(contract: Contract, cells: Mapping[str, Any]) -> pd.DataFrame:
    """Columns of the graph's values; a missing category is ``None``."""
    return pd.DataFrame(
        {
            column.name: cells[column.name]
            if kind_of(column).ordered
            else [cell or None for cell in cells[column.name]]
            for column in contract.columns
            if column.name in cells
        }
    )


def _drawn(column: CountedColumn, rows: int, rng: np.random.Generator) -> Any:
    """Values ``[rows]`` of one column; within a range they are evenly spread."""
    counts = np.append(column.reference, column.reference_missing)
    codes = rng.permutation(np.repeat(np.arange(len(counts)), _whole(counts / counts.sum(), rows)))
    if not column.kind.ordered:
        return np.array([*column.categories, ""], dtype=object)[codes]
    levels = column.column.quantiles
    low, high = (levels[end(levels)] if levels else 0.0 for end in (min, max))
    ends = np.array([min(low, *column.edges, low), *column.edges, max(high, *column.edges, high)])
    at = np.minimum(codes, column.bins - 1)
    values = ends[at] + rng.random(rows) * (ends[at + 1] - ends[at])
    values = np.floor(values) if column.column.integer else values
    values[codes == column.bins] = np.nan
    return values


def _whole(shares: Any, rows: int) -> Any:
    """Shares as whole numbers that add up to ``rows``, by the largest remainders."""
    exact = shares * rows
    found = np.floor(exact).astype(np.int64)
    found[np.argsort(found - exact, kind="stable")[: rows - found.sum()]] += 1
    return found


if __name__ == "__main__":
    sys.exit(main())
