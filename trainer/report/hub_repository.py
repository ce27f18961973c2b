"""The files of a model repository on the Hugging Face Hub: the artifacts, with what the Hub reads of them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import cast

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from inference import Contract, Segmenter
from inference.contract.patterns import Pattern
from inference.registries.hub import CONFIG, MODEL
from trainer.report.artifacts import CARD, FIGURES, REPORT, VECTORS, VECTORS_SCHEMA

TASK, NAME = "tabular-classification", "Surrogate fidelity"


def write_repository(artifacts: Path, folder: Path) -> None:
    """Copy the artifacts into an empty folder, with the card as README.md and a config.json.

    Raises:
        ArtifactError: when the model file cannot be used here.
    """
    segmenter = Segmenter.load(artifacts / MODEL)
    for name in (MODEL, REPORT, VECTORS, VECTORS_SCHEMA):
        shutil.copy2(artifacts / name, folder / name)
    shutil.copytree(artifacts / FIGURES, folder / FIGURES)
    card = hub_card((artifacts / CARD).read_text(encoding="utf-8"), segmenter.contract)
    (folder / "README.md").write_text(card, encoding="utf-8")
    config = json.dumps(hub_config(segmenter.contract, (artifacts / MODEL).read_bytes()), indent=1)
    (folder / CONFIG).write_text(config + "\n", encoding="utf-8")


def hub_config(contract: Contract, model: bytes) -> dict[str, object]:
    """What config.json says; the Hub counts its downloads, and ``Segmenter.load`` checks the hash."""
    return {
        "model_type": "customer-segmentation",
        "file": MODEL,
        "sha256": hashlib.sha256(model).hexdigest(),
        "columns": list(contract.names),
        "segments": [segment.name for segment in contract.segments],
    }


def hub_card(card: str, contract: Contract) -> str:
    """The model card with a ``model-index``: fidelity, named as such, by missing pattern."""
    parsed = ModelCard(card)
    source = contract.data.source if contract.data else ""
    evaluation, classifier = contract.evaluation, contract.classifier
    chosen = evaluation.classifiers[classifier.chosen] if evaluation and classifier else {}
    cast(ModelCardData, parsed.data).eval_results = [
        EvalResult(
            task_type=TASK,
            dataset_type="customer-table",
            dataset_name=source or "customers",
            metric_type="accuracy",
            metric_name=f"{NAME}, {_words(pattern)}",
            metric_value=round(judged.fidelity.accuracy, 4),
        )
        for pattern, judged in chosen.items()
    ]
    return str(parsed)


def _words(pattern: Pattern) -> str:
    return f"without {' and '.join(pattern)}" if pattern else "everything known"
