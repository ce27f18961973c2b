"""Scores a file within the limits of the settings, for every interface that takes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from inference import InputError
from inference.files.options import FORMATS
from inference.wording import listed, quoted
from service.monitor.file_counting import score_and_count
from service.settings import Settings

if TYPE_CHECKING:
    from inference import Scored
    from service.api.api_predictions import Predictor

MEGABYTE = 1_000_000
MOST_DIGITS = 9  # of the number of a row
MARKS = {",": ",", "comma": ",", ".": ".", "point": "."}


def file_limits(settings: Settings) -> dict[str, int]:
    """The limits of a file as ``ScoreOptions``."""
    return {"max_bytes": settings.max_upload_mb * MEGABYTE, "max_rows": settings.max_upload_rows}


def score(
    predictor: Predictor, source: Path | BinaryIO, target: Path | BinaryIO, options: dict[str, Any]
) -> Scored:
    """Score one file.

    Args:
        predictor: with the model.
        source: the file; target: where its answer goes.
        options: ``ScoreOptions`` by name.

    Raises:
        InputError: for a file that is refused.
    """
    from inference import ScoreOptions  # loads pyarrow, which only files need

    return score_and_count(
        predictor.segmenter, source, target, options=ScoreOptions(**options), monitor=predictor.monitor
    )


def file_option(name: str, given: Sequence[str]) -> dict[str, Any]:
    """One of ``ScoreOptions``, by its name there, from the texts of a parameter; empty ones are left out.

    Raises:
        InputError: for a text that cannot be used.
    """
    return _READERS[name]([text for text in given if text.strip() or (name == "separator" and text)])


def file_options(given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """All of ``ScoreOptions`` that parameters name, each with its texts."""
    return {name: value for each, texts in given.items() for name, value in file_option(each, texts).items()}


def _headings(given: Sequence[str]) -> dict[str, Any]:
    split = [text.partition("=") for text in given]
    for text, (name, _, heading) in zip(given, split, strict=True):
        if not name or not heading:
            raise InputError(f"a column must be NAME=HEADING, but it is {quoted(text)}")
    return {"columns": {name: heading for name, _, heading in split}}


def _decimals(given: Sequence[str]) -> dict[str, Any]:
    split = [text.rpartition("=") for text in given]
    for text, (heading, _, mark) in zip(given, split, strict=True):
        if not heading or mark.strip().casefold() not in MARKS:
            raise InputError(
                "a decimal mark must be HEADING=comma or HEADING=point, or have the mark itself, but it is "
                f"{quoted(text)}"
            )
    return {"decimals": {heading: MARKS[mark.strip().casefold()] for heading, _, mark in split}}


def _header_row(given: Sequence[str]) -> dict[str, Any]:
    if not given:
        return {}
    plain = given[-1].strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= MOST_DIGITS and int(plain) > 0):
        raise InputError(f"header_row must be a whole number from 1 on, but it is {quoted(given[-1])}")
    return {"header_row": int(plain)}


def _text(name: str) -> Callable[[Sequence[str]], dict[str, Any]]:
    return lambda given: {name: given[-1]} if given else {}


def _output(given: Sequence[str]) -> dict[str, Any]:
    if not given:
        return {}
    if (name := given[-1].strip().lower()) not in FORMATS:
        raise InputError(f"output must be {listed(FORMATS, last='or')}, but it is {quoted(given[-1])}")
    return {"output_format": name}


_READERS: Mapping[str, Callable[[Sequence[str]], dict[str, Any]]] = {
    "column": _headings,
    "missing": lambda given: {"missing": tuple(given)},
    "decimal": _decimals,
    "na": lambda given: {"na": tuple(given)},
    "sheet": _text("sheet"),
    "separator": lambda given: {"separator": given[-1].replace("\\t", "\t")} if given else {},
    "encoding": _text("encoding"),
    "output": _output,
    "header_row": _header_row,
    "keep_totals": lambda given: {
        "keep_totals": any(text.strip().casefold() in ("true", "1", "yes") for text in given[-1:])
    },
}
