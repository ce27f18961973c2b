"""What kinds share whose values lie on a line: numbers, dates, and whatever else is counted in doubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from inference.contract import Column, Shares, Spread
from trainer.schema.kinds.column_kind import Cells, ColumnKind
from trainer.schema.kinds.declared import Declared
from trainer.schema.onnx_graph import Graph
from trainer.schema.order_statistics import MIN_CUSTOMERS, histogram, quantiles, spread_values

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
HISTOGRAM_BINS = 10
OUTER_EIGHTHS = (0.125, 0.875)  # the medians of the lowest and the highest quarter
BEYOND = 0.5  # random rows reach half a training span beyond the training range


class OrderedColumn(ColumnKind):
    """A kind whose one feature is its value, a double."""

    tensor = TensorProto.DOUBLE
    settings: ClassVar[tuple[str, ...]] = ("range",)

    def features(self, spec: Declared) -> tuple[str, ...]:
        """The column itself."""
        return (spec.name,)

    def matrix(self, spec: Declared, cells: Cells, wanted: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The cells as they are."""
        return {spec.name: cells} if wanted else {}

    def emit(self, spec: Declared, graph: Graph, wanted: Sequence[str]) -> dict[str, str]:
        """The input as it is."""
        del graph
        return {spec.name: spec.name} if wanted else {}

    def as_numbers(self, spec: Declared, cells: Cells) -> NDArray[np.float64]:
        """The cells as they are."""
        return np.where(self.missing(spec, cells), 0.0, cells)

    def emit_number(self, spec: Declared, graph: Graph, cell: str) -> dict[str, str]:
        """The number as it is."""
        del graph
        return {spec.name: cell}

    def emit_missing(self, spec: Declared, graph: Graph) -> str:
        """Append nodes for NaN."""
        return graph.cast(graph.node("IsNaN", spec.name), TensorProto.DOUBLE)

    def statistics(self, cells: Cells) -> dict[str, Any]:
        """Quantiles of what is known."""
        known = cells[~np.isnan(cells)]
        values = quantiles(known, QUANTILES).tolist() if len(known) >= MIN_CUSTOMERS else []
        levels = QUANTILES[: len(values)]
        return {
            "integer": bool((known == np.round(known)).all()),
            "quantiles": {str(level): value for level, value in zip(levels, values, strict=True)},
        }

    def profile(self, spec: Declared, cells: Cells) -> Spread | Shares | None:
        """Mean and quartiles."""
        del spec
        return quartiles(cells)

    def histogram(self, spec: Declared, cells: Cells) -> dict[str, Any]:
        """Counts between deciles."""
        del spec
        edges, counts = histogram(cells[~np.isnan(cells)], HISTOGRAM_BINS)
        return {"edges": edges, "counts": counts}

    def bins(self, spec: Declared, cells: Cells, histogram: Mapping[str, Any]) -> NDArray[np.int64]:
        """The position between the edges."""
        del spec
        positions = np.searchsorted(histogram["edges"], cells, side="right")
        return np.asarray(np.where(np.isnan(cells), -1, positions), dtype=np.int64)

    def with_counts(self, histogram: Mapping[str, Any], counts: Sequence[int]) -> dict[str, Any]:
        """The same edges; no bin has fewer cells than before, so none is of fewer than five customers."""
        return {**histogram, "counts": list(counts)}

    def random(self, spec: Declared, cells: Cells, rows: int, rng: np.random.Generator) -> Cells:
        """Values on and beyond the table's span, within the valid range, half of them whole."""
        low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
        span = (high - low) * BEYOND
        values = rng.uniform(low - span, high + span, rows)
        values[::2] = np.round(values[::2])
        return np.clip(values, *(spec.range or (-np.inf, np.inf)))

    def gaps(self, spec: Declared, rows: int, rng: np.random.Generator) -> Any:
        """NaN."""
        del spec, rows, rng
        return np.nan

    def levels(self, spec: Declared, cells: Cells, probabilities: Sequence[float], shift: int) -> Cells:
        """Quantiles off the grid of whole numbers, so that none is a customer's."""
        del spec
        return spread_values(cells[~np.isnan(cells)], np.roll(probabilities, shift)) + 0.25

    def feature_label(self, spec: Declared, name: str, *, unit: bool) -> str:
        """The label with its unit."""
        del name
        return f"{spec.label} ({spec.unit})" if spec.unit and unit else spec.label

    def example(self, column: Column) -> str:
        """The median."""
        middle = column.quantiles.get(0.5, 0.0)
        return f"{round(middle) if column.integer else round(middle, 2)}"

    def contrasts(self, spec: Declared, cells: Cells) -> list[tuple[str, Any]]:
        """The middles of the lowest and the highest quarter; the ends where these are the same value."""
        known = cells[~np.isnan(cells)]
        if len(known) < 2 * MIN_CUSTOMERS:
            return []
        for levels in (OUTER_EIGHTHS, (0.0, 1.0)):
            low, high = (float(f"{value:.6g}") for value in quantiles(known, levels))
            if low < high:
                return [(self.limit_text(spec, value), value) for value in (low, high)]
        return []

    def groups(self, spec: Declared, cells: Cells) -> list[tuple[str, NDArray[np.bool_]]]:
        """The lower and the upper half."""
        known = cells[~np.isnan(cells)]
        if len(known) < MIN_CUSTOMERS:
            return []
        middle = float(f"{quantiles(known, (0.5,))[0]:g}")  # as it is written
        limit = self.limit_text(spec, middle)
        return [(f"up to {limit}", cells <= middle), (f"over {limit}", cells > middle)]

    def limit_text(self, spec: Declared, value: float) -> str:
        """The value that separates two groups."""
        return f"{value:g} {spec.unit}".strip()


def quartiles(values: NDArray[np.float64]) -> Spread | None:
    """Mean and quartiles of what is known among ``[N]``; ``None`` where fewer than five are."""
    known = values[~np.isnan(values)]
    if len(known) < MIN_CUSTOMERS:
        return None
    low, middle, high = quantiles(known, (0.25, 0.5, 0.75)).tolist()
    return Spread(mean=float(known.mean()), q25=low, median=middle, q75=high)
