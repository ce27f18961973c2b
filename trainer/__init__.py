"""Trains the model: from a customer table to one ONNX file, with its card, report and figures.

``draw_figure`` needs matplotlib and is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from trainer.config import TrainConfig
from trainer.export.verify import DifferenceError
from trainer.results.trained import Trained
from trainer.roles.preparation import Prepared, prepare
from trainer.roles.proposal import Proposal
from trainer.roles.proposing import propose
from trainer.roles.settings.role_settings import ColumnSettings, Roles
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.mall_schema import MALL
from trainer.schema.schema import Feature, Schema
from trainer.segments.alternatives import Alternative, alternatives
from trainer.segments.clustered import NotNaturalError
from trainer.segments.structure import ChoiceSettings, SegmentNumber, choose_k
from trainer.table.customer_table import Table, read_table
from trainer.table.raw_table import Raw, read_raw
from trainer.training import train

if TYPE_CHECKING:
    from trainer.report.figures import draw_figure

__all__ = [
    "MALL",
    "Alternative",
    "ChoiceSettings",
    "ColumnSettings",
    "ColumnSpec",
    "DifferenceError",
    "Feature",
    "NotNaturalError",
    "Prepared",
    "Proposal",
    "Raw",
    "Roles",
    "Schema",
    "SegmentNumber",
    "Table",
    "TrainConfig",
    "Trained",
    "alternatives",
    "choose_k",
    "draw_figure",
    "prepare",
    "propose",
    "read_raw",
    "read_table",
    "train",
]


def __getattr__(name: str) -> Any:
    """Load the module of a name when it is first used."""
    if name != "draw_figure":
        raise AttributeError(f"module 'trainer' has no attribute {name!r}")
    from trainer.report.figures import draw_figure

    return draw_figure
