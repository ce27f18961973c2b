"""Runs the model with the ``inference`` package: one customer, a CSV file, the test vectors.

Usage: python segment.py predict NAME=VALUE ... | score IN.csv OUT.csv | vectors | bench
"""

from __future__ import annotations

import csv
import json
import os
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # not needed in a copy next to `inference`

from inference import Answers, ArtifactError, Column, Contract, InputError, Segmenter  # noqa: E402 - the path is set above
from inference.contract import METADATA_KEY, Output  # noqa: E402 - the path is set above
from inference.contract.outputs import NOT_ASKED  # noqa: E402 - the path is set above
from inference.kinds.registry import kind_of  # noqa: E402 - the path is set above
from inference.loading.seal import check_seal, require_seal  # noqa: E402 - the path is set above
from inference.validation import check_columns  # noqa: E402 - the path is set above

MODEL = Path(os.environ.get("MODEL", HERE / "../../artifacts/model.onnx"))
VECTORS = Path(os.environ.get("VECTORS", HERE / "../../artifacts/test_vectors.json"))
WARM_UP, TIMED = 200, 2000
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII)


def predict(arguments: list[str]) -> int:
    """Predict for the customer given as ``NAME=VALUE``; an omitted column is unknown."""
    segmenter = Segmenter.load(MODEL)
    given: dict[str, Any] = {}
    for argument in arguments:
        name, _, text = argument.partition("=")
        column = {each.name: each for each in segmenter.contract.columns}.get(name)
        given[name] = text if column is None else read_cell(column, text)
    answer = segmenter.predict(**given)
    print(f"segment: {answer.segment}\nprobability: {answer.probability:.6f}")
    print(f"complete: {_word(answer.complete)}\nenough: {_word(answer.enough)}")
    if answer.novelty is not None:
        print(f"novelty: {answer.novelty:.6f}")
    print(f"action: {answer.action}")
    return 0


def _word(truth: bool) -> str:
    return "true" if truth else "false"


def read_cell(column: Column, text: str) -> int | float | str | None:
    """The cell of a file: missing, a number, or the text for the validation to check."""
    plain = text.strip().casefold()
    if plain in ("", "nan"):
        return None
    if not kind_of(column).numeric_text or not NUMBER.fullmatch(plain):
        return text
    return int(plain) if plain.isdecimal() else float(plain)


def score(arguments: list[str]) -> int:
    """Score a CSV file; all rows stay in order, and an invalid row gets an error message."""
    source, target = arguments
    segmenter = Segmenter.load(MODEL)
    with Path(source).open(newline="", encoding="utf-8-sig") as file:
        headers, *rows = [row for row in csv.reader(file) if row] or [[]]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(headers):
            cells = f"{len(headers)} cells as the header has, but it has {len(row)}"
            raise InputError(f"row {number} must have {cells}")
    columns = {
        column.name: [read_cell(column, row[position]) for row in rows]
        for column, position in match(segmenter.contract, headers)
    }
    checked = check_columns(segmenter.contract, columns)
    answers = segmenter.answer(checked)
    with Path(target).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        extra = ("segment", "segment_id", "probability", "complete", "novelty", "problem")
        writer.writerow([*headers, *extra])
        for number, row in enumerate(rows):
            problem = checked.problems.get(number, ("", ""))[1]
            writer.writerow([*row, *_cells(answers, number, problem)])
    print(f"{len(rows)} rows scored, {len(checked.problems)} refused", file=sys.stderr)
    return 0


def match(contract: Contract, headers: list[str]) -> list[tuple[Column, int]]:
    """The columns of the file and the positions of their headers: name, label or an alias, in any case."""
    plain = [header.strip().casefold() for header in headers]
    found = []
    for column in contract.columns:
        spellings = (text.strip().casefold() for text in (column.name, column.label, *column.aliases))
        positions = [plain.index(spelling) for spelling in spellings if spelling in plain]
        found += [(column, position) for position in positions[:1]]
    if not found:
        known, seen = ", ".join(map(repr, contract.names)), ", ".join(map(repr, headers))
        raise InputError(
            f"the table must have at least one of the columns {known}, but its headers are {seen}"
        )
    return found


