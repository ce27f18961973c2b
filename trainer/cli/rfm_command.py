"""``python -m trainer rfm``: from a file of transactions to a customer table that can be trained on."""

from __future__ import annotations

import argparse
import csv
import shlex
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from rich.console import Console
from rich.markup import escape

from inference.errors import InputError
from inference.wording import counted, quoted, quoted_path
from trainer.cli.console import consoles
from trainer.cli.source_options import add_read_options, read_options
from trainer.cli.train_advice import train_advice
from trainer.cli.transaction_files import files_of, read_rates, read_transactions
from trainer.rfm.rfm_settings import OF_LINE, OF_ORDER, RfmSettings
from trainer.rfm.rfm_table import DEFINITIONS, Customers, customers_of
from trainer.rfm.transaction_headers import ROLES

PARQUET = (".parquet", ".pq")
ROWS_AT_ONCE = 65536


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 0 (written) or 2 (bad input, nothing written)."""
    options = _parser().parse_args(arguments)
    out, errors = consoles()
    try:
        _refuse_overwriting(options.output, force=options.force)
        sources = files_of(options.transactions)
        given, notes = read_transactions(sources, query=options.query, options=read_options(options))
        found = customers_of(given, _settings(options))
        write_customers(found.table, options.output)
    except InputError as error:
        message = error.sentence(train_advice)
        errors.print(f"error: {message}", style="red", highlight=False, markup=False)
        return 2
    _show_result(out, found, given.files, notes, options.output)
    return 0


def write_customers(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet (paths ending in .parquet or .pq) or CSV, completely or not at all.

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
        ignore=_words(options.ignore),
        cancelled=_words(options.cancelled),
        counted=_words(options.count_status),
        currency=options.currency,
        rates=read_rates(options.rates),
        without=_words(options.exclude_customers),
        decimals=read_options(options).decimals,
        date_format=options.date_format,
        snapshot=options.snapshot,
        amount_of=options.amount_of,
        drop_duplicates=options.drop_duplicates,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _show_result(
    console: Console, found: Customers, files: Sequence[str], notes: Sequence[str], output: Path
) -> None:
    """Show what was assumed, how many lines of each kind there are, the new columns, and what to run next."""
    report = found.report
    title = files[0] if len(files) == 1 else f"{len(files)} files"
    console.print(f"[bold]{escape(title)}[/bold]", highlight=False)
    for sentence in (*notes, *report.assumed, *report.sentences()):
        console.print(f"  {sentence}", highlight=False, markup=False)
    for header, name in zip(found.table.column_names[1:], DEFINITIONS, strict=True):
        low, middle, high = pc.quantile(found.table[header], q=[0, 0.5, 1]).to_pylist()
        line = f"  {header}: {low:,g} to {high:,g}, median {middle:,g} ({DEFINITIONS[name]})"
        console.print(line, highlight=False, markup=False)
    for warning in report.warned:
        line = f"{escape(warning)}; leave it out with --exclude-customers"
        console.print(f"[yellow]note[/yellow]: {line}", highlight=False)
    if report.again and not report.kinds["dropped duplicates"]:
        line = f"{counted(report.again, 'line')} of later files are in earlier ones, too, and count twice"
        console.print(f"[yellow]note[/yellow]: {line}; --drop-duplicates counts them once", highlight=False)
    if report.repeated_total:
        line = (
            f"{quoted(report.repeated_total)} counts once per order; --amount-of line counts it on each line"
        )
        console.print(f"[yellow]note[/yellow]: {escape(line)}", highlight=False)
    console.print(f"\nWritten to {output}. Next:", highlight=False, markup=False)
    command = f"  python -m trainer --data {shlex.quote(str(output))}"
    console.print(command, highlight=False, markup=False, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a day must be written as in 2011-12-10, but it is {quoted(text)}"
        ) from None


def _parser() -> argparse.ArgumentParser:
    defined = "\n".join(f"  {name:15} {meaning}" for name, meaning in DEFINITIONS.items())
    parser = argparse.ArgumentParser(
        prog="python -m trainer rfm",
        description="Makes a customer table from transactions; columns are found by their headers and cells.",
        epilog=f"columns of the customer table, after the customer identifier:\n{defined}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "transactions",
        nargs="+",
        help="CSV, Parquet, Excel, Arrow, JSON, several of them, a folder, or a database URL with --query; "
        "one order line per row",
    )
    add_read_options(parser)
    add(
        "-o",
        "--output",
        type=Path,
        default=Path("customers.csv"),
        metavar="FILE",
        help="default: customers.csv",
    )
    add("--force", action="store_true", help="replace the output if it exists")
    _add_columns(parser)
    add(
        "--date-format",
        metavar="FORMAT",
        help="day-first, month-first, year-first, excel serial, or a format such as %%d/%%m/%%Y",
    )
    add(
        "--snapshot",
        type=_day,
        metavar="DAY",
        help="day from which recency and tenure are counted (default: the last day of the data)",
    )
    add("--drop-duplicates", action="store_true", help="leave out exact duplicates of an earlier line")
    add(
        "--exclude-customers",
        default="",
        metavar="A,B",
        help="leave out these customers, such as guests and test accounts",
    )
    return parser


def _add_columns(parser: argparse.ArgumentParser) -> None:
    """The options about columns and what their values mean."""
    add = parser.add_argument_group("which columns there are (detected and reported if omitted)").add_argument
    add("--customer", metavar="HEADER", help="column with the customer identifier")
    add("--date", metavar="HEADER", help="column with the date of the purchase")
    add("--amount", metavar="HEADER", help="column with the value of the line; or use --quantity and --price")
    add(
        "--amount-of",
        choices=(OF_ORDER, OF_LINE),
        default="",
        help="whether the amount is the total of the order, repeated on each of its lines, or of the line",
    )
    add("--quantity", metavar="HEADER", help="column with the number of items; negative for returns")
    add("--price", metavar="HEADER", help="column with the price of one item")
    add("--order", metavar="HEADER", help="column with the order; without one, frequency counts days")
    add(
        "--status",
        metavar="HEADER",
        help="column that marks cancelled, returned, refunded, failed or pending lines",
    )
    add("--cancelled", default="", metavar="A,B", help="further values of the status that are ignored")
    add("--count-status", default="", metavar="A,B", help="values of the status that count as purchases")
    add("--refund", metavar="HEADER", help="column with the refunded amount of the line; subtracted")
    add("--currency-column", metavar="HEADER", help="column with the currency of the line")
    add("--currency", default="", metavar="EUR", help="keep only amounts in this currency, or convert to it")
    add(
        "--rates",
        action="append",
        default=[],
        metavar="USD=0.92",
        help="value of one unit in --currency; or a CSV file with a currency and a rate per line",
    )
    add("--ignore", default="", metavar="A,B", help="headers that have none of these roles")
