"""Answers questions about customers from one ONNX file, with numpy and onnxruntime alone.

What not every caller needs is loaded when it is first used: the explanations, and the scoring of files with
pyarrow.
"""

from typing import TYPE_CHECKING, Any

import inference.loading.idle_threads  # noqa: F401 - before numpy, which the next ones import
from inference.answers import Answer, Answers
from inference.contract import Category, Column, Contract, Segment
from inference.errors import ArtifactError, InputError
from inference.segmenter import Segmenter

if TYPE_CHECKING:
    from inference.explanations.changes import Change, ChangeOfTwo, SmallestChanges
    from inference.explanations.counterfactual import nearest_change, nearest_changes, smallest_changes
    from inference.explanations.explanation import Explanation, explain
    from inference.files.options import ScoreOptions
    from inference.files.scoring import score_batches, score_file
    from inference.files.summary import Scored

__all__ = [
    "Answer",
    "Answers",
    "ArtifactError",
    "Category",
    "Change",
    "ChangeOfTwo",
    "Column",
    "Contract",
    "Explanation",
    "InputError",
    "ScoreOptions",
    "Scored",
    "Segment",
    "Segmenter",
    "SmallestChanges",
    "explain",
    "nearest_change",
    "nearest_changes",
    "score_batches",
    "score_file",
    "smallest_changes",
]

_LOADED_LATER = {  # name -> its module
    "Change": "explanations.changes",
    "ChangeOfTwo": "explanations.changes",
    "Explanation": "explanations.explanation",
    "ScoreOptions": "files.options",
    "Scored": "files.summary",
    "SmallestChanges": "explanations.changes",
    "explain": "explanations.explanation",
    "nearest_change": "explanations.counterfactual",
    "nearest_changes": "explanations.counterfactual",
    "score_batches": "files.scoring",
    "score_file": "files.scoring",
    "smallest_changes": "explanations.counterfactual",
}


def __getattr__(name: str) -> Any:
    """Load the module of a name when it is first used."""
    if name not in _LOADED_LATER:
        raise AttributeError(f"module 'inference' has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(f"inference.{_LOADED_LATER[name]}"), name)
    except ModuleNotFoundError as error:
        from inference.errors import files_missing

        raise ModuleNotFoundError(f"{name}: {files_missing(error)}", name=error.name) from error