def _cells(answers: Answers, row: int, problem: str) -> list[Any]:
    if problem:
        return ["", "", "", "", "", problem]
    probability, novelty = f"{answers.probability[row]:.6f}", f"{answers.novelty[row]:.6f}"
    complete = bool(answers.complete[row])
    segment, number = answers.segment[row], int(answers.segment_id[row])
    return [segment, number, probability, _word(complete), "" if novelty == "nan" else novelty, ""]


def vectors(_: list[str]) -> int:
    """Check every row of the test vectors: all in one call, then each alone."""
    document = json.loads(VECTORS.read_text(encoding="utf-8"))
    session, contract = _open()
    feeds = {column.name: _feed(column, document["inputs"][column.name]) for column in contract.columns}
    rows = len(document["outputs"]["segment"])
    outputs = [output for output in contract.outputs if output.name in document["outputs"]]
    alone = [output for output in outputs if output.missing != NOT_ASKED]
    wrong = _asked(session, document, outputs, feeds, 0)
    for row in range(rows):
        one = {name: feed[row : row + 1] for name, feed in feeds.items()}
        wrong += _asked(session, document, alone, one, row)
    for line in wrong[:10]:
        print(line, file=sys.stderr)
    p50 = _p50(Segmenter(session, contract), document["inputs"])
    told = {"language": "Python", "runtime": ort.__version__, "rows": rows, "mismatches": len(wrong)}
    print(json.dumps({**told, "p50_us": round(p50, 1)}))
    return 1 if wrong else 0


def _open() -> tuple[ort.InferenceSession, Contract]:
    """A session without the self-test of ``Segmenter.load``, so that differences are reported row by row."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    content = MODEL.read_bytes()
    check_seal(content, MODEL)
    session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    contract = Contract.parse(session.get_modelmeta().custom_metadata_map[METADATA_KEY])
    if contract.sealed:
        require_seal(content, MODEL)
    return session, contract


def _feed(column: Column, cells: list[Any]) -> Any:
    return kind_of(column).feed(cells)


def _asked(
    session: ort.InferenceSession, document: dict[str, Any], outputs: list[Output], feeds: Any, first: int
) -> list[str]:
    """Run the graph; returns the differences between the rows from ``first`` and the vectors."""
    found = session.run([output.name for output in outputs], feeds)
    pairs = zip(outputs, found, strict=True)
    return [line for output, values in pairs for line in _differences(document, output, values, first)]


def _differences(document: dict[str, Any], output: Output, found: Any, first: int) -> list[str]:
    wanted = document["outputs"][output.name][first : first + len(found)]
    if output.tolerance is None:
        good = found == np.array(wanted, dtype=found.dtype)
    else:
        expected = np.array(wanted, dtype=np.float64)
        good = np.isclose(found, expected, rtol=0.0, atol=output.tolerance, equal_nan=True)
    good = good.reshape(len(found), -1).all(axis=1)
    return [
        f"mismatch: row {first + row}: {output.name}: found {found[row]}, expected {wanted[row]}"
        for row in np.flatnonzero(~good)
    ]


def _value(column: Column, cell: Any) -> Any:
    """The caller's value for a cell of the graph; an invalid category is unknown here."""
    known = kind_of(column).ordered or bool(column.other) or cell in column.spellings
    return kind_of(column).as_json(column, cell) if known and cell is not None else None


def _p50(segmenter: Segmenter, inputs: dict[str, list[Any]]) -> float:
    """Median time of one row in microseconds, from values to an answer, another row each time."""
    given = [[_value(column, cell) for cell in inputs[column.name]] for column in segmenter.contract.columns]
    customers = [dict(zip(segmenter.contract.names, row, strict=True)) for row in zip(*given, strict=True)]
    times = []
    for turn in range(WARM_UP + TIMED):
        customer = customers[turn % len(customers)]
        start = time.perf_counter_ns()
        segmenter.predict(**customer)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times[WARM_UP:]) / 1000


def bench(_: list[str]) -> int:
    """Print the median time of one row."""
    inputs = json.loads(VECTORS.read_text(encoding="utf-8"))["inputs"]
    print(f"{_p50(Segmenter.load(MODEL), inputs):.1f} us per row (median)")
    return 0


def main() -> int:
    """Run the sub-command that is named first."""
    commands = {each.__name__: each for each in (predict, score, vectors, bench)}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return commands[sys.argv[1]](sys.argv[2:])
    except (ArtifactError, InputError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
