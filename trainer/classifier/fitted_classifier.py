"""A fitted candidate together with the scaler of its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.training_table import TrainingTable, classifier_inputs
from trainer.schema.column_arrays import Columns
from trainer.segments.kmeans import Segmentation


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """A fitted candidate together with the scaler of its inputs."""

    candidate: Candidate
    settings: Settings
    segmentation: Segmentation
    estimator: Any
    temperature: float = 1.0

    def probabilities(self, columns: Columns) -> NDArray[np.float32]:
        """Class probabilities ``[N, K]`` for rows in which any cell may be missing."""
        return self.probabilities_of(self.inputs(columns))

    def probabilities_of(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same for what the estimator sees of them."""
        plain = np.asarray(self.estimator.predict_proba(inputs), dtype=np.float32)
        return plain if self.temperature == 1.0 else tempered(plain, self.temperature).astype(np.float32)

    def inputs(self, columns: Columns) -> NDArray[np.float32]:
        """What the estimator sees (see ``training_table.classifier_inputs``)."""
        return classifier_inputs(self.segmentation, columns, follows_missing=self.candidate.follows_missing)

    def thresholds(self) -> Thresholds:
        """Input position -> the distinct values it is compared with (see ``Candidate.thresholds``)."""
        return self.candidate.thresholds(self.estimator)


def tempered(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Probabilities ``[N, K]`` at a temperature; zero stays zero."""
    powers = np.asarray(probabilities, dtype=np.float64) ** (1.0 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_classifier(
    candidate: Candidate, table: TrainingTable, *, settings: Settings, seed: int
) -> Classifier:
    """Train a candidate on the rows of a table and their segments."""
    estimator = candidate.trained(table, settings=settings, seed=seed)
    return Classifier(
        candidate=candidate, settings=settings, segmentation=table.segmentation, estimator=estimator
    )
