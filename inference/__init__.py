"""Answers questions about customers from one ONNX file, with numpy and onnxruntime alone.

Files are scored with pyarrow, which is loaded when ``score_file`` or ``score_batches`` is first asked for.
"""

from typing import TYPE_CHECKING, Any

from inference.answers import Answer, Answers
from inference.contract import Category, Column, Contract, Segment
from inference.errors import ArtifactError, InputError
from inference.explanations.counterfactual import Change, nearest_change, nearest_changes
from inference.explanations.explanation import Explanation, explain
from inference.segmenter import Segmenter

if TYPE_CHECKING:
    from inference.files.options import ScoreOptions
    from inference.files.scoring import score_batches, score_file
    from inference.files.summary import Scored

__all__ = [
    "Answer",
    "Answers",
    "ArtifactError",
    "Category",
    "Change",
    "Column",
    "Contract",
    "Explanation",
    "InputError",
    "ScoreOptions",
    "Scored",
    "Segment",
    "Segmenter",
    "explain",
    "nearest_change",
    "nearest_changes",
    "score_batches",
    "score_file",
]

_OF_FILES = {
    "ScoreOptions": "options",
    "Scored": "summary",
    "score_batches": "scoring",
    "score_file": "scoring",
}


def __getattr__(name: str) -> Any:
    """Load the modules for files when they are first used."""
    if name not in _OF_FILES:
        raise AttributeError(f"module 'inference' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"inference.files.{_OF_FILES[name]}"), name)
