"""What to do about an error, in the options of ``python -m trainer`` and ``python -m trainer rfm``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inference.files.score_advice import decimal_options, header_argument
from inference.remedies import (
    ChooseHeader,
    ChooseOutputFormat,
    ChooseSheet,
    CorrectFormat,
    GiveMissing,
    GiveOwnHeader,
    MapColumn,
    RaiseLimit,
    Remedy,
    SetDecimal,
    SetEncoding,
    SetHeaderRow,
    SetSeparator,
)
from inference.wording import QUOTED, listed, quoted_names, shortened
from trainer.schema.table_remedies import (
    ChoosePath,
    ConvertCurrencies,
    DeclareColumn,
    GiveQuery,
    KeepCurrency,
    LeaveOut,
    NameClusteringColumns,
    NameColumns,
    SetDateFormat,
)

WORDS: Mapping[type[Remedy], Callable[[Any], str]] = {
    ChooseHeader: lambda remedy: f"name one with --column {remedy.column}=HEADER",
    ChooseOutputFormat: lambda remedy: "end its name in .csv or .parquet",
    ChoosePath: lambda remedy: "give --init another FILE",
    ChooseSheet: lambda remedy: f"choose one with --sheet: {quoted_names(remedy.sheets)}",
    ConvertCurrencies: lambda remedy: f"convert with --rates {remedy.currency}=RATE",
    CorrectFormat: lambda remedy: "save it again under the right extension",
    DeclareColumn: lambda remedy: (
        f"set [columns.{shortened(remedy.column, QUOTED)}] "
        f'{remedy.setting} = "{remedy.example}" in the file of --config'
    ),
    GiveMissing: lambda remedy: "add it to the table",
    GiveOwnHeader: lambda remedy: (
        f"name the header of {remedy.column!r} with --column {remedy.column}=HEADER"
    ),
    GiveQuery: lambda remedy: f"select rows with --query SQL; the tables are {quoted_names(remedy.tables)}",
    KeepCurrency: lambda remedy: f"keep one with --currency {shortened(remedy.currency, QUOTED)}",
    LeaveOut: lambda remedy: "remove it from the table",
    MapColumn: lambda remedy: f"map it with --column {remedy.column}={header_argument(remedy.suggestion)}",
    NameClusteringColumns: lambda remedy: "name columns with --cluster A,B",
    NameColumns: lambda remedy: (
        "give "
        + listed(
            [f"--{role.replace('_', '-')} {header_argument(remedy.suggestion)}" for role in remedy.roles]
        )
    ),
    RaiseLimit: lambda remedy: "split it",
    SetDateFormat: lambda remedy: (
        "give " + listed([f"--date-format {header_argument(choice)}" for choice in remedy.choices], last="or")
    ),
    SetDecimal: lambda remedy: decimal_options(remedy.header, remedy.marks),
    SetEncoding: lambda remedy: "name its encoding with --encoding",
    SetHeaderRow: lambda remedy: "give its number with --header-row",
    SetSeparator: lambda remedy: "name its separator with --separator",
}


def train_advice(remedy: Remedy) -> str:
    """A remedy as options of the command line."""
    return WORDS[type(remedy)](remedy)
