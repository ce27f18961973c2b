"""The three classifiers, and what they are trained on: rows repeated with columns hidden.

Their one job in the product is to answer about customers of whom part is unknown. XGBoost follows
missing values by itself; logistic regression and the random forest get the mean in their place (zero
after scaling) and a flag a raw column.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgWarning
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from xgboost import XGBClassifier

from trainer.classifier.missing_patterns import Mask, hide, training_masks
from trainer.segments.kmeans import Segmentation
from trainer.table.customer_table import missing_cells

MASKED_ROWS = 100_000  # rows after repetition; above it each mask gets customers of its own, drawn at random
FOREST_TREES = 40
WIDE = 100  # inputs times segments; logistic regression's Hessian has the square of it
_STEPS = {"solver": "lbfgs", "tol": 1e-3, "max_iter": 300}
LOGISTIC, FOREST, BOOSTED = "logistic_regression", "random_forest", "xgboost"

Columns = Mapping[str, NDArray[Any]]


Settings = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A kind of classifier and the sizes it may have.

    Attributes:
        follows_missing: NaN goes into the model as it is; otherwise zeros and missing flags do.
        make: ``(classes, seed, settings) -> estimator``.
        sizes: the settings that are tried, from the smallest model to the largest.
    """

    name: str
    label: str
    follows_missing: bool
    make: Callable[[int, int, Settings], Any]
    sizes: tuple[Settings, ...]


def _logistic(classes: int, seed: int, settings: Settings) -> LogisticRegression:
    del classes
    return LogisticRegression(solver="newton-cholesky", random_state=seed, **settings)


def _forest(classes: int, seed: int, settings: Settings) -> RandomForestClassifier:
    del classes
    return RandomForestClassifier(n_estimators=FOREST_TREES, random_state=seed, n_jobs=1, **settings)


def _boosted(classes: int, seed: int, settings: Settings) -> XGBClassifier:
    return XGBClassifier(
        objective="multi:softprob",
        num_class=classes,
        learning_rate=0.3,
        tree_method="hist",
        random_state=seed,
        n_jobs=1,
        **settings,
    )


CANDIDATES = {
    candidate.name: candidate
    for candidate in (
        Candidate(
            name=LOGISTIC,
            label="Logistic regression",
            follows_missing=False,
            make=_logistic,
            sizes=({"C": 1.0}, {"C": 10.0}, {"C": 100.0}),
        ),
        Candidate(
            name=FOREST,
            label="Random forest",
            follows_missing=False,
            make=_forest,
            sizes=({"max_depth": 6, "min_samples_leaf": 4}, {"max_depth": 9, "min_samples_leaf": 2}),
        ),
        Candidate(
            name=BOOSTED,
            label="XGBoost",
            follows_missing=True,
            make=_boosted,
            sizes=(
                {"max_depth": 2, "n_estimators": 20},
                {"max_depth": 2, "n_estimators": 40},
                {"max_depth": 3, "n_estimators": 40},
            ),
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """A fitted candidate together with the scaler its inputs pass through."""

    candidate: Candidate
    settings: Settings
    segmentation: Segmentation
    estimator: Any
    temperature: float = 1.0

    def probabilities(self, columns: Columns) -> NDArray[np.float32]:
        """Class probabilities ``[N, K]`` for rows in which any cell may be missing."""
        plain = np.asarray(self.estimator.predict_proba(self.inputs(columns)), dtype=np.float32)
        return plain if self.temperature == 1.0 else tempered(plain, self.temperature).astype(np.float32)

    def inputs(self, columns: Columns) -> NDArray[np.float32]:
        """What the estimator sees (see ``classifier_inputs``)."""
        return classifier_inputs(self.candidate, self.segmentation, columns)


def tempered(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Probabilities ``[N, K]`` at a temperature; zero stays zero."""
    powers = np.asarray(probabilities, dtype=np.float64) ** (1.0 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def classifier_inputs(
    candidate: Candidate, segmentation: Segmentation, columns: Columns
) -> NDArray[np.float32]:
    """Scaled features ``[N, F]`` cast to float32, with NaN or with zeros and ``C`` missing flags behind."""
    scaled = segmentation.scaled(columns)
    if candidate.follows_missing:
        return scaled.astype(np.float32)
    flags = missing_cells(segmentation.schema, columns).astype(np.float64)
    filled = np.where(np.isnan(scaled), 0.0, scaled)
    return np.column_stack([filled, flags]).astype(np.float32)


def _fitted(
    candidate: Candidate,
    making: tuple[int, int, Settings],
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> Any:
    """Fit an estimator; in double where single precision is too rough for the Newton steps.

    The more rows, the weaker the penalty that keeps logistic regression's Hessian regular. Where that matrix
    is wide, steps without it are taken, which do not grow with its square and answer as well.
    """
    if candidate.name == LOGISTIC and inputs.shape[1] * making[0] > WIDE:
        return candidate.make(*making).set_params(**_STEPS).fit(inputs.astype(np.float64), labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error", LinAlgWarning)
        try:
            return candidate.make(*making).fit(inputs, labels)
        except LinAlgWarning:
            return candidate.make(*making).fit(inputs.astype(np.float64), labels)


def _rows_under(masks: Sequence[Mask], labels: NDArray[np.int64], seed: int) -> list[NDArray[np.int64]]:
    """The rows that are taught under each mask: all of them, or a draw for each where they are too many.

    Every segment has a customer among those of the first mask, however small it is.
    """
    most = max(1, MASKED_ROWS // len(masks))
    if len(labels) <= most:
        return [np.arange(len(labels))] * len(masks)
    draw = np.random.default_rng(seed)
    rows = [draw.choice(len(labels), most, replace=False) for _ in masks]
    _, firsts = np.unique(labels, return_index=True)
    return [np.union1d(rows[0], firsts), *rows[1:]]


def fit_classifier(
    candidate: Candidate,
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    settings: Settings,
    seed: int,
) -> Classifier:
    """Train a candidate on rows ``[N]`` and their segments, repeated under the training masks."""
    schema = segmentation.schema
    masks = training_masks(schema, seed=seed)
    rows = _rows_under(masks, labels, seed)
    copies = [
        hide(schema, {name: values[own] for name, values in columns.items()}, mask)
        for mask, own in zip(masks, rows, strict=True)
    ]
    masked = {name: np.concatenate([copy[name] for copy in copies]) for name in schema.names}
    inputs = classifier_inputs(candidate, segmentation, masked)
    estimator = _fitted(candidate, (segmentation.k, seed, settings), inputs, labels[np.concatenate(rows)])
    return Classifier(candidate=candidate, settings=settings, segmentation=segmentation, estimator=estimator)
