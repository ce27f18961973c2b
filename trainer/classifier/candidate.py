"""The interface of a kind of classifier: how it is fitted, sized, chosen, exported and verified.

A new one is a module with a class like those in ``logistic``, ``forest`` and ``xgboost_candidate``, and an
entry in ``candidates``. Only the page has its own words for each of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.training_table import TrainingTable
from trainer.schema.onnx_graph import Graph
from trainer.schema.pattern_graph import PatternGraphs

FARTHEST = 1e3  # standard deviations; a value beyond it counts as this one, so that no sum loses precision

Settings = Mapping[str, Any]
Thresholds = dict[int, NDArray[np.float32]]


class Candidate(ABC):
    """A kind of classifier.

    Attributes:
        name: in settings, the contract and the report; ``label`` is for people.
        follows_missing: whether the model accepts NaN; otherwise it gets zeros and missing flags.
        sizes: the settings to try, from the smallest model to the largest.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    follows_missing: ClassVar[bool]
    sizes: ClassVar[tuple[Settings, ...]]

    def fit(
        self,
        inputs: NDArray[np.float32],
        labels: NDArray[np.int64],
        *,
        segments: int,
        settings: Settings,
        seed: int,
    ) -> Any:
        """Fit an estimator with ``predict_proba`` on inputs ``[N, M]`` and their segments ``[N]``.

        Raises:
            NotImplementedError: where the candidate defines ``train`` instead.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `fit` or `train`")

    def train(self, table: TrainingTable, *, settings: Settings, seed: int) -> Any:
        """Fit an estimator to a table: by default on its rows repeated with hidden columns."""
        inputs, labels = table.repeated(follows_missing=self.follows_missing, seed=seed)
        segments = table.segmentation.k
        return self.fit(inputs, labels, segments=segments, settings=settings, seed=seed)

    def trained(self, table: TrainingTable, *, settings: Settings, seed: int) -> Any:
        """The same as ``train``, which a table is asked for once with the same settings."""
        key = (self.name, tuple(sorted(settings.items())), seed)
        return table.once(key, lambda: self.train(table, settings=settings, seed=seed))

    def search(self, table: TrainingTable, *, seed: int) -> Settings | None:
        """The settings for a table; by default ``None``: ``model_size`` compares the ``sizes``.

        It is asked only where every segment has at least ``model_size.INNER_FOLDS`` customers.
        """
        del table, seed
        return None

    @abstractmethod
    def emit(self, graph: Graph, estimator: Any, inputs: str) -> str:
        """Append a fitted estimator over float32 ``[N, M]``; returns the probabilities, float ``[N, K]``."""

    def emit_one(self, graphs: PatternGraphs, estimator: Any) -> str | None:
        """The same for one customer, in two graphs, or for many with the same known columns, in one.

        Returns:
            The probabilities, float ``[1, K]`` or ``[N, K]``. By default ``None``: then such customers are
            answered by the graph for all.
        """
        del graphs, estimator
        return None

    @abstractmethod
    def thresholds(self, estimator: Any) -> Thresholds:
        """Input position -> the distinct values it is compared with, in float32, ascending.

        The exported file is tested on these values and next to them, where a wrong comparison would show. A
        classifier without comparisons, such as a linear one, returns none.
        """
