"""Answers questions about customers from one ONNX file, with numpy and onnxruntime alone."""

from inference.answers import Answer, Answers
from inference.contract import Category, Column, Contract, Segment
from inference.errors import ArtifactError, InputError
from inference.segmenter import Segmenter

__all__ = [
    "Answer",
    "Answers",
    "ArtifactError",
    "Category",
    "Column",
    "Contract",
    "InputError",
    "Segment",
    "Segmenter",
]
