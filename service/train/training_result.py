"""What came of a training: its segments, how they were chosen, and what else could be chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference import Contract, Segmenter
from service.train.training_job import Job, Result

MODEL, CARD, REPORT = "model.onnx", "MODEL_CARD.md", "report.json"


@dataclass(frozen=True, kw_only=True)
class Option:
    """Other segments of the same customers.

    Attributes:
        key: what a training is asked for them, such as ``k=3`` or ``alternative=fewer-columns``.
        title: in words; kind: of the segmentation; names: of its segments.
    """

    key: str
    title: str
    kind: str
    names: tuple[str, ...]


def result_of(job: Job) -> Result:
    """The result in the files of a job.

    Raises:
        ArtifactError: when its model cannot be used.
    """
    segmenter = Segmenter.load(job.model_folder / MODEL)
    report = json.loads((job.model_folder / REPORT).read_text(encoding="utf-8"))
    return Result(
        contract=segmenter.contract,
        automatic=tuple(report["automatic_names"]),
        warnings=tuple(report["warnings"]),
    )


def options_of(contract: Contract) -> list[Option]:
    """Other numbers of segments, and other clustering columns, that the training reports."""
    found = []
    if contract.choice is not None:
        found += [
            Option(key=f"k={each.k}", title=f"{each.k} segments", kind=each.kind, names=tuple(each.names))
            for each in contract.choice.others
        ]
    found += [
        Option(key=f"alternative={each.slug}", title=each.title, kind=each.kind, names=tuple(each.names))
        for each in contract.sensitivity
        if each.slug
    ]
    return found


def summary(found: Result, *, scored: bool) -> dict[str, Any]:
    """A result for programs."""
    contract, choice = found.contract, found.contract.choice
    return {
        "kind": "" if choice is None else choice.kind,
        "reason": "" if choice is None else choice.reason,
        "customers": sum(each.size for each in contract.segments),
        "segments": [
            {
                "id": each.id,
                "name": each.name,
                "tier": each.tier,
                "customers": each.size,
                "share": round(each.share, 4),
                "action": each.action,
            }
            for each in contract.segments
        ],
        "alternatives": [
            {"option": each.key, "title": each.title, "kind": each.kind, "segments": list(each.names)}
            for each in options_of(contract)
        ],
        "scored": scored,
    }


def files_of(job: Job) -> Mapping[str, Path]:
    """The files of a result by the last part of their addresses."""
    made = {
        "model": job.model_folder / MODEL,
        "card": job.model_folder / CARD,
        "report": job.model_folder / REPORT,
    }
    more = {"customers": job.scored, "page": job.page}
    return made | {name: path for name, path in more.items() if path is not None}
