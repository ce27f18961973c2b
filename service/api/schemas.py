"""The types of the API's answers, the same on every interface: REST, Gradio and MCP.

What each field means is written once, in ``service.api.api_texts.FIELDS``.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic needs it below Python 3.12


class Prediction(TypedDict):
    """The answer about one customer."""

    segment: str
    segment_id: int
    tier: str
    action: str
    probability: float
    probabilities: dict[str, float]
    route: str
    complete: bool
    enough: bool
    novelty: float | None
    distances: dict[str, float] | None
    classifier_probabilities: dict[str, float] | None
    model_version: str


class Status(TypedDict):
    """Whether the service can answer."""

    status: str
    model_version: str


class Refusal(TypedDict):
    """What is wrong with one field; ``field`` is null when it is not one field."""

    field: str | None
    message: str


class RowRefusal(TypedDict):
    """What is wrong with one row; rows count from 0."""

    row: int
    field: str | None
    message: str


class Predictions(TypedDict):
    """The answers about many customers, in the order of the rows; null where a row was refused."""

    model_version: str
    rows: int
    answered: int
    answers: list[Prediction | None]
    errors: list[RowRefusal]


class Contribution(TypedDict):
    """What one column adds to the probability of the explained segment."""

    column: str
    value: float | str | None
    contribution: float
    sentence: str


class SmallestChange(TypedDict):
    """The smallest change of one column that moves the customer to another segment."""

    column: str
    before: float | str
    after: float | str
    segment_after: str
    beyond_training: bool
    sentence: str


class ChangedColumn(TypedDict):
    """One of several columns that change together."""

    column: str
    before: float | str
    after: float | str


class SmallestChangeOfTwo(TypedDict):
    """The smallest change of two columns together that moves the customer to another segment."""

    changes: list[ChangedColumn]
    segment_after: str
    sentence: str


class Why(Prediction):
    """The prediction and why: the base and the contributions add up to the explained probability."""

    explained_segment: str
    base: float
    explained_probability: float
    contributions: list[Contribution]
    nearest_change: SmallestChange | None
    nearest_change_of_two: SmallestChangeOfTwo | None


class SegmentInfo(TypedDict):
    """One segment in the contract's words; ``profile`` is what is typical, in raw units."""

    id: int
    name: str
    tier: str
    high_potential: bool
    customers: int
    share: float
    value_index: float | None
    rate_index: float | None
    value_kind: str
    action: str
    because: str
    profile: dict[str, Any]


class ColumnInfo(TypedDict):
    """One column a customer may have."""

    name: str
    title: str
    kind: str
    decides: bool
    required: bool
    minimum: float | str | None
    maximum: float | str | None
    values: list[str] | None


class SegmentationInfo(TypedDict):
    """What kind of segments these are, and the figures that make it so."""

    kind: str
    chosen_by: str
    reason: str
    p_value: float | None
    silhouette: float | None
    one_population: float | None
    reproducibility: float | None


class ModelInfo(TypedDict):
    """The model that answers: its columns and its segments."""

    name: str
    model_version: str
    model_sha256: str
    trained_on_rows: int | None
    answer_probability: float
    segmentation: SegmentationInfo | None
    columns: list[ColumnInfo]
    segments: list[SegmentInfo]


class Reloading(TypedDict):
    """Which model is served; ``problem`` is why the last file was not taken, empty where it was."""

    model_version: str
    model_sha256: str
    served_since: str
    previous_sha256: str | None
    problem: str


class Reloaded(Reloading):
    """The same after a reload, and whether it is another model than before."""

    changed: bool


class SegmentTest(TypedDict):
    """Whether a segment has enough customers for a test."""

    segment: str
    customers: int
    large_enough: bool


class PlannedTest(TypedDict):
    """How many customers a test needs, and which segments have as many."""

    per_group: int
    needed: int
    segments: list[SegmentTest]


class Question(TypedDict):
    """What is gained by asking for a column."""

    column: str
    label: str
    gain: float


class Questions(TypedDict):
    """The unknown columns, the one that tells most about the segment first."""

    decided: bool
    uncertainty: float
    questions: list[Question]
