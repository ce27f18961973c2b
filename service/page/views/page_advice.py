"""What to do about an error, on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inference import InputError
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
from inference.wording import QUOTED, listed, quoted_names

WORDS: Mapping[type[Remedy], Callable[[Any], str]] = {
    ChooseHeader: lambda remedy: "rename all but one of them",
    ChooseOutputFormat: lambda remedy: "choose how the result is saved",
    ChooseSheet: lambda remedy: f"enter one as the sheet: {quoted_names(remedy.sheets)}",
    CorrectFormat: lambda remedy: "save it again under the right extension",
    GiveMissing: lambda remedy: "tick it under the columns the file does not have",
    GiveOwnHeader: lambda remedy: f"give {remedy.column!r} a header of its own",
    MapColumn: lambda remedy: f"rename the header to {remedy.column!r}",
    RaiseLimit: lambda remedy: "split it",
    SetDecimal: lambda remedy: f"enter {_decimals(remedy)} as its decimal mark",
    SetEncoding: lambda remedy: "choose its encoding next to the file",
    SetHeaderRow: lambda remedy: "enter its number as the header row",
    SetSeparator: lambda remedy: "choose its separator next to the file",
}


def _decimals(remedy: SetDecimal) -> str:
    header = remedy.header if len(remedy.header) <= QUOTED else "HEADER"
    names = {",": "comma", ".": "point"}
    return listed([f"{header}={names.get(mark, mark)}" for mark in remedy.marks], last="or")


def page_advice(remedy: Remedy) -> str:
    """A remedy as something to do on the page."""
    return WORDS[type(remedy)](remedy)


def on_page(error: InputError, *, subject: str | None = None) -> str:
    """A refusal as the page shows it: a whole sentence, about ``subject`` where that is given."""
    sentence = error.sentence(page_advice, subject=subject)
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
