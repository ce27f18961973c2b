"""Makes the model file: from a customer table to one ONNX graph, its card, its report and its figures."""

from trainer.config import TrainConfig
from trainer.schema import MALL, ColumnSpec, Feature, Schema
from trainer.table import Table, read_table
from trainer.training import Trained, train
from trainer.verify import DifferenceError

__all__ = [
    "MALL",
    "ColumnSpec",
    "DifferenceError",
    "Feature",
    "Schema",
    "Table",
    "TrainConfig",
    "Trained",
    "read_table",
    "train",
]
