"""What is proposed about a table: the role of every column with its reason, and the schema they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.roles.recognise.infer_kind import IDENTIFIER
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.schema import Feature, Schema

CLUSTERING, PROFILE, OUTCOME, LEFT_OUT = "clustering", "profile", "outcome", "left out"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What becomes of one column of the table, and why.

    Attributes:
        kind: ``"number"``, ``"category"``, ``"date"``, ``"identifier"``, ``"constant"``, ``"free text"``,
            ``"personal data"`` or ``"empty"``.
        role: ``"clustering"``, ``"profile"``, ``"outcome"``, ``"identifier"`` or ``"left out"``.
        formats: those that its dates can have, of which one has to be set; empty where there is no doubt.
        spec: its declaration; ``None`` unless it is a clustering, profile or outcome column.
    """

    header: str
    name: str
    kind: str
    role: str
    reason: str
    missing_share: float
    spec: ColumnSpec | None
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The roles of all columns of a table.

    Attributes:
        decisions: one per column, in the table's order.
        reasons: why a feature was added, by its name.
        clustering, value, capacity, spend, spend_columns: as in ``Schema``.
        notes: what a reader should know, in sentences.
    """

    name: str
    title: str
    rows: int
    decisions: tuple[Decision, ...]
    features: tuple[Feature, ...]
    reasons: Mapping[str, str]
    clustering: tuple[str, ...]
    value: str | None
    capacity: str | None
    spend: str | None
    notes: tuple[str, ...]
    spend_columns: tuple[str, ...] = ()

    @property
    def identifier(self) -> str | None:
        """Header of the column that names a customer, or ``None``."""
        return next((each.header for each in self.decisions if each.role == IDENTIFIER), None)

    @property
    def outcomes(self) -> tuple[ColumnSpec, ...]:
        """The outcome columns, in the table's order."""
        return tuple(each.spec for each in self.decisions if each.spec is not None and each.role == OUTCOME)

    def schema(self) -> Schema:
        """The schema these roles make."""
        return Schema(
            name=self.name,
            title=self.title,
            columns=tuple(
                each.spec for each in self.decisions if each.spec is not None and each.role != OUTCOME
            ),
            features=self.features,
            clustering=self.clustering,
            value=self.value,
            capacity=self.capacity,
            spend=self.spend,
            identifier=self.identifier,
            outcomes=self.outcomes,
            spend_columns=self.spend_columns,
        )
