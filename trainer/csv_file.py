"""Reads a CSV file as text cells: what pandas would repair in silence is refused or counted."""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
from pathlib import Path

import pandas as pd

from inference.errors import InputError


def read_frame(path: Path) -> tuple[pd.DataFrame, str]:
    """Read every cell as text.

    Returns:
        The cells, blank lines left out, indexed by record (the first after the header is 0), and the
        SHA-256 of the file.

    Raises:
        InputError: when the file cannot be read as CSV in UTF-8, a row has more cells than the header, or
            two headers are alike but for their case.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        _check_header(path, text)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # said of cells beyond the header
            frame = pd.read_csv(
                io.StringIO(text), dtype=str, keep_default_na=False, index_col=False, skip_blank_lines=False
            )
    except (OSError, UnicodeDecodeError, csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"the table {str(path)!r} must be a readable CSV file in UTF-8: {error}") from error
    except pd.errors.ParserWarning as error:
        raise InputError(
            f"every row of {str(path)!r} must have as many cells as the header, but some have more; "
            "quote cells that hold commas, and name every column"
        ) from error
    frame = frame.fillna("")  # a row that ends early
    return frame[(frame != "").any(axis=1)], hashlib.sha256(content).hexdigest()


def _check_header(path: Path, text: str) -> None:
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    seen: dict[str, str] = {}
    for name in header:
        folded = name.strip().casefold()
        if folded in seen:
            raise InputError(
                f"the headers of {str(path)!r} must differ by more than case, but there are {seen[folded]!r} "
                f"and {name!r}; rename one"
            )
        seen[folded] = name
