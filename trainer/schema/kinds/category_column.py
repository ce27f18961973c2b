"""Categories in training: one indicator for each value beyond the first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from inference.contract import CATEGORY, Column, Shares, Spread
from trainer.schema.kinds.column_kind import Cells, ColumnKind
from trainer.schema.kinds.declared import Declared
from trainer.schema.onnx_graph import ML_DOMAIN, Graph
from trainer.schema.order_statistics import MIN_CUSTOMERS

MOST_CONTRASTS, FEWEST_CONTRASTED = 6, 20  # categories, and customers of each
UNKNOWN_CATEGORY = "a category never seen"


class CategoryColumn(ColumnKind):
    """A column of categories."""

    name = CATEGORY
    tensor = TensorProto.STRING
    settings = ("categories", "other", "order", "missing")

    def features(self, spec: Declared) -> tuple[str, ...]:
        """The column itself where it has an order; else an indicator for each category beyond the first."""
        if spec.has_order:
            return (spec.name,)
        return tuple(f"{spec.name}={value}" for value in spec.values[1:])

    def matrix(self, spec: Declared, cells: Cells, wanted: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Whether each cell is the indicator's category (see ``taken`` about unknown ones)."""
        cells = taken(spec, cells) if wanted else cells
        if spec.has_order:
            return {spec.name: _ordinal(spec, cells)} if wanted else {}
        return {
            name: np.where(cells == "", np.nan, (cells == value).astype(np.float64))
            for name, value in self.indicators(spec).items()
            if name in wanted
        }

    def emit(self, spec: Declared, graph: Graph, wanted: Sequence[str]) -> dict[str, str]:
        """Look each cell's category up."""
        if spec.has_order:
            tensor = _emit_by_category(graph, spec, spec.numbers, missing=float("nan")) if wanted else ""
            return {spec.name: tensor} if wanted else {}
        return {
            name: _emit_by_category(
                graph, spec, {each: float(each == value) for each in spec.values}, missing=float("nan")
            )
            for name, value in self.indicators(spec).items()
            if name in wanted
        }

    def as_numbers(self, spec: Declared, cells: Cells) -> NDArray[np.float64]:
        """The positions of the categories."""
        positions = {value: float(position) for position, value in enumerate(spec.values)}
        return np.array([positions.get(cell, 0.0) for cell in taken(spec, cells).tolist()])

    def emit_number(self, spec: Declared, graph: Graph, cell: str) -> dict[str, str]:
        """Look the category's position up, where it is not the feature itself."""
        found = {}
        values = _array(spec.values)
        for name, numbers in self.matrix(spec, values, self.features(spec)).items():
            plain = np.array_equal(numbers, np.arange(len(values)))
            found[name] = cell if plain else _emit_at(graph, numbers, cell)
        return found

    def indicators(self, spec: Declared) -> dict[str, str]:
        """Each feature and its category; of categories with an order there are none."""
        if spec.has_order:
            return {}
        return dict(zip(self.features(spec), spec.values[1:], strict=True))

    def missing(self, spec: Declared, cells: Cells) -> NDArray[np.bool_]:
        """Blank text, and an unknown category without ``other``."""
        return super().missing(spec, taken(spec, cells))

    def emit_missing(self, spec: Declared, graph: Graph) -> str:
        """Look each cell's category up; the known ones are not missing."""
        return _emit_by_category(graph, spec, dict.fromkeys(spec.values, 0.0), missing=1.0)

    def statistics(self, cells: Cells) -> dict[str, Any]:
        """Categories have no quantiles."""
        del cells
        return {"integer": False, "quantiles": {}}

    def profile(self, spec: Declared, cells: Cells) -> Spread | Shares | None:
        """The share of each category among the known cells."""
        known = cells[cells != ""]
        return {
            value: float(np.mean(known == value)) if len(known) >= MIN_CUSTOMERS else None
            for value in spec.values
        }

    def histogram(self, spec: Declared, cells: Cells) -> dict[str, Any]:
        """The count of each category; zero where it is of fewer than five customers."""
        counts = {value: int((cells == value).sum()) for value in spec.values}
        return self.with_counts({"counts": counts}, list(counts.values()))

    def bins(self, spec: Declared, cells: Cells, histogram: Mapping[str, Any]) -> NDArray[np.int64]:
        """The position of the category."""
        del histogram
        found = np.full(len(cells), -1, dtype=np.int64)
        for index, value in enumerate(spec.values):
            found[cells == value] = index
        return found

    def with_counts(self, histogram: Mapping[str, Any], counts: Sequence[int]) -> dict[str, Any]:
        """The categories' counts; zero where it is of fewer than five customers."""
        pairs = zip(histogram["counts"], counts, strict=True)
        return {"counts": {value: count if count >= MIN_CUSTOMERS else 0 for value, count in pairs}}

    def random(self, spec: Declared, cells: Cells, rows: int, rng: np.random.Generator) -> Cells:
        """Any category, and one nobody has seen where that is not missing."""
        del cells
        words = [*spec.values, *[UNKNOWN_CATEGORY] * bool(spec.other)]
        return rng.choice(_array(words), rows)

    def gaps(self, spec: Declared, rows: int, rng: np.random.Generator) -> Any:
        """Blank text, or a category nobody has seen; without ``other`` both mean missing."""
        return rng.choice(["", UNKNOWN_CATEGORY], rows if spec.other else None)

    def levels(self, spec: Declared, cells: Cells, probabilities: Sequence[float], shift: int) -> Cells:
        """The categories in turn; where unknown ones count as another one, the first is unknown."""
        del cells, shift
        words = [UNKNOWN_CATEGORY] * bool(spec.other) + spec.values
        return _array([words[step % len(words)] for step in range(len(probabilities))])

    def feature_label(self, spec: Declared, name: str, *, unit: bool) -> str:
        """The column's label and the indicator's category, ``Gender: Male``."""
        del unit
        if spec.has_order:
            return spec.label
        return f"{spec.label}: {name.removeprefix(f'{spec.name}=')}"

    def value_text(self, value: float, write: Callable[[float], str]) -> str:
        """The share of an indicator."""
        del write
        return f"{abs(round(value, 4)):.0%}"

    def example(self, column: Column) -> str:
        """The first category."""
        return json.dumps(column.categories[0].value, ensure_ascii=False)

    def contrasts(self, spec: Declared, cells: Cells) -> list[tuple[str, Any]]:
        """The most frequent categories, of enough customers each."""
        counts = {value: int((cells == value).sum()) for value in spec.values}
        frequent = sorted(counts, key=lambda value: -counts[value])[:MOST_CONTRASTS]
        kept = [value for value in spec.values if value in frequent and counts[value] >= FEWEST_CONTRASTED]
        return [(value, value) for value in kept] if len(kept) > 1 else []

    def groups(self, spec: Declared, cells: Cells) -> list[tuple[str, NDArray[np.bool_]]]:
        """The customers of each category."""
        return [(value, cells == value) for value in spec.values]


