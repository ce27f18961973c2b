"""Keeps a segment's id and name over retraining, and says what moved.

Ids are positions, so they stay as long as no segment disappears; where one does, those behind it move up.

New segments are paired with those of the earlier file one to one at the least total distance between
centroids, in the earlier file's scaled units (Hungarian method). A pair shares its id; it shares its name,
too, when the centroid moved less than half a standard deviation, so that words do not flicker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from inference.contract import Contract, Segment

NEAR = 0.5  # standard deviations of the earlier table
UNMOVED = 1e-9  # what another order of the same sums can make of the same centroid


@dataclass(frozen=True, kw_only=True)
class Move:
    """What became of one segment.

    Attributes:
        before, after: its name in the earlier and in the new file; ``None`` where it is new or gone.
        distance: how far its centroid moved, in standard deviations of the earlier table.
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
        order: ``[K]`` the new numbering: position ``i`` is taken by the segment numbered ``order[i]`` so far.
        olds: for each position, the earlier segment it continues, or ``None``.
        distances: for each position, how far the centroid moved, or ``None``.
    """

    order: NDArray[np.int64]
    olds: tuple[Segment | None, ...]
    distances: tuple[float | None, ...]


def pair(earlier: Contract, features: tuple[str, ...], centroids: NDArray[np.float64]) -> Pairing | None:
    """Pair new centroids ``[K, d]`` (raw units) with an earlier file's segments.

    Returns:
        ``None`` when the earlier file was clustered by other features, so that nothing can be compared.
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
    """Give segments, already in the paired order, their earlier names where they stayed near.

    The names are those before the user's own were put on top (see ``trainer.segments.overrides``). A name
    that
    another segment would carry as well is not taken over.
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
    """What changed, segment by segment; empty when names, shares and centroids are what they were."""
    if pairing is None:
        return (*(_new(segment) for segment in segments), *(_gone(old) for old in earlier.segments))
    told = []
    for segment, old, distance in zip(segments, pairing.olds, pairing.distances, strict=True):
        if old is None or distance is None:
            told.append(_new(segment))
        elif segment.name != old.name or segment.share != old.share or distance > UNMOVED:
            told.append(_moved(segment, old, distance))
    continued = {old.id for old in pairing.olds if old is not None}
    told += [_gone(old) for old in earlier.segments if old.id not in continued]
    return tuple(told)


def _moved(segment: Segment, old: Segment, distance: float) -> Move:
    far = f"its centre moved {distance:.2f} standard deviations"
    if segment.name == old.name:
        reason = f"name kept: {far}" if distance < NEAR else f"named alike again, although {far}"
    else:
        reason = f"renamed: {far}" if distance >= NEAR else "renamed by the user, or its name was taken"
    return Move(
        before=old.name,
        after=segment.name,
        distance=distance,
        share_before=old.share,
        share_after=segment.share,
        reason=reason,
    )


def _new(segment: Segment) -> Move:
    reason = "new: no earlier segment corresponds to it"
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
