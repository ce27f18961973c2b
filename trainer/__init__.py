"""Makes the model file: from a customer table to one ONNX graph, its card, its report and its figures."""

from trainer.config import TrainConfig
from trainer.prepare import Prepared, prepare
from trainer.raw import Raw, read_raw
from trainer.roles.proposal import Proposal, propose
from trainer.roles.settings import ColumnSettings, Roles
from trainer.schema import MALL, ColumnSpec, Feature, Schema
from trainer.table import Table, read_table
from trainer.training import Trained, train
from trainer.verify import DifferenceError

__all__ = [
    "MALL",
    "ColumnSettings",
    "ColumnSpec",
    "DifferenceError",
    "Feature",
    "Prepared",
    "Proposal",
    "Raw",
    "Roles",
    "Schema",
    "Table",
    "TrainConfig",
    "Trained",
    "prepare",
    "propose",
    "read_raw",
    "read_table",
    "train",
]