def taken(spec: Declared, cells: Cells) -> Cells:
    """The category each cell ``[N]`` counts as: itself, ``other`` when it is unknown text, or ``""``.

    Without ``other``, unknown text counts as missing. The graph does the same.
    """
    known = np.isin(cells, spec.values)
    unknown = np.isin(cells, ["", *spec.missing]) & ~known
    return np.where(known, cells, np.where(unknown, "", spec.other))


def _ordinal(spec: Declared, cells: Cells) -> NDArray[np.float64]:
    """The number of each cell's category ``[N]``, NaN where it is missing."""
    known = np.full(len(cells), np.nan)
    for value, number in spec.numbers.items():
        known[cells == value] = np.float64(np.float32(number))  # the graph keeps float32
    return known


def _emit_by_category(graph: Graph, spec: Declared, numbers: Mapping[str, float], missing: float) -> str:
    """Append nodes giving each cell its category's number: double ``[N, 1]``; ``missing`` where it has none.

    Whatever falls to ``other`` (see ``taken``) is decided here, so that every language gets it.
    """
    unknown = {word: missing for word in ("", *spec.missing) if word not in numbers}
    coded = {**numbers, **unknown} if spec.other else numbers
    encoded = graph.node(
        "LabelEncoder",
        spec.name,
        domain=ML_DOMAIN,
        keys_strings=list(coded),
        values_floats=list(coded.values()),
        default_float=numbers[spec.other] if spec.other else missing,
    )
    return graph.cast(encoded, TensorProto.DOUBLE)


def _emit_at(graph: Graph, numbers: NDArray[np.float64], position: str) -> str:
    """The number at a position that is given in double ``[1, 1]``."""
    return graph.node("Gather", graph.constant(numbers), graph.cast(position, TensorProto.INT64))


def _array(words: Sequence[str]) -> NDArray[Any]:
    return np.array(words, dtype=object)
