"""Describes the model file as a CycloneDX ML-BOM: what it is made of, by which data and how good it is.

    python .github/model_bom.py MODEL OUT.json

Everything comes from the contract in the file, so the same file gives the same document. The format is
https://cyclonedx.org/docs/1.6/json/ (``machine-learning-model`` with a ``modelCard``).
"""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a script's own folder is on the path, the project's is not

from inference import Contract, Segmenter  # noqa: E402 - the path is set above

LIMITS = (
    "Segments describe the training customers; customers of another source may form other segments.",
    "Not for high-stakes decisions about individuals.",
    "The classifier's figures say how often it returns the segmentation's own answer, not whether the "
    "segments are good.",
)


def model_bom(path: Path) -> dict[str, Any]:
    """The document.

    Raises:
        ArtifactError: when the file cannot be used.
    """
    segmenter = Segmenter.load(path)
    contract, digest = segmenter.contract, segmenter.fingerprint
    model = f"model:{contract.name}@{digest[:12]}"
    libraries = [_library(name, version) for name, version in sorted(contract.versions.items())]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(hashlib.sha256(digest.encode()).hexdigest()[:32], version=4)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "machine-learning-model",
                "bom-ref": model,
                "name": contract.name,
                "version": digest[:12],
                "description": f"{len(contract.segments)} customer segments of {contract.title}",
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": [{"license": {"id": "MIT"}}],
                "modelCard": _model_card(contract),
            }
        },
        "components": libraries,
        "dependencies": [
            {"ref": model, "dependsOn": [each["bom-ref"] for each in libraries]},
            *({"ref": each["bom-ref"]} for each in libraries),
        ],
    }


def _library(name: str, version: str) -> dict[str, Any]:
    """A library that made the file; Python itself is a platform."""
    if name == "python":
        return {"type": "platform", "bom-ref": f"python@{version}", "name": name, "version": version}
    purl = f"pkg:pypi/{name}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def _model_card(contract: Contract) -> dict[str, Any]:
    return {
        "modelParameters": {
            "approach": {"type": "unsupervised"},
            "task": "clustering, and classification into its segments where columns are unknown",
            "architectureFamily": "K-Means",
            "modelArchitecture": contract.classifier.chosen if contract.classifier else "K-Means",
            "datasets": _datasets(contract),
            "inputs": [{"format": f"{column.name}: {column.kind}"} for column in contract.columns],
            "outputs": [{"format": f"{output.name}: {output.type}"} for output in contract.outputs],
        },
        "quantitativeAnalysis": {"performanceMetrics": _metrics(contract)},
        "considerations": {
            "useCases": ["Segments of customers for marketing"],
            "technicalLimitations": list(LIMITS),
        },
    }


def _datasets(contract: Contract) -> list[dict[str, Any]]:
    data = contract.data
    if data is None:
        return []
    described = f"{data.rows} customers; SHA-256 {data.sha256}"
    return [{"type": "dataset", "name": data.source, "description": described}]


def _metrics(contract: Contract) -> list[dict[str, Any]]:
    """How well the segments separate, and how well the serving classifier returns them."""
    found: list[dict[str, Any]] = []
    row = contract.choice.row if contract.choice else None
    if row is not None:
        found.append(_metric("silhouette", row.silhouette))
        found.append(_metric("adjusted Rand index over bootstraps", row.ari))
    if contract.evaluation and contract.classifier:
        for pattern, judged in contract.evaluation.classifiers[contract.classifier.chosen].items():
            figures = judged.fidelity
            part = {"slice": f"unknown: {', '.join(pattern)}" if pattern else "all columns known"}
            right = _metric("accuracy (fidelity)", figures.accuracy, figures.accuracy_se, most=1)
            loss = _metric("log loss (fidelity)", figures.log_loss, figures.log_loss_se)
            found += [right | part, loss | part]
    return found


def _metric(
    name: str, value: float, error: float | None = None, *, most: float = float("inf")
) -> dict[str, Any]:
    """A figure of at least 0; with its standard error, also the interval of two of them."""
    metric: dict[str, Any] = {"type": name, "value": f"{value:.4f}"}
    if error is not None:
        metric["confidenceInterval"] = {
            "lowerBound": f"{max(0, value - 2 * error):.4f}",
            "upperBound": f"{min(most, value + 2 * error):.4f}",
        }
    return metric


def main() -> int:
    """Write the document."""
    model, out = map(Path, sys.argv[1:])
    out.write_text(json.dumps(model_bom(model), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
