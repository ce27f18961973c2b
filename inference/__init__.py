"""Answers questions about customers from one ONNX file, with numpy and onnxruntime alone."""

from inference.answers import Answer, Answers
from inference.change import Change, nearest_change, nearest_changes
from inference.contract import Category, Column, Contract, Segment
from inference.errors import ArtifactError, InputError
from inference.explanation import Explanation, explain
from inference.segmenter import Segmenter

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
    "Segment",
    "Segmenter",
    "explain",
    "nearest_change",
    "nearest_changes",
]
