"""How good the classifiers are on held-out customers, by missing pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.contract.patterns import Pattern, by_pattern
from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Figures of one classifier for one pattern; ``<figure>_se`` is the corrected standard error."""

    accuracy: float
    accuracy_se: float
    top2: float
    top2_se: float
    precision: float
    precision_se: float
    recall: float
    recall_se: float
    f1: float
    f1_se: float
    log_loss: float
    log_loss_se: float
    calibration_error: float
    calibration_error_se: float


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Scores compared with the segmentation of the training folds, and with that of all customers.

    Attributes:
        fidelity: how well the classifier reproduces the segmentation it was trained on.
        cross: the same, compared with the segments of all customers.
    """

    fidelity: Scores
    cross: Scores

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Judged:
        """Read one entry of ``classifiers``."""
        return cls(
            fidelity=read_entry(Scores, entry["fidelity"]),
            cross=read_entry(Scores, entry["cross"]),
        )


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The share of customers that get one answer, and how many of these answers are right (or ``None``)."""

    answered: float
    accuracy: float | None


@dataclass(frozen=True, kw_only=True)
class PatternAnswered(Answered):
    """The same for one missing pattern.

    Attributes:
        at_least: the lower 95% bound of the accuracy; ``None`` where no answer is given, and in older files.
    """

    at_least: float | None = None


@dataclass(frozen=True, kw_only=True)
class CurvePoint(Answered):
    """The same at one threshold of the probability."""

    threshold: float


@dataclass(frozen=True, kw_only=True)
class Selective(CurvePoint):
    """The probability from which one answer is given, and the figures of these answers.

    Attributes:
        wanted: the required accuracy, for which the threshold was chosen: in newer files, the lower 95% bound
            of each pattern reaches it wherever it can.
        curve: the same for other thresholds, ascending; patterns: the same at the threshold, by pattern.
    """

    wanted: float
    curve: tuple[CurvePoint, ...]
    patterns: Mapping[Pattern, PatternAnswered]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Selective:
        """Read the section ``selective``."""
        return read_entry(
            cls,
            entry,
            curve=tuple(read_entry(CurvePoint, each) for each in entry["curve"]),
            patterns=by_pattern(entry["patterns"], lambda each: read_entry(PatternAnswered, each)),
        )


@dataclass(frozen=True, kw_only=True)
class CalibrationBin:
    """Customers with about the same top probability: their share, its mean, and how often it was right."""

    share: float
    confidence: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The cross-validation of a run.

    Attributes:
        method: in words; rows: how many customers were held out in turn.
        classifiers: classifier -> missing pattern -> scores.
        confusion: classifier -> ``[K, K]`` counts on complete customers.
        calibration: missing pattern -> bins of the chosen classifier.
    """

    method: str
    folds: int
    repeats: int
    rows: int
    classifiers: Mapping[str, Mapping[Pattern, Judged]]
    confusion: Mapping[str, tuple[tuple[int, ...], ...]]
    selective: Selective
    calibration: Mapping[Pattern, tuple[CalibrationBin, ...]]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Evaluation:
        """Read the contract's ``evaluation``."""
        return read_entry(
            cls,
            entry,
            classifiers={
                name: by_pattern(judged, Judged.read) for name, judged in entry["classifiers"].items()
            },
            confusion={name: tuple(tuple(row) for row in rows) for name, rows in entry["confusion"].items()},
            selective=Selective.read(entry["selective"]),
            calibration=by_pattern(entry["calibration"], _bins),
        )


def _bins(entry: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> tuple[CalibrationBin, ...]:
    """The bins of an entry; an older file has the list of them alone."""
    bins = entry["bins"] if isinstance(entry, Mapping) else entry
    return tuple(read_entry(CalibrationBin, each) for each in bins)
