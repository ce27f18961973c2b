"""The description of a model in its file, as typed sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from inference.contract.columns import Column, DerivedColumn, ValueColumn
from inference.contract.known_answers import KnownAnswers
from inference.contract.outputs import OUTPUT_TABLE, Output
from inference.contract.parse import read_document
from inference.contract.read_entry import read_entry
from inference.contract.segments import Segment
from inference.errors import ArtifactError

if TYPE_CHECKING:  # sections that no answer needs: their modules are a tenth of the time to the first answer
    from inference.contract.choice import ChoiceOfK, OtherColumns
    from inference.contract.classifier import ServingClassifier
    from inference.contract.evaluation import Evaluation
    from inference.contract.outcomes import Outcome
    from inference.contract.training_data import Histograms, TrainingData

Section = TypeVar("Section")


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Limits of the answers.

    Attributes:
        answer_probability: from this probability the classifier's answer is certain enough for one segment.
        novelty: above it a customer is unlike those in training.
        far_distances: ``[K]``, the 99% distance of training customers to their own centroid.
    """

    answer_probability: float
    novelty: float = 1.0
    far_distances: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """How clustering features are scaled, by name: the units of ``distances``.

    Attributes:
        mean: subtracted from the feature; scale: what the difference is divided by.
        lower, upper: what the feature is clipped to before; ``None`` for no limit, empty in older files.
    """

    mean: Mapping[str, float]
    scale: Mapping[str, float]
    lower: Mapping[str, float | None] = field(default_factory=dict)
    upper: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Membership:
    """How distances are converted to probabilities of a complete customer: the formula and its scale."""

    formula: str
    scale: float


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The description of a model; a section that the file does not have is ``None`` or empty.

    ``parse`` reads what answers need. The sections about training (``data``, ``choice``, ``sensitivity``,
    ``classifier``, ``evaluation``, ``histograms``, ``outcomes``) are read when they are first used; an
    incomplete one raises ``ArtifactError`` then, or in ``read_all``.

    Attributes:
        title: for people; ``name`` is for programs. created: when it was written, or ``None``.
        clustering: the columns or features in which distances are measured.
        features: computed from raw columns; value: the column with the value of a customer.
        outputs: the graph's outputs, also those of a newer version.
        automatic_names: of the segments, before the user's own; overrides: what the user replaced, by name.
        versions: library -> version that made the file.
        sealed: whether the file must end with its own SHA-256; files of earlier versions need not.
        document: the JSON's content in the words of this format; text: the JSON it was read from.
    """

    name: str
    columns: tuple[Column, ...]
    clustering: tuple[str, ...]
    segments: tuple[Segment, ...]
    thresholds: Thresholds
    title: str = ""
    created: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[Output, ...] = OUTPUT_TABLE
    features: tuple[DerivedColumn, ...] = ()
    value: ValueColumn | None = None
    automatic_names: tuple[str, ...] = ()
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scaling: Scaling | None = None
    membership: Membership | None = None
    self_test: KnownAnswers | None = None
    sealed: bool = False
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Contract:
        """Read a contract from its JSON text.

        Raises:
            ArtifactError: when the text is not a contract, or one of another format.
        """
        document = read_document(text)
        return _complete(lambda: cls._read(document, text))

    @classmethod
    def _read(cls, document: Mapping[str, Any], text: str) -> Contract:
        columns = tuple(Column.read(entry) for entry in document["columns"])
        categories = frozenset(column.name for column in columns if column.categories)
        thresholds = document["thresholds"]
        return read_entry(
            cls,
            document,
            name=document["name"],
            columns=columns,
            clustering=tuple(document["clustering"]),
            segments=tuple(Segment.read(entry, categories) for entry in document["segments"]),
            thresholds=Thresholds(
                answer_probability=float(thresholds["answer_probability"]),
                novelty=thresholds.get("novelty", 1.0),
                far_distances=tuple(thresholds.get("far_distances", ())),
            ),
            outputs=tuple(Output.read(entry) for entry in document.get("outputs", ())) or OUTPUT_TABLE,
            features=tuple(read_entry(DerivedColumn, entry) for entry in document.get("features", ())),
            value=_optional(document, "value", lambda entry: read_entry(ValueColumn, entry)),
            automatic_names=tuple(document.get("automatic_names", ())),
            scaling=_optional(document, "scaling", lambda entry: read_entry(Scaling, entry)),
            membership=_optional(document, "membership", lambda entry: read_entry(Membership, entry)),
            self_test=_optional(document, "self_test", lambda entry: read_entry(KnownAnswers, entry)),
            document=document,
            text=text,
        )

    def read_all(self) -> None:
        """Read every section now, for programs that would rather stop at the start than later.

        Raises:
            ArtifactError: when a section is incomplete.
        """
        for name in READ_LATER:
            getattr(self, name)

    @cached_property
    def data(self) -> TrainingData | None:
        """The table the model was trained on."""
        from inference.contract.training_data import TrainingData

        return _complete(lambda: _optional(self.document, "data", TrainingData.read))

    @cached_property
    def histograms(self) -> Histograms | None:
        """Counts of the training table, to measure drift with."""
        from inference.contract.training_data import Histograms

        return _complete(lambda: _optional(self.document, "histograms", Histograms.read))

    @cached_property
    def choice(self) -> ChoiceOfK | None:
        """How the number of segments was chosen."""
        from inference.contract.choice import ChoiceOfK

        return _complete(lambda: _optional(self.document, "choice", ChoiceOfK.read))

    @cached_property
    def sensitivity(self) -> tuple[OtherColumns, ...]:
        """What other clustering columns would give."""
        from inference.contract.choice import OtherColumns

        return _complete(lambda: _each(self.document, "sensitivity", OtherColumns.read))

    @cached_property
    def classifier(self) -> ServingClassifier | None:
        """Which classifier answers for incomplete customers."""
        from inference.contract.classifier import ServingClassifier

        return _complete(lambda: _optional(self.document, "classifier", ServingClassifier.read))

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """How well the classifier returns the segmentation's own answers."""
        from inference.contract.evaluation import Evaluation

        return _complete(lambda: _optional(self.document, "evaluation", Evaluation.read))

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What came of the training customers, per segment; no input of the model."""
        from inference.contract.outcomes import Outcome

        return _complete(lambda: _each(self.document, "outcomes", Outcome.read))

    @property
    def answer_probability(self) -> float:
        """From this probability the classifier's answer is certain enough for one segment."""
        return self.thresholds.answer_probability

    @cached_property
    def least_probability(self) -> float:
        """The same as the nearest float32, as which probabilities come out of the graph."""
        return float(np.float32(self.answer_probability))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the raw columns, in the order of the graph's inputs."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def segment_names(self) -> tuple[str, ...]:
        """Names of the segments, in the order of the graph's outputs."""
        return tuple(segment.name for segment in self.segments)

    @property
    def logarithms(self) -> dict[str, str]:
        """Columns whose logarithm is a clustering feature -> that feature."""
        found = {each.logarithm_of: each.name for each in self.features if each.name in self.clustering}
        return {column: feature for column, feature in found.items() if column is not None}

    def column(self, name: str) -> Column:
        """The column called ``name``; raises ``KeyError`` for an unknown name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


READ_LATER = ("data", "histograms", "choice", "sensitivity", "classifier", "evaluation", "outcomes")


def _complete(read: Callable[[], Section]) -> Section:
    """What ``read`` returns; raises ``ArtifactError`` where something that it needs is not there."""
    try:
        return read()
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise ArtifactError(
            f"the contract in the model file must be complete, but reading it failed on {error!r}; "
            "write the file again with `python -m trainer`"
        ) from error


def _each(
    document: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Section]
) -> tuple[Section, ...]:
    """A section that is a list, empty where the file does not have it."""
    return tuple(read(entry) for entry in document.get(name, ()))


def _optional(
    document: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Section]
) -> Section | None:
    """A section that older or smaller files do not have."""
    entry = document.get(name)
    return read(entry) if entry else None
