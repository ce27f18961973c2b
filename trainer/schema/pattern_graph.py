"""Two graphs for one customer at a time: what depends on which columns are known, and the rest.

The first is run once for each set of known columns; what it gives are inputs of the second, so that the many
steps that depend on nothing else are not repeated for every customer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.schema.onnx_graph import Graph


@dataclass(frozen=True, kw_only=True)
class PatternGraphs:
    """Both graphs under construction.

    Attributes:
        pattern: runs once for each set of known columns; row: for each customer.
        flags: in ``pattern``, double ``[F, 1]``: 1 for each known feature, else 0.
        inputs: in ``row``, float ``[F, 1]``: the features in standard deviations, 0 where unknown.
        handed: what ``row`` takes from ``pattern``: name -> tensor there, element type and shape.
    """

    pattern: Graph
    row: Graph
    flags: str
    inputs: str
    handed: dict[str, tuple[str, int, tuple[int, ...]]] = field(default_factory=dict)

    def hand_over(self, name: str, tensor: str, kind: int, shape: tuple[int, ...]) -> str:
        """Make a tensor of ``pattern`` an input of ``row`` under a name; returns the name."""
        self.handed[name] = (tensor, kind, shape)
        return name
