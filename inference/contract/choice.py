"""How the number of segments was chosen, and what other clustering columns would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.read_entry import read_entry

NATURAL, REPRODUCIBLE, CONSTRUCTIVE = "natural", "reproducible", "constructive"


@dataclass(frozen=True, kw_only=True)
class KFigures:
    """What was measured for one number of segments.

    Attributes:
        kind: what its segments may be called: ``"natural"``, ``"reproducible"`` or ``"constructive"``.
        silhouette: mean silhouette; inertia: sum of squared distances to the nearest centroid.
        ari, ari_error: adjusted Rand index over bootstraps, and its error; jaccard: of the weakest segment.
        smallest_share: share of the customers in the smallest segment.
        null_mean: mean silhouette of tables of one population; excess: silhouette less that mean.
        valley: largest density between neighbouring segments, divided by the lower of their peaks.
        failed: the conditions of natural segments that fail, in words.
    """

    k: int
    kind: str
    inertia: float
    silhouette: float
    ari: float
    ari_error: float
    jaccard: float
    smallest_share: float
    failed: tuple[str, ...]
    null_mean: float | None = None
    excess: float | None = None
    valley: float | None = None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> KFigures:
        """Read one row of the table of the choice."""
        if "kind" not in entry:
            entry = _row_of_format_1(entry)
        return read_entry(cls, entry, failed=tuple(entry["failed"]))


@dataclass(frozen=True, kw_only=True)
class OtherK:
    """Another number of segments that can be asked for.

    Attributes:
        kind: what its segments may be called.
        ari, jaccard: how well they reappear in resampled data.
        names, sizes: of the segments, in their order; option: of the trainer that takes it.
    """

    k: int
    kind: str
    ari: float
    jaccard: float
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    option: str

    @property
    def segments(self) -> tuple[tuple[str, int], ...]:
        """Name and size of each segment."""
        return tuple(zip(self.names, self.sizes, strict=True))

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> OtherK:
        """Read one entry of ``others``."""
        return read_entry(cls, entry, names=tuple(entry["names"]), sizes=tuple(entry["sizes"]))


@dataclass(frozen=True, kw_only=True)
class ChoiceOfK:
    """The decision about the number of segments.

    Attributes:
        kind: ``"natural"`` (separated beyond what one population shows, and reproducible), ``"reproducible"``
            (a continuum, divided the same way in resampled data) or ``"constructive"`` (neither).
        chosen_by: ``"rule"`` or ``"user"``.
        p_value: probability that one population looks as separated, or ``None``.
        reason: sentences with figures; second_opinions: what other criteria recommend, in sentences.
        table: one row per number of segments tried, ascending.
        elbow: where the inertias bend most, or ``None``.
        min_ari: what the mean adjusted Rand index must reach, or ``None``.
        others: other numbers of segments to consider.
        unused_columns: proposed clustering columns that show no groups.
    """

    k: int
    kind: str
    chosen_by: str
    reason: str
    table: tuple[KFigures, ...]
    elbow: int | None
    second_opinions: tuple[str, ...]
    sample_rows: int
    min_ari: float | None
    p_value: float | None = None
    others: tuple[OtherK, ...] = ()
    unused_columns: tuple[str, ...] = ()

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> ChoiceOfK:
        """Read the contract's ``choice``."""
        if "kind" not in entry:
            entry = {**entry, "kind": _kind_of_format_1(entry["stable"])}
        return read_entry(
            cls,
            entry,
            table=tuple(KFigures.read(row) for row in entry["table"]),
            second_opinions=tuple(entry["second_opinions"]),
            min_ari=entry["settings"]["min_ari"],
            others=tuple(OtherK.read(other) for other in entry.get("others", ())),
            unused_columns=tuple(entry.get("unused_columns", ())),
        )

    @property
    def row(self) -> KFigures | None:
        """The figures of the chosen number; ``None`` where the table does not have it."""
        return next((row for row in self.table if row.k == self.k), None)


def _row_of_format_1(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **entry,
        "kind": _kind_of_format_1(entry["admissible"]),
        "ari": entry["ari_mean"],
        "ari_error": entry["ari_se"],
        "jaccard": entry["jaccard_min"],
        "failed": entry["refusals"],
    }


def _kind_of_format_1(admissible: bool) -> str:
    """Files of format 1 know two kinds: every condition met, separation included, or not."""
    return NATURAL if admissible else CONSTRUCTIVE


@dataclass(frozen=True, kw_only=True)
class OtherColumns:
    """The table with other clustering columns (see ``trainer.segments.alternatives``).

    Attributes:
        title: what the set is, in words; ``clustering`` names its columns or features, ``labels`` says them.
        slug: its name; option: of the trainer that takes it. Both are empty for the chosen set.
        kind: what its segments may be called.
        excess: silhouette minus what one population reaches.
        names: of its segments; none in files of 0.1.0, and where a segment has too few customers.
        agreement: adjusted Rand index with the chosen segments.
        separates: raw column -> share of its variance that lies between these segments.
    """

    title: str
    clustering: tuple[str, ...]
    k: int
    kind: str
    silhouette: float
    excess: float
    ari: float
    jaccard: float
    smallest_share: float
    ari_at_chosen_k: float | None
    agreement: float
    separates: Mapping[str, float]
    slug: str = ""
    option: str = ""
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> OtherColumns:
        """Read one entry of the contract's ``sensitivity``."""
        if "kind" not in entry:
            entry = {**entry, "kind": _kind_of_format_1(entry["stable"])}
        lists = {name: tuple(entry.get(name, ())) for name in ("clustering", "labels", "names")}
        return read_entry(cls, entry, **lists)
