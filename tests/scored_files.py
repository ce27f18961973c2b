"""Small files scored in memory, for the tests."""

from __future__ import annotations

import csv
import io
from typing import Any

from inference import Scored, ScoreOptions, Segmenter, score_file

HEADER = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)"
ROW = "0001,Female,31,17,40"
ADDED = ("segment", "probability", "route", "novelty", "error", "note")


def text(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    """A CSV file of these lines."""
    return end.join([header, *rows, ""])


def score(segmenter: Segmenter, content: str | bytes, **options: Any) -> tuple[bytes, Scored]:
    """The output for a file with this content, and the summary."""
    data = content.encode() if isinstance(content, str) else content
    target = io.BytesIO()
    scored = score_file(segmenter, io.BytesIO(data), target, options=ScoreOptions(**options))
    return target.getvalue(), scored


def rows(
    segmenter: Segmenter,
    content: str | bytes,
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    **options: Any,
) -> list[dict[str, str]]:
    """The scored rows of a CSV file by their headers."""
    data, _ = score(segmenter, content, **options)
    reader = csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=separator)
    return list(reader)


def errors(segmenter: Segmenter, content: str | bytes, **options: Any) -> list[str]:
    """The error of every row."""
    return [row["error"] for row in rows(segmenter, content, **options)]
