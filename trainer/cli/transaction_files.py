"""Reads the files of ``python -m trainer rfm``: one, several or a folder, and the table of exchange rates."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.files.read_arguments import pairs
from inference.wording import quoted, quoted_path
from trainer.cli.source_options import source_name
from trainer.rfm.transaction_table import Transactions, join
from trainer.table.every_row import is_spark
from trainer.table.raw_table import Raw, is_url, read_raw

READ = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".pq")  # of the files of a folder


def files_of(sources: Sequence[str]) -> list[str]:
    """Files and URLs, with every folder as the tables in it, sorted by name.

    Raises:
        InputError: for a folder without a table, or a source that is given twice.
    """
    found: list[str] = []
    for source in sources:
        folder = Path(source)
        if is_url(source) or is_spark(source) or not folder.is_dir():
            found.append(source)
            continue
        inside = sorted(
            path
            for path in folder.iterdir()
            if path.is_file() and path.suffix.casefold() in READ and not path.name.startswith((".", "~$"))
        )
        if not inside:
            raise InputError(
                f"a folder must have tables in it ({', '.join(READ)}), but {quoted_path(source)} has none; "
                "name the files"
            )
        found += map(str, inside)
    again = next((each for index, each in enumerate(found) if each in found[:index]), None)
    if again is not None:
        raise InputError(f"each file must be given once, but {quoted_path(again)} is given twice")
    return found


def read_transactions(
    sources: Sequence[str], *, query: str = "", options: ReadOptions | None = None
) -> tuple[Transactions, tuple[str, ...]]:
    """Read transactions from files or a database, and what was assumed while reading, in sentences.

    Raises:
        InputError: when they cannot be read.
    """
    parts, told = [], []
    for source in sources:
        raw = _read(source, query=query, options=options, several=len(sources) > 1)
        name = source_name(source)
        notes = (*raw.notes, *raw.left_out)
        told += [f"{name}: {note}" if len(sources) > 1 else note for note in notes]
        parts.append(Transactions.of(raw.cells, lines=raw.lines, name=name, separator=raw.separator))
    return join(parts), tuple(dict.fromkeys(told))


def _read(source: str, *, query: str, options: ReadOptions | None, several: bool) -> Raw:
    if is_spark(source):
        raise InputError(
            "transactions must be read whole, but of a table of spark: only a sample is; make the table of "
            "customers with Spark, and give it to python -m trainer"
        )
    try:
        return read_raw(source, query=query, options=options)
    except InputError as error:
        raise error.within(f"in {quoted(source_name(source))}") if several else error from None


def read_rates(given: Sequence[str]) -> dict[str, float]:
    """Exchange rates from ``USD=0.92`` or from files with a currency and a rate per line.

    Raises:
        InputError: for a rate that is not a number.
    """
    found: dict[str, float] = {}
    for text in given:
        written = text.split(",") if "=" in text and not Path(text).is_file() else _lines(Path(text))
        for currency, rate in pairs("a rate", written).items():
            found[currency.strip()] = _rate(currency, rate)
    return found


def _lines(path: Path) -> list[str]:
    """The lines of a file of rates as ``USD=0.92``; a header is left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "rates must be written like USD=0.92 or be in a readable CSV file, but "
            f"{quoted_path(path)} is neither"
        ) from error
    separator = ";" if ";" in text else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=separator) if any(row)]
    if any(len(row) != 2 for row in rows):
        raise InputError(
            "a file of rates must have two columns, a currency and its rate, but "
            f"{quoted_path(path)} has others"
        )
    if rows and _number(rows[0][1]) is None:
        rows = rows[1:]
    return [f"{currency}={rate}" for currency, rate in rows]


def _rate(currency: str, text: str) -> float:
    number = _number(text)
    if number is None:
        raise InputError(f"the rate of {quoted(currency)} must be a number, but it is {quoted(text)}")
    return number


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
