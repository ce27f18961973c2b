"""Saves the fitted scikit-learn objects for use in scikit-learn; the product never reads them."""

from __future__ import annotations

import json
from pathlib import Path

import joblib

from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names


def save_joblib(fitted: Fitted, folder: Path) -> list[Path]:
    """Write ``scaler``, ``kmeans`` and ``classifier`` with joblib, and the names of their columns as JSON.

    A joblib file runs code when it is loaded, and needs the versions it was written with: load only your own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "scaler": fitted.segmentation.scaler,
        "kmeans": fitted.segmentation.kmeans,
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
    document = {"scaler": names, "kmeans": fitted.schema.clustering, "classifier": [*names, *flags]}
    written[-1].write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return written
