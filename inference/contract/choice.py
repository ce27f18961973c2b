"""How the number of segments was chosen, and what other clustering columns would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class KFigures:
    """What was measured for one number of segments, and which conditions it failed.

    Attributes:
        silhouette: mean silhouette; inertia: sum of squared distances to the nearest centroid.
        ari_mean, ari_se: adjusted Rand index over bootstraps; jaccard_min: of the weakest segment.
        smallest_share: share of the customers in the smallest segment.
    """

    k: int
    inertia: float
    silhouette: float
    ari_mean: float
    ari_se: float
    jaccard_min: float
    smallest_share: float
    admissible: bool
    refusals: tuple[str, ...]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> KFigures:
        """Read one row of the table of the choice."""
        return read_entry(cls, entry, refusals=tuple(entry["refusals"]))


@dataclass(frozen=True, kw_only=True)
class ChoiceOfK:
    """The decision about the number of segments.

    Attributes:
        chosen_by: ``"rule"``, ``"user"`` or ``"exploratory"``.
        stable: whether the chosen number meets every condition of the rule.
        reason: sentences with figures; second_opinions: what other criteria recommend, in sentences.
        table: one row per number of segments tried, ascending.
        elbow: where the inertias bend most, or ``None``.
        limit_permuted, limit_copula: what an admissible silhouette must exceed, or ``None``.
        min_ari: what the mean adjusted Rand index must reach, or ``None``.
    """

    k: int
    chosen_by: str
    stable: bool
    reason: str
    table: tuple[KFigures, ...]
    elbow: int | None
    second_opinions: tuple[str, ...]
    limit_permuted: float | None
    limit_copula: float | None
    sample_rows: int
    min_ari: float | None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> ChoiceOfK:
        """Read the contract's ``choice``."""
        return read_entry(
            cls,
            entry,
            table=tuple(KFigures.read(row) for row in entry["table"]),
            second_opinions=tuple(entry["second_opinions"]),
            min_ari=entry["settings"]["min_ari"],
        )

    @property
    def silhouette_limit(self) -> float | None:
        """What an admissible silhouette must exceed, or ``None``."""
        limits = [limit for limit in (self.limit_permuted, self.limit_copula) if limit is not None]
        return max(limits, default=None)


@dataclass(frozen=True, kw_only=True)
class OtherColumns:
    """The table with other clustering columns (see ``trainer.segments.sensitivity``).

    Attributes:
        title: what the set is, in words; ``clustering`` names its columns or features.
        excess: silhouette minus what tables without segments reach.
        agreement: adjusted Rand index with the chosen segments.
        separates: raw column -> share of its variance that lies between these segments.
    """

    title: str
    clustering: tuple[str, ...]
    k: int
    stable: bool
    silhouette: float
    excess: float
    ari: float
    jaccard: float
    smallest_share: float
    ari_at_chosen_k: float | None
    agreement: float
    separates: Mapping[str, float]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> OtherColumns:
        """Read one entry of the contract's ``sensitivity``."""
        return read_entry(cls, entry, clustering=tuple(entry["clustering"]))
