"""The segments of a model on one page of A4, to be printed or attached: a card for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from inference.contract import Contract, Segment
from trainer.report.figures.figure_style import FAINT, INK, QUIET, drawing, segment_colours, wrapped

PAPER = (8.27, 11.69)  # inches, A4
MARGIN, GAP = 0.055, 0.016  # of the page
TOP = 0.865  # where the cards begin
TALLEST = 0.15  # of the page
FEW = 8  # segments; more get three cards in a row
POINTS = 72 * PAPER[1]  # of the height of the page
LEADING = 1.3


def save_segments_page(contract: Contract, target: Path) -> None:
    """Write the page as PDF, without a date, so that the same model gives the same bytes."""
    with drawing():
        figure = segments_page(contract)
        figure.savefig(target, format="pdf", metadata={"CreationDate": None, "Title": _title(contract)})


def segments_page(contract: Contract) -> Figure:
    """The page, drawn in the style of ``drawing``."""
    figure = Figure(figsize=PAPER, facecolor="white")
    FigureCanvasPdf(figure)
    _head(figure, contract)
    colours = segment_colours(len(contract.segments))
    columns = 2 if len(contract.segments) <= FEW else 3
    rows = -(-len(contract.segments) // columns)
    width = (1 - 2 * MARGIN - (columns - 1) * GAP) / columns
    height = min(TALLEST, (TOP - MARGIN - (rows - 1) * GAP) / rows)
    for position, segment in enumerate(contract.segments):
        row, column = divmod(position, columns)
        left, top = MARGIN + column * (width + GAP), TOP - row * (height + GAP)
        _Card(figure, left, top, width, height).draw(contract, segment, colours[position])
    return figure


def _title(contract: Contract) -> str:
    return f"Segments of {contract.title or contract.name}"


def _head(figure: Figure, contract: Contract) -> None:
    customers = sum(segment.size for segment in contract.segments)
    figure.text(MARGIN, 0.955, _title(contract), fontsize=16, fontweight="bold", va="top")
    lines = [f"{len(contract.segments)} segments of {customers:,} customers."]
    if contract.choice is not None:
        lines.append(contract.choice.reason)
    text = wrapped(" ".join(lines), 104)
    figure.text(MARGIN, 0.93, text, fontsize=8, color=QUIET, va="top", linespacing=LEADING)


class _Card:
    """A box that is filled with lines from above; what does not fit is cut, and says so."""

    def __init__(self, figure: Figure, left: float, top: float, width: float, height: float) -> None:
        self._figure, self._left, self._width = figure, left, width
        self._top, self._bottom = top, top - height
        self._line = top - 0.012

    def draw(self, contract: Contract, segment: Segment, colour: str) -> None:
        """Draw the frame and everything about a segment."""
        box = (self._left, self._bottom), self._width, self._top - self._bottom
        edge = (self._left, self._top - 0.004), self._width, 0.004
        self._figure.add_artist(Rectangle(*box, fill=False, edgecolor=FAINT, linewidth=0.8))
        self._figure.add_artist(Rectangle(*edge, facecolor=colour, linewidth=0))
        self._write(segment.name, size=11, weight="bold")
        self._write(_figures(segment), size=8, colour=QUIET)
        if segment.because:
            self._write(f"Because: {segment.because}.", size=8)
        self._write(f"Action: {segment.action}", size=8, weight="bold")
        for outcome in contract.outcomes:
            if words := outcome.words(outcome.segments[segment.id]):
                self._write(f"{outcome.title}: {words}", size=8, colour=QUIET)

    def _write(self, text: str, *, size: float, weight: str = "normal", colour: str = INK) -> None:
        letters = int((self._width - 0.024) * PAPER[0] * 72 / (size * (0.67 if weight == "bold" else 0.6)))
        lines = wrapped(text, letters).splitlines()
        room = int((self._line - self._bottom - 0.006) * POINTS / (size * LEADING))
        if room < 1:
            return
        if len(lines) > room:
            lines = [*lines[: room - 1], f"{lines[room - 1][: letters - 2]} …"]
        style: dict[str, Any] = {"fontsize": size, "fontweight": weight, "color": colour, "va": "top"}
        self._figure.text(self._left + 0.012, self._line, "\n".join(lines), linespacing=LEADING, **style)
        self._line -= (len(lines) + 0.35) * size * LEADING / POINTS


def _figures(segment: Segment) -> str:
    parts = [f"{segment.size:,} customers ({segment.share:.0%})"]
    if segment.index is not None:
        parts.append(f"{segment.index * segment.share:.0%} of value")
    if segment.tier:
        parts.append(segment.tier)
    return " · ".join(parts)
