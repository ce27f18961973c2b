"""What depends on which columns are known, and the rest, for customers with the same known columns.

For one customer at a time these are two graphs. The first is run once for each set of known columns; what it
gives are inputs of the second, so that the many steps that depend on nothing else are not repeated for every
customer. For many at a time both are one graph.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.schema.onnx_graph import Graph


@dataclass(frozen=True, kw_only=True)
class PatternGraphs:
    """Both graphs under construction.

    Attributes:
        pattern: runs once for each set of known columns; row: for each customer, or the same for many.
        flags: in ``pattern``, double ``[F, 1]``: 1 for each known feature, else 0.
        inputs: in ``row``, float ``[F, N]``: the features in standard deviations, 0 where unknown.
        handed: what ``row`` takes from ``pattern``: name -> tensor there, element type and shape.
    """

    pattern: Graph
    row: Graph
    flags: str
    inputs: str
    handed: dict[str, tuple[str, int, tuple[int, ...]]] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether there are ``N`` customers, side by side, not one."""
        return self.row is self.pattern

    def hand_over(self, name: str, tensor: str, kind: int, shape: tuple[int, ...]) -> str:
        """Make a tensor of ``pattern`` known in ``row``, as an input under a name; returns its name there."""
        if self.many:
            return tensor
        self.handed[name] = (tensor, kind, shape)
        return name
