"""Scores a file within the limits of the settings, for every interface that takes one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from inference import InputError
from inference.wording import quoted
from service.settings import Settings

if TYPE_CHECKING:
    from inference import Scored
    from service.api.api_predictions import Predictor

MEGABYTE = 1_000_000
MOST_DIGITS = 9  # of the number of a row


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
    from inference import ScoreOptions, score_file  # loads pyarrow, which only files need

    return score_file(predictor.segmenter, source, target, options=ScoreOptions(**options))


def headings(given: Sequence[str]) -> dict[str, str]:
    """Column -> heading, from texts such as ``age=Years``.

    Raises:
        InputError: for a text without both.
    """
    split = [text.partition("=") for text in given]
    for text, (name, _, heading) in zip(given, split, strict=True):
        if not name or not heading:
            raise InputError(f"a column must be NAME=HEADING, but it is {quoted(text)}")
    return {name: heading for name, _, heading in split}


def where_the_table_is(sheet: str, header_row: str, keep_totals: str) -> dict[str, Any]:
    """The options about the table inside a file, from texts; empty ones leave it to be detected.

    Raises:
        InputError: for a header row that is no whole number from 1 on.
    """
    plain = header_row.strip()
    known = plain.isascii() and plain.isdecimal() and len(plain) <= MOST_DIGITS and int(plain) > 0
    if plain and not known:
        raise InputError(f"header_row must be a whole number from 1 on, but it is {quoted(header_row)}")
    return {
        "sheet": sheet,
        "header_row": int(plain) if plain else None,
        "keep_totals": keep_totals.strip().casefold() in ("true", "1", "yes"),
    }
