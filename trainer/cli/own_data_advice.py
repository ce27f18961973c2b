"""What to do about an error where a table is trained on the page or by REST, without a command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
    ChooseHeader: lambda remedy: "rename all but one of them",
    ChooseOutputFormat: lambda remedy: "end its name in .csv",
    ChoosePath: lambda remedy: "choose another name",
    ChooseSheet: lambda remedy: f"save one as a file of its own: {quoted_names(remedy.sheets)}",
    ConvertCurrencies: lambda remedy: "convert the amounts to one currency in the file",
    CorrectFormat: lambda remedy: "save it again under the right extension",
    DeclareColumn: lambda remedy: f"leave out {shortened(remedy.column, QUOTED)!r}",
    GiveMissing: lambda remedy: "add it to the file",
    GiveOwnHeader: lambda remedy: f"give {remedy.column!r} a header of its own",
    GiveQuery: lambda remedy: "export the rows as a CSV file",
    KeepCurrency: lambda remedy: (
        f"keep one currency in the file, such as {shortened(remedy.currency, QUOTED)}"
    ),
    LeaveOut: lambda remedy: "remove it from the file",
    MapColumn: lambda remedy: f"rename the header to {remedy.column!r}",
    NameClusteringColumns: lambda remedy: "give a column the role 'clustering'",
    NameColumns: lambda remedy: f"rename the header of {listed([f'the {role}' for role in remedy.roles])}",
    RaiseLimit: lambda remedy: "keep fewer rows, drawn at random",
    SetDateFormat: lambda remedy: "write dates as 2026-05-31",
    SetDecimal: lambda remedy: "write its numbers with a point and without separators of thousands",
    SetEncoding: lambda remedy: "save it as CSV in UTF-8",
    SetHeaderRow: lambda remedy: "put the headers on the first line",
    SetSeparator: lambda remedy: "save it with commas between the cells",
}


def own_data_advice(remedy: Remedy) -> str:
    """A remedy as something to do with the file or the roles of its columns."""
    return WORDS[type(remedy)](remedy)
