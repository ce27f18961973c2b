"""``python -m trainer rfm``: from a file of transactions to a customer table that can be trained on."""

from __future__ import annotations

import argparse
import csv
import shlex
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from rich.console import Console
from rich.markup import escape

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.wording import quoted, quoted_path
from trainer.cli.console import consoles
from trainer.cli.source_options import add_read_options, read_options, source_name
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import DEFINITIONS, Customers, customers_of
from trainer.rfm.transaction_columns import ROLES
from trainer.table.raw_table import Raw, read_raw

PARQUET = (".parquet", ".pq")
ROWS_AT_ONCE = 65536


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 0 (written) or 2 (bad input, nothing written)."""
    options = _parser().parse_args(arguments)
    out, errors = consoles()
    try:
        _refuse_overwriting(options.output, force=options.force)
        given = read_options(options)
        raw = read_cells(options.transactions, query=options.query, options=given)
        found = customers_of(raw.cells, _settings(options), places=raw.lines)
        write_customers(found.table, options.output)
    except InputError as error:
        told = error.sentence(train_advice)
        errors.print(f"error: {told}", style="red", highlight=False, markup=False)
        return 2
    _tell(out, found, (*raw.notes, *raw.left_out), options)
    return 0


def read_cells(source: str | Path, *, query: str = "", options: ReadOptions | None = None) -> Raw:
    """Read transactions from a file or a database.

    Numbers with decimal commas become numbers; every other cell stays as it is.

    Raises:
        InputError: when they cannot be read.
    """
    raw = read_raw(source, query=query, options=options)
    return replace(raw, cells=raw.with_numbers())


def write_customers(table: pa.Table, path: Path) -> None:
    """Write a table as CSV, or as Parquet where the path ends so; whole or not at all.

    Raises:
        InputError: when the file cannot be written.
    """
    write: Callable[[pa.Table, Path], None] = (
        _write_parquet if path.suffix.casefold() in PARQUET else _write_csv
    )
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            fresh = Path(folder) / path.name
            write(table, fresh)
            fresh.replace(path)
    except OSError as error:
        raise InputError(f"{quoted_path(path)} must be writable, but it is not ({error.strerror})") from error


def _write_parquet(table: pa.Table, path: Path) -> None:
    pyarrow.parquet.write_table(table, path)


def _write_csv(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _refuse_overwriting(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise InputError(
            f"the customer table must not replace a file, but {quoted_path(path)} exists; "
            "name another with -o FILE, or replace it with --force"
        )


def _settings(options: argparse.Namespace) -> RfmSettings:
    given = {role: getattr(options, role) for role in ROLES}
    return RfmSettings(
        **given,
        cancelled=tuple(options.cancelled.split(",")) if options.cancelled else (),
        date_format=options.date_format,
        snapshot=options.snapshot,
        drop_duplicates=options.drop_duplicates,
    )


def _tell(console: Console, found: Customers, notes: Sequence[str], options: argparse.Namespace) -> None:
    """What was assumed, what became of the lines, how the customers spread, and what to run next."""
    report = found.report
    console.print(f"[bold]{escape(source_name(options.transactions))}[/bold]", highlight=False)
    for sentence in (*notes, *report.assumed, *report.sentences()):
        console.print(f"  {sentence}", highlight=False, markup=False)
    for name in DEFINITIONS:
        low, middle, high = pc.quantile(found.table[name], q=[0, 0.5, 1]).to_pylist()
        told = f"  {name}: {low:,g} to {high:,g}, median {middle:,g} ({DEFINITIONS[name]})"
        console.print(told, highlight=False, markup=False)
    console.print(f"\nWritten to {options.output}. Next:", highlight=False, markup=False)
    command = f"  python -m trainer --data {shlex.quote(str(options.output))}"
    console.print(command, highlight=False, markup=False, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a day must be written like 2011-12-10, but it is {quoted(text)}"
        ) from None


def _parser() -> argparse.ArgumentParser:
    defined = "\n".join(f"  {name:15} {meaning}" for name, meaning in DEFINITIONS.items())
    parser = argparse.ArgumentParser(
        prog="python -m trainer rfm",
        description="Turns transactions into a customer table; columns are found by their usual names.",
        epilog=f"columns of the customer table, after the customer's own:\n{defined}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("transactions", help="CSV, Parquet, Excel or a database URL with --query; a line of an order a row")
    add_read_options(parser)
    add(
        "-o",
        "--output",
        type=Path,
        default=Path("customers.csv"),
        metavar="FILE",
        help="default: customers.csv",
    )
    add("--force", action="store_true", help="replace the output where it exists")
    add("--customer", metavar="HEADER", help="who bought")
    add("--date", metavar="HEADER", help="when")
    add("--amount", metavar="HEADER", help="what the line is worth, or else:")
    add("--quantity", metavar="HEADER", help="how many; negative for returns")
    add("--price", metavar="HEADER", help="of one")
    add("--order", metavar="HEADER", help="order or invoice; without one, frequency counts days")
    add("--status", metavar="HEADER", help="says which lines were cancelled, returned or refunded")
    add("--cancelled", metavar="A,B", help="further values of --status whose lines count in nothing")
    add("--date-format", metavar="FORMAT", help="day-first, month-first, year-first, or like %%d/%%m/%%Y")
    add(
        "--snapshot",
        type=_day,
        metavar="DAY",
        help="looks back from here (default: the last day of the data)",
    )
    add(
        "--drop-duplicates", action="store_true", help="leave out lines equal to an earlier one in every cell"
    )
    return parser
