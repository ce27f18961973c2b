"""``python -m inference sql``, ``c``, ``xlsx`` and ``float``: the model for other engines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from inference import InputError, Segmenter
from inference.contract import Contract
from inference.engines.new_file import new_file
from inference.engines.sql.dialects import DIALECTS
from inference.wording import did_you_mean, nearest, quoted, quoted_names

ROWS, MOST_ROWS = 100, 10_000  # of a workbook
DRAWN, MOST_DRAWN = 100_000, 10_000_000  # rows to compare
_EPILOG = """\
The statement reads a table with the model's columns and gives, for every row, segment_id, segment,
probability, enough, novelty, route, error and note, as `score` does for a file. Numbers must be of a numeric
type. NULL, NaN and blank texts are missing. A clustering column's cell outside of the valid range or
categories makes the row's answer NULL, and `error` says why; that of another column counts as missing, and
`note` says so.

Segments, routes and `enough` are those of the model file; probabilities differ by less than 0.00001, because
the graph computes them in single precision.
"""


def add_sql(commands: Any) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "sql",
        help="the model as a SQL statement",
        description="Writes one SQL statement that answers as the model file does.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="the model file")
    add("--dialect", choices=DIALECTS, default="duckdb", help="the engine (default: duckdb)")
    add(
        "--table",
        default="customers",
        metavar="T",
        help="name or schema.name (default: customers)",
    )
    add(
        "--column",
        action="append",
        default=[],
        metavar="NAME=T",
        help="the table's column for one of the model",
    )
    add(
        "--without", action="append", default=[], metavar="NAME", help="a column that the table does not have"
    )
    add(
        "--keep",
        action="append",
        default=[],
        metavar="T",
        help="a column of the table to give, too, such as the id",
    )
    add("--probabilities", action="store_true", help="also the probability of every segment")
    add("--out", type=Path, metavar="FILE", help="write to a new file, not to the standard output")
    add("--dbt", type=Path, metavar="FOLDER", help="write a model of dbt with its tests into this folder")
    parser.set_defaults(run=run_sql)


def add_c(commands: Any) -> None:
    """Add the command for C to the program's."""
    parser = commands.add_parser(
        "c",
        help="the model as C99",
        description="Writes one file of C99 that answers as the model file does and needs nothing but -lm.",
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the model file")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to a new file")
    parser.set_defaults(run=run_c)


def add_xlsx(commands: Any) -> None:
    """Add the command for a workbook to the program's."""
    parser = commands.add_parser(
        "xlsx",
        help="the model as a workbook with formulas",
        description="Writes a workbook whose formulas segment the customers typed or pasted into it.",
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the model file")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="write to a new file")
    parser.add_argument(
        "--rows", type=int, default=ROWS, metavar="N", help=f"room for N customers (default: {ROWS})"
    )
    parser.set_defaults(run=run_xlsx)


def add_float(commands: Any) -> None:
    """Add the command for the float variant to the program's."""
    parser = commands.add_parser(
        "float",
        help="the model for databases without double tensors",
        description="Writes an ONNX file in single precision, for databases that run ONNX themselves, and "
        "says how many answers differ from those of the model file.",
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="the model file")
    add("--out", type=Path, required=True, metavar="FILE", help="write to a new file")
    add("--rows", type=int, default=DRAWN, metavar="N", help=f"compare N drawn rows (default: {DRAWN:,})")
    add("--seed", type=int, default=0, metavar="N", help="of these rows (default: 0)")
    add("--vectors", metavar="FILE", help="test vectors to compare, too (default: those beside the model)")
    parser.set_defaults(run=run_float)


def run_float(options: argparse.Namespace) -> int:
    """Write the float variant, and say what it changes.

    Raises:
        InputError: when onnx is not installed, an option does not fit, or the file cannot be written.
    """
    try:
        from inference.engines.float32.float_variant import VECTORS, advice, float_variant
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    if not 1 <= options.rows <= MOST_DRAWN or options.seed < 0:
        raise InputError(
            f"--rows must be from 1 to {MOST_DRAWN:,} and --seed 0 or more, but they are {options.rows:,} "
            f"and {options.seed}; correct them"
        )
    model = Segmenter.load(options.model)
    beside = options.model.with_name(VECTORS)
    vectors = Path(options.vectors) if options.vectors else beside if beside.is_file() else None
    with new_file(options.out) as path:
        content, found = float_variant(model, rows=options.rows, seed=options.seed, vectors=vectors)
        path.write_bytes(content)
    for line in (*(each.sentence() for each in found), advice(found)):
        sys.stdout.write(f"{line}\n")
    return 0


def run_xlsx(options: argparse.Namespace) -> int:
    """Write the workbook.

    Raises:
        InputError: when onnx or XlsxWriter is not installed, or the file cannot be written.
    """
    try:
        from inference.engines.workbook.workbook_file import write_workbook
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    if not 1 <= options.rows <= MOST_ROWS:
        raise InputError(
            f"--rows must be from 1 to {MOST_ROWS:,}, but it is {options.rows:,}; score a file instead"
        )
    model = Segmenter.load(options.model)
    with new_file(options.out) as path:
        write_workbook(path, model, rows=options.rows)
    return 0


def run_c(options: argparse.Namespace) -> int:
    """Write the source.

    Raises:
        InputError: when onnx is not installed, or the file cannot be written.
    """
    try:
        from inference.engines.c.c_source import c_source
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    _give(options.out, c_source(Segmenter.load(options.model)))
    return 0


def run_sql(options: argparse.Namespace) -> int:
    """Write the statement.

    Raises:
        InputError: when an option does not fit the model, onnx is not installed, or nothing can be written.
    """
    try:
        from inference.engines.sql.sql_statement import ANSWERS, SqlOptions, sql_statement
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    from inference.engines.sql.dbt import TABLE, as_model, write_dbt

    model = Segmenter.load(options.model)
    for each in options.keep:
        if each in ANSWERS:
            raise InputError(
                f"a column to keep must not be named as an answer, but {quoted(each)} is; rename it in a view"
            )
    settings = SqlOptions(
        table=TABLE if options.dbt else options.table,
        columns=_columns(model.contract, options.column),
        absent=[_known(model.contract, each) for each in options.without],
        keep=options.keep,
        all_probabilities=options.probabilities,
    )
    statement = sql_statement(model, DIALECTS[options.dialect], settings)
    if options.dbt:
        statement = as_model(statement, options.table)
        write_dbt(options.dbt, statement, model.contract, options.keep)
    else:
        _give(options.out, statement)
    return 0


def _columns(contract: Contract, given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, sign, header = each.partition("=")
        if not (name and sign and header):
            raise InputError(f"--column must be NAME=T, but it is {quoted(each)}; give both names")
        found[_known(contract, name)] = header
    return found


def _known(contract: Contract, name: str) -> str:
    if name not in contract.names:
        hint = did_you_mean(nearest(name, contract.names))
        raise InputError(
            f"a column must be one of the model's {quoted_names(contract.names)}, but it is {quoted(name)}; "
            f"correct it.{hint}"
        )
    return name


def _missing(error: ModuleNotFoundError) -> InputError:
    return InputError(
        f"to write this, onnx and xlsxwriter must be installed, but {error.name} is not; "
        "run pip install onnx xlsxwriter, in a clone of the project"
    )


def _give(path: Path | None, text: str) -> None:
    """Write to a new file, or to the standard output.

    Raises:
        InputError: when there is such a file, or it cannot be written.
    """
    if path is None:
        sys.stdout.write(text)
        return
    with new_file(path) as created:
        created.write_text(text, encoding="utf-8")
