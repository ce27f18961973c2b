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
