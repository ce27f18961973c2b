"""The segments as a CSV file."""

from __future__ import annotations

import csv
import io

from inference import Contract, Segment
from service.page.segments.segment_cards import value_share
from service.page.texts import segments_texts as texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


def segments_csv(contract: Contract) -> str:
    """A row for each segment: who they are, what is typical of them and what to do."""
    written = io.StringIO()
    table = csv.writer(written)
    typical = [each.title for each in contract.columns if not each.categories]
    table.writerow([_cell(each) for each in (*texts.HEADERS, *(f"median: {title}" for title in typical))])
    for segment in contract.segments:
        table.writerow(_row(contract, segment))
    return written.getvalue()


def _row(contract: Contract, segment: Segment) -> list[object]:
    value = value_share(segment)
    spreads = [segment.spread(each.name) for each in contract.columns if not each.categories]
    return [
        *(segment.id, _cell(segment.name), segment.tier, segment.size, round(segment.share, 4)),
        "" if value is None else round(value, 4),
        "" if segment.index is None else segment.index,
        *(_cell(segment.action), _cell(segment.because)),
        *("" if each is None else each.median for each in spreads),
    ]


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
