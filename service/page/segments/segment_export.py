"""The segments as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from inference import Contract, Segment
from service.page.segments.segment_cards import value_share
from service.page.texts import segments_texts as texts

IN_MODEL = "segment in the model"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


def segments_csv(contract: Contract, in_model: Mapping[int, str] | None = None) -> str:
    """A row for each segment: who they are, what is typical of them and what to do.

    Args:
        in_model: id -> name in the model file, for a last column where the page has other names.
    """
    written = io.StringIO()
    table = csv.writer(written)
    typical = [each.title for each in contract.columns if not each.categories]
    headers = (*texts.HEADERS, *(f"median: {title}" for title in typical), *([IN_MODEL] if in_model else []))
    table.writerow([cell(each) for each in headers])
    for segment in contract.segments:
        own = [cell(in_model[segment.id])] if in_model else []
        table.writerow([*_row(contract, segment), *own])
    return written.getvalue()


def _row(contract: Contract, segment: Segment) -> list[object]:
    value = value_share(segment)
    spreads = [segment.spread(each.name) for each in contract.columns if not each.categories]
    return [
        *(segment.id, cell(segment.name), segment.tier, segment.size, round(segment.share, 4)),
        "" if value is None else round(value, 4),
        "" if segment.index is None else segment.index,
        *(cell(segment.action), cell(segment.because)),
        *("" if each is None else each.median for each in spreads),
    ]


def cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
