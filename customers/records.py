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
ID_RULE = f"1 to {LONGEST_ID} printable characters, without spaces at its ends, and not . or .."
_LOST = "\ufffd"  # stands where text could not be read


def is_id(text: str) -> bool:
    """Whether text can be a customer's id: what ``ID_RULE`` says, so that it fits into an address."""
    if not 0 < len(text) <= LONGEST_ID or not text.isprintable() or _LOST in text:
        return False
    return text == text.strip() and text not in (".", "..")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """An answer to be remembered.

    Attributes:
        id: the customer's id in the caller's system, see ``is_id``.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """That a customer was erased, and what remains.

    Attributes:
        dialect: of the database.
        log_emptied: whether SQLite's write-ahead log was emptied, too.
    """

    dialect: str
    log_emptied: bool

    @property
    def note(self) -> str:
        """What is gone and what is not, in sentences."""
        if self.dialect != "sqlite":
            own = (
                "Erased from every table. PostgreSQL overwrites the space when it is reused, or at VACUUM "
                "FULL, and its write-ahead log when that is recycled."
            )
        elif self.log_emptied:
            own = "Erased from every table and from the write-ahead log."
        else:
            own = (
                "Erased from every table. The write-ahead log is in use by another program, and is emptied "
                "when the next customer is erased or the app stops."
            )
        return f"{own} {_BACKUPS}"


_BACKUPS = (
    "Backups and replicas of the database are not reached from here: erase the customer there too, or let "
    "them expire."
)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What saving did.

    Attributes:
        new, updated, unchanged: customers; moved: of the updated ones, those in another segment.
        repeated: rows about a customer who came twice at the same time; the last one is kept.
    """

    new: int = 0
    updated: int = 0
    moved: int = 0
    unchanged: int = 0
    repeated: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            moved=self.moved + other.moved,
            unchanged=self.unchanged + other.unchanged,
            repeated=self.repeated + other.repeated,
        )


@dataclass(frozen=True, kw_only=True)
class Job:
    """One save.

    Attributes:
        sent: the answers; model: the SHA-256 of the file that gave them; at: when, now if not given.
        part: whether other jobs of the same time belong to it, so that a customer in two of them is repeated.
        key: an idempotency key; request: a digest of what came with it.
        done: has the result once it is on the disk, or the error.
    """

    sent: Sequence[Sent]
    model: str
    at: datetime | None = None
    part: bool = False
    key: str = ""
    request: str = ""
    done: Future[Saved] = field(default_factory=Future)
