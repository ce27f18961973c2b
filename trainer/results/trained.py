"""The results of a run: the values that the export writes and the report reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inference.contract import Contract
from trainer.classifier.evaluation.cross_validation import HeldOut
from trainer.classifier.evaluation.group_changes import GroupChange
from trainer.classifier.evaluation.held_out_scores import Evaluation
from trainer.classifier.evaluation.subgroups import GroupFigure
from trainer.classifier.models.temperature import Temperature
from trainer.classifier.selection import Selection
from trainer.config import TrainConfig
from trainer.results.fitted import Fitted
from trainer.segments.alternatives import Alternative
from trainer.segments.described_choice import Choice
from trainer.segments.matching import Move
from trainer.segments.overrides import Overrides
from trainer.segments.whole_counts import WholeCounts
from trainer.table.customer_table import Table


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a run measured in addition to the fitted model.

    Attributes:
        sensitivity: the table with other clustering columns; empty where they were not tried.
        persons: the columns that describe the person, such as age.
        groups: fidelity within groups of the profile columns among them, for the key patterns.
        group_changes: how often a change of these columns changes the classifier's answer.
        automatic_names: of the segments, before the user's own names were applied.
        overrides: the user's own names, tiers and actions, by automatic name.
        moves: how the segments of the previous model changed; empty without one.
        whole: what was counted over all rows of a table of which a sample was used; ``None`` where all were.
    """

    choice: Choice
    sensitivity: tuple[Alternative, ...]
    selection: Selection
    temperature: Temperature
    held_out: HeldOut
    evaluation: Evaluation
    persons: tuple[str, ...]
    groups: tuple[GroupFigure, ...]
    group_changes: tuple[GroupChange, ...]
    automatic_names: tuple[str, ...]
    overrides: Overrides
    moves: tuple[Move, ...]
    whole: WholeCounts | None = None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was compared before a file was published.

    Attributes:
        rows: compared, all patterns of missing columns together.
        ties: rows whose two most probable segments differed by less than rounding; not compared by label.
        largest: output -> largest absolute difference found.
    """

    rows: int
    ties: int
    largest: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Trained(Findings):
    """A finished run: its findings, and the file made of them.

    Attributes:
        labels: ``[M]`` segments of the table's rows that have every clustering column.
        model: the bytes of the ONNX file; contract: the JSON text in it.
    """

    table: Table
    config: TrainConfig
    fitted: Fitted
    labels: NDArray[np.int64]
    contract: str
    model: bytes
    verification: Verification

    @property
    def rows(self) -> int:
        """Of the table, also where a sample of it was used."""
        return len(self.table) if self.whole is None else self.whole.rows

    @cached_property
    def described(self) -> Contract:
        """The contract as typed sections, read once."""
        return Contract.parse(self.contract)
