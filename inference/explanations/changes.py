"""What the smallest changes are: of one column, or of two where one is not enough; with their sentences."""

from __future__ import annotations

from dataclasses import dataclass

from inference.contract import Column, Contract
from inference.explanations.explanation import value_text

Value = float | str

BEYOND = "No change within the range of the training data moves this customer. "
OUTSIDE = ", a value outside that range,"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One column changed, and the segment the customer would then be in.

    Attributes:
        column: the column to change; all others stay as they are.
        before, after: its values, in the column's unit; ISO text for a date.
        segment_before, segment_after: the segments, by name.
        size: of the change, in interquartile ranges of the training rows; 1 for another category.
        beyond_training: the new value is outside the range of the training rows, because no change of one
            or two columns within it moves the customer.
        sentence: the same in words.
    """

    column: str
    before: Value
    after: Value
    segment_before: str
    segment_after: str
    size: float
    beyond_training: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ChangeOfTwo:
    """Two clustering columns changed, and the segment the customer would then be in.

    Attributes:
        columns: the two columns to change, the larger change first; all others stay as they are.
        before, after: their values, both new ones within the range of the training rows.
        segment_before, segment_after: the segments, by name.
        size: the sum of both changes, each in interquartile ranges of the training rows; 1 for another
            category.
        sentence: the same in words.
    """

    columns: tuple[str, str]
    before: tuple[Value, Value]
    after: tuple[Value, Value]
    segment_before: str
    segment_after: str
    size: float
    sentence: str


@dataclass(frozen=True, kw_only=True)
class SmallestChanges:
    """What moves a customer to another segment.

    Attributes:
        of_one: the smallest change of each column, smallest first. They are all within the range of the
            training rows, or all beyond it where neither one nor two columns within it are enough.
        of_two: the smallest change of two clustering columns within it; ``None`` if one is enough, or if
            two are not.
    """

    of_one: tuple[Change, ...]
    of_two: ChangeOfTwo | None


@dataclass(frozen=True)
class Outcome:
    """The segments before and after a change, and whether the answer after it is complete."""

    contract: Contract
    before: int
    complete: bool

    def change(
        self, column: Column, values: tuple[Value, Value], segment: int, size: float, *, beyond: bool
    ) -> Change:
        """A change of one column from the first to the second value."""
        before, after = self._names(segment)
        sentence = f"With {condition(column, values)}{OUTSIDE if beyond else ''} {self._would_be(after)}"
        return Change(
            column=column.name,
            before=values[0],
            after=values[1],
            segment_before=before,
            segment_after=after,
            size=size,
            beyond_training=beyond,
            sentence=f"{BEYOND if beyond else ''}{sentence}",
        )

    def change_of_two(
        self,
        columns: tuple[Column, Column],
        values: tuple[tuple[Value, Value], tuple[Value, Value]],
        segment: int,
        size: float,
    ) -> ChangeOfTwo:
        """A change of two columns, each from its first to its second value."""
        before, after = self._names(segment)
        conditions = " and ".join(map(condition, columns, values))
        return ChangeOfTwo(
            columns=(columns[0].name, columns[1].name),
            before=(values[0][0], values[1][0]),
            after=(values[0][1], values[1][1]),
            segment_before=before,
            segment_after=after,
            size=size,
            sentence=f"With {conditions} {self._would_be(after)}",
        )

    def _names(self, segment: int) -> tuple[str, str]:
        segments = self.contract.segments
        return segments[self.before].name, segments[segment].name

    def _would_be(self, segment: str) -> str:
        return f"this customer would {'' if self.complete else 'most likely '}be {segment!r}"


def condition(column: Column, values: tuple[Value, Value]) -> str:
    """A change in words, such as ``annual income 70 instead of 60 (k$)``."""
    before, after = map(value_text, values)
    label = column.label
    if label[1:2].islower():  # but "VIP score" keeps its capitals
        label = label[0].lower() + label[1:]
    unit = f" ({column.unit})" if column.unit else ""
    return f"{label} {after} instead of {before}{unit}"
