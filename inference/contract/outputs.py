"""The table of the graph's outputs: the only definition of what a model file returns.

The trainer builds, verifies and describes the graph from it; the segmenter, the self-test, the API's schemas
and the table in the documentation use it, too. A file may have more outputs than this version knows: its
contract describes them in the same form, and readers select the outputs they know by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.read_entry import read_entry

PROBABILITY_TOLERANCE = 1e-5  # probabilities are float32; sums of 200 leaves in another order differ by 1e-6
DISTANCE_TOLERANCE = 1e-9  # distances are double throughout

STRING = "string"
INT64 = "int64"
FLOAT = "float"
DOUBLE = "double"
BOOL = "bool"
TYPES = (STRING, INT64, FLOAT, DOUBLE, BOOL)

ROWS = "N"
SEGMENTS = "K"

NEVER = "never"
INCOMPLETE = "where a clustering column is unknown"
NOT_ASKED = "in a call whose rows are all complete"
UNKNOWN = "where no clustering column is known"
MISSING_RULES = (NEVER, INCOMPLETE, NOT_ASKED, UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Output:
    """One output of the graph.

    Attributes:
        name: in the graph.
        type: of its cells, one of ``TYPES``.
        dimensions: ``"N"`` rows, ``"K"`` segments, or a fixed number.
        tolerance: largest absolute difference from the reference; ``None`` where it must be equal.
        missing: when its cells are NaN, one of ``MISSING_RULES``.
        follows_segment: whether it depends on the predicted segment; then rows are not compared whose two
            most probable segments differ by less than rounding.
        meaning: in words, without a full stop.
    """

    name: str
    type: str
    dimensions: tuple[str | int, ...]
    tolerance: float | None = None
    missing: str = NEVER
    follows_segment: bool = False
    meaning: str

    def __post_init__(self) -> None:
        if self.type not in TYPES or self.missing not in MISSING_RULES:
            raise ValueError(
                f"output {self.name!r} must have a type of {TYPES} and a missing rule of {MISSING_RULES}, "
                f"but it has {self.type!r} and {self.missing!r}; correct it"
            )

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Output:
        """Read one entry of the contract's ``outputs``."""
        return read_entry(cls, entry, dimensions=tuple(entry["dimensions"]))

    @property
    def per_row(self) -> bool:
        """Whether it has a value per row; the contract does not."""
        return self.dimensions[:1] == (ROWS,)


SEGMENT = "segment"
SEGMENT_ID = "segment_id"
PROBABILITIES = "probabilities"
COMPLETE = "complete"
DISTANCES = "distances"
NOVELTY = "novelty"
CLASSIFIER_PROBABILITIES = "classifier_probabilities"
CONTRACT = "contract"

OUTPUT_TABLE = (
    Output(
        name=SEGMENT,
        type=STRING,
        dimensions=(ROWS,),
        follows_segment=True,
        meaning="the name of the customer's segment",
    ),
    Output(
        name=SEGMENT_ID,
        type=INT64,
        dimensions=(ROWS,),
        follows_segment=True,
        meaning="its number: the position in every [N, K] output; stays the same when a model is trained "
        "again, as long as no segment disappears",
    ),
    Output(
        name=PROBABILITIES,
        type=FLOAT,
        dimensions=(ROWS, SEGMENTS),
        tolerance=PROBABILITY_TOLERANCE,
        meaning="the probability of every segment; they add up to 1",
    ),
    Output(
        name=COMPLETE,
        type=BOOL,
        dimensions=(ROWS,),
        meaning="every clustering column is known",
    ),
    Output(
        name=DISTANCES,
        type=DOUBLE,
        dimensions=(ROWS, SEGMENTS),
        tolerance=DISTANCE_TOLERANCE,
        missing=INCOMPLETE,
        meaning="the distance to the centroid of every segment, in standard deviations",
    ),
    Output(
        name=NOVELTY,
        type=DOUBLE,
        dimensions=(ROWS,),
        tolerance=DISTANCE_TOLERANCE,
        missing=UNKNOWN,
        follows_segment=True,
        meaning="the distance to the segment's centroid divided by the distance that 1% of new customers "
        "exceed, over the known clustering columns; above 1 the customer is unlike those in training",
    ),
    Output(
        name=CLASSIFIER_PROBABILITIES,
        type=FLOAT,
        dimensions=(ROWS, SEGMENTS),
        tolerance=PROBABILITY_TOLERANCE,
        missing=NOT_ASKED,
        meaning="the classifier's own probability of every segment",
    ),
    Output(
        name=CONTRACT,
        type=STRING,
        dimensions=(1,),
        meaning="columns, ranges, segments, decisions, figures and self-test, as JSON",
    ),
)

OUTPUTS = tuple(output.name for output in OUTPUT_TABLE)
"""The names of all outputs, in the graph's order."""

ANSWERS = tuple(output.name for output in OUTPUT_TABLE if output.per_row)
"""The names of the outputs with a value per row."""
