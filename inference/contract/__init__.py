"""The contract in a model file: its columns, its segments, and how both were decided.

The trainer writes it as JSON into the file; everything that uses the file reads it from there, once, as typed
sections. The modules of sections that no answer needs are loaded when they are first used. The constants that
both sides need (names of outputs, metadata key, format number) are defined here.
"""

from typing import TYPE_CHECKING, Any

from inference.contract.columns import (
    CATEGORY,
    DATE,
    NUMBER,
    Category,
    Column,
    DerivedColumn,
    ValueColumn,
)
from inference.contract.contract import Contract, Membership, Scaling, Thresholds
from inference.contract.known_answers import KnownAnswers
from inference.contract.outputs import (
    ANSWERS,
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    CONTRACT,
    DISTANCES,
    NOVELTY,
    OUTPUT_TABLE,
    OUTPUTS,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
    Output,
)
from inference.contract.parse import COMPLETE_ROWS_KEY, FORMAT, INCOMPLETE_ROWS_KEY, METADATA_KEY
from inference.contract.patterns import Pattern
from inference.contract.segment_scores import SegmentScores, segment_scores
from inference.contract.segments import Segment, Shares, Spread

if TYPE_CHECKING:
    from inference.contract.choice import (
        CONSTRUCTIVE,
        NATURAL,
        REPRODUCIBLE,
        ChoiceOfK,
        KFigures,
        OtherColumns,
        OtherK,
    )
    from inference.contract.classifier import ServingClassifier, TemperatureScaling
    from inference.contract.evaluation import (
        Answered,
        CalibrationBin,
        CurvePoint,
        Evaluation,
        Judged,
        Scores,
        Selective,
    )
    from inference.contract.outcomes import Outcome, OutcomeFigure
    from inference.contract.training_data import (
        CategoryCounts,
        Cleaning,
        Histograms,
        NumberCounts,
        OwnDistance,
        TrainingData,
    )

__all__ = [
    "ANSWERS",
    "CATEGORY",
    "CLASSIFIER_PROBABILITIES",
    "COMPLETE",
    "COMPLETE_ROWS_KEY",
    "CONSTRUCTIVE",
    "CONTRACT",
    "DATE",
    "DISTANCES",
    "FORMAT",
    "INCOMPLETE_ROWS_KEY",
    "METADATA_KEY",
    "NATURAL",
    "NOVELTY",
    "NUMBER",
    "OUTPUTS",
    "OUTPUT_TABLE",
    "PROBABILITIES",
    "REPRODUCIBLE",
    "SEGMENT",
    "SEGMENT_ID",
    "Answered",
    "CalibrationBin",
    "Category",
    "CategoryCounts",
    "ChoiceOfK",
    "Cleaning",
    "Column",
    "Contract",
    "CurvePoint",
    "DerivedColumn",
    "Evaluation",
    "Histograms",
    "Judged",
    "KFigures",
    "KnownAnswers",
    "Membership",
    "NumberCounts",
    "OtherColumns",
    "OtherK",
    "Outcome",
    "OutcomeFigure",
    "Output",
    "OwnDistance",
    "Pattern",
    "Scaling",
    "Scores",
    "Segment",
    "SegmentScores",
    "Selective",
    "ServingClassifier",
    "Shares",
    "Spread",
    "TemperatureScaling",
    "Thresholds",
    "TrainingData",
    "ValueColumn",
    "segment_scores",
]

_LOADED_LATER = {  # name -> its module
    "Answered": "evaluation",
    "CONSTRUCTIVE": "choice",
    "CalibrationBin": "evaluation",
    "CategoryCounts": "training_data",
    "ChoiceOfK": "choice",
    "Cleaning": "training_data",
    "CurvePoint": "evaluation",
    "Evaluation": "evaluation",
    "Histograms": "training_data",
    "Judged": "evaluation",
    "KFigures": "choice",
    "NATURAL": "choice",
    "NumberCounts": "training_data",
    "OtherColumns": "choice",
    "OtherK": "choice",
    "Outcome": "outcomes",
    "OutcomeFigure": "outcomes",
    "OwnDistance": "training_data",
    "REPRODUCIBLE": "choice",
    "Scores": "evaluation",
    "Selective": "evaluation",
    "ServingClassifier": "classifier",
    "TemperatureScaling": "classifier",
    "TrainingData": "training_data",
}


def __getattr__(name: str) -> Any:
    """Load the module of a name when it is first used."""
    if name not in _LOADED_LATER:
        raise AttributeError(f"module 'inference.contract' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"inference.contract.{_LOADED_LATER[name]}"), name)
