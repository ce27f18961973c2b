"""Saves the fitted scikit-learn objects for use in scikit-learn; the product never reads them."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names
from trainer.segments.kmeans import Segmentation


def save_joblib(fitted: Fitted, folder: Path) -> list[Path]:
    """Write the parts of a model with joblib, and the names of their columns as JSON.

    ``kmeans`` is a pipeline that clips, scales and clusters; ``scaler`` one that clips and scales the inputs
    of ``classifier``.

    A joblib file runs code when it is loaded, and needs the versions it was written with: load only your own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "scaler": Pipeline(
            [("clip", _clip(*fitted.segmentation.limits)), ("scale", fitted.segmentation.scaler)]
        ),
        "kmeans": _kmeans(fitted.segmentation),
        "classifier": fitted.classifier.estimator,
    }
    written = []
    for name, part in parts.items():
        written.append(folder / f"{name}.joblib")
        joblib.dump(part, written[-1])
    written.append(folder / "feature_names.json")
    names = feature_names(fitted.schema)
    flags = (
        []
        if fitted.classifier.candidate.follows_missing
        else [f"{each} missing" for each in fitted.schema.names]
    )
    document = {"scaler": names, "kmeans": fitted.schema.clustering_features, "classifier": [*names, *flags]}
    written[-1].write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return written


def _kmeans(segmentation: Segmentation) -> Pipeline:
    """Clipping, scaling and K-Means of the clustering features, in scikit-learn's own parts."""
    fences = segmentation.fences
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_, scaler.var_ = fences.mean, fences.deviation, fences.deviation**2
    scaler.n_features_in_ = len(fences.mean)
    clip = _clip(fences.lower, fences.upper)
    return Pipeline([("clip", clip), ("scale", scaler), ("kmeans", segmentation.kmeans)])


def _clip(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> FunctionTransformer:
    return FunctionTransformer(np.clip, kw_args={"a_min": lower, "a_max": upper})
