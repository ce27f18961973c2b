"""Keeps a segment's id and name when a model is trained again, and reports what moved.

Ids are positions, so they stay as long as no segment disappears; if one does, those after it move up.

New segments are paired with those of the previous model one to one, with the smallest total distance between
centroids in the previous model's scaled units (Hungarian method). A pair has the same id. It also has the
same name if the centroid moved less than half a standard deviation, so that names do not change without need.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from inference.contract import Contract, Segment

NEAR = 0.5  # standard deviations of the previous table
UNMOVED = 1e-9  # a smaller distance is rounding: sums in another order


@dataclass(frozen=True, kw_only=True)
class Move:
    """How one segment changed.

    Attributes:
        before, after: its name in the previous and in the new model; ``None`` where it is new or gone.
        distance: how far its centroid moved, in standard deviations of the previous table.
        share_before, share_after: share of the customers.
        reason: why the name was kept or changed, in words.
    """

    before: str | None
    after: str | None
    distance: float | None
    share_before: float | None
    share_after: float | None
    reason: str

    def sentence(self) -> str:
        """The move in words."""
        if self.before is None or self.after is None:
            share = self.share_before if self.share_after is None else self.share_after
            return f"{self.after or self.before}, {share:.1%} of the customers: {self.reason}"
        name = self.after if self.before == self.after else f"{self.before} -> {self.after}"
        return f"{name}: {self.share_before:.1%} -> {self.share_after:.1%} of the customers; {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """Which new segment continues which old one.

    Attributes:
        order: ``[K]`` the new numbering: position ``i`` is given to the segment that has number ``order[i]``.
        olds: for each position, the previous segment it continues, or ``None``.
        distances: for each position, how far the centroid moved, or ``None``.
    """

    order: NDArray[np.int64]
    olds: tuple[Segment | None, ...]
    distances: tuple[float | None, ...]


def pair(earlier: Contract, features: tuple[str, ...], centroids: NDArray[np.float64]) -> Pairing | None:
    """Pair new centroids ``[K, d]`` (raw units) with the segments of the previous model.

    Returns:
        ``None`` when the previous model has other clustering features, so that nothing can be compared.
    """
    scale = {} if earlier.scaling is None else earlier.scaling.scale
    if set(scale) != set(features):
        return None
    units = np.array([scale[name] for name in features])
    old = np.array([[segment.centroid[name] for name in features] for segment in earlier.segments])
    apart = cdist(old / units, centroids / units)
    rows, columns = linear_sum_assignment(apart)
    found = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    new = [found[position] for position in range(len(old)) if position in found]
    olds: list[Segment | None] = [
        earlier.segments[position] for position in range(len(old)) if position in found
    ]
    rest = [number for number in range(len(centroids)) if number not in new]
    distances = [
        float(apart[segment.id, number]) for segment, number in zip(olds, new, strict=True) if segment
    ]
    return Pairing(
        order=np.array([*new, *rest]),
        olds=(*olds, *(None for _ in rest)),
        distances=(*distances, *(None for _ in rest)),
    )


def keep_names(earlier: Contract, segments: tuple[Segment, ...], pairing: Pairing) -> tuple[Segment, ...]:
    """Give segments, already in the paired order, their previous names where they moved little.

    The names are those without the user's own (see ``trainer.segments.overrides``). A name that another
    segment would also have is not kept.
    """
    automatic = earlier.automatic_names
    kept = [
        automatic[old.id] if old is not None and distance is not None and distance < NEAR else None
        for old, distance in zip(pairing.olds, pairing.distances, strict=True)
    ]
    while True:
        names = [name or segment.name for segment, name in zip(segments, kept, strict=True)]
        clashing = [name is not None and names.count(name) > 1 for name in kept]
        if not any(clashing):
            return tuple(replace(segment, name=name) for segment, name in zip(segments, names, strict=True))
        kept = [None if clash else name for name, clash in zip(kept, clashing, strict=True)]


def moves(earlier: Contract, segments: tuple[Segment, ...], pairing: Pairing | None) -> tuple[Move, ...]:
    """What changed, one entry per segment; empty when names, shares and centroids are unchanged."""
    if pairing is None:
        return (*(_new(segment) for segment in segments), *(_gone(old) for old in earlier.segments))
    changes = []
    for segment, old, distance in zip(segments, pairing.olds, pairing.distances, strict=True):
        if old is None or distance is None:
            changes.append(_new(segment))
        elif segment.name != old.name or segment.share != old.share or distance > UNMOVED:
            changes.append(_moved(segment, old, distance))
    continued = {old.id for old in pairing.olds if old is not None}
    changes += [_gone(old) for old in earlier.segments if old.id not in continued]
    return tuple(changes)


def _moved(segment: Segment, old: Segment, distance: float) -> Move:
    far = f"its centre moved {distance:.2f} standard deviations"
    if segment.name == old.name:
        reason = f"name kept: {far}" if distance < NEAR else f"same name again, although {far}"
    else:
        reason = (
            f"renamed: {far}" if distance >= NEAR else "renamed by the user, or its name was already used"
        )
    return Move(
        before=old.name,
        after=segment.name,
        distance=distance,
        share_before=old.share,
        share_after=segment.share,
        reason=reason,
    )


def _new(segment: Segment) -> Move:
    reason = "new: no previous segment corresponds to it"
    return Move(
        before=None,
        after=segment.name,
        distance=None,
        share_before=None,
        share_after=segment.share,
        reason=reason,
    )


def _gone(old: Segment) -> Move:
    reason = "gone: no new segment corresponds to it"
    return Move(
        before=old.name, after=None, distance=None, share_before=old.share, share_after=None, reason=reason
    )
