"""What goes into the store and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FIRST, DATA, MODEL, BOTH = "first", "data", "model", "both"
CAUSES = (FIRST, DATA, MODEL, BOTH)
LONGEST_ID = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """An answer to be remembered.

    Attributes:
        id: the customer's id in the caller's system, 1 to 200 characters.
        inputs: column -> value as JSON holds it; what is unknown is left out.
        segment_id, segment, probability, route: the answer.
    """

    id: str
    inputs: Mapping[str, Any]
    segment_id: int
    segment: str
    probability: float
    route: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """A customer as the store knows one; ``model`` is the SHA-256 of the file that answered."""

    id: str
    inputs: Mapping[str, Any]
    segment_id: int
    segment: str
    probability: float
    route: str
    model: str
    answered_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """The same in plain values, ready for JSON."""
        return {
            "id": self.id,
            "segment": self.segment,
            "segment_id": self.segment_id,
            "probability": self.probability,
            "route": self.route,
            "model": self.model,
            "answered_at": self.answered_at.isoformat(),
            "inputs": dict(self.inputs),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A customer came into a segment.

    Attributes:
        sequence: counts up in the order of commits; a cursor for readers.
        source: the segment before; ``None`` for the first answer.
        cause: ``"first"``, ``"data"`` (other inputs), ``"model"`` (another model) or ``"both"``.
    """

    sequence: int
    id: str
    source: str | None
    target: str
    at: datetime
    model: str
    cause: str

    def to_dict(self) -> dict[str, Any]:
        """The same in plain values, ready for JSON."""
        return {
            "sequence": self.sequence,
            "id": self.id,
            "from": self.source,
            "to": self.target,
            "at": self.at.isoformat(),
            "model": self.model,
            "cause": self.cause,
        }


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What saving did: how many customers are new, updated (some of them moved) and unchanged."""

    new: int = 0
    updated: int = 0
    moved: int = 0
    unchanged: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            moved=self.moved + other.moved,
            unchanged=self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, kw_only=True)
class Job:
    """One save.

    Attributes:
        sent: the answers; model: the SHA-256 of the file that gave them; at: when, now if not given.
        key: an idempotency key; request: a digest of what came with it.
        done: has the result once it is on the disk, or the error.
    """

    sent: Sequence[Sent]
    model: str
    at: datetime | None = None
    key: str = ""
    request: str = ""
    done: Future[Saved] = field(default_factory=Future)
