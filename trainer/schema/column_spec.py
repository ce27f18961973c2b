"""One raw column as it is declared before any data is seen, checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inference.errors import InputError
from trainer.schema import meanings
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.kinds.declared import Declared


@dataclass(frozen=True, kw_only=True)
class ColumnSpec(Declared):
    """A declared column that can work; see ``Declared`` for its attributes.

    Raises:
        InputError: when it cannot.
    """

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise InputError(problem)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features it becomes: itself, or one indicator per category beyond the first."""
        return column_kind(self).features(self)


def _problems(spec: ColumnSpec) -> Iterator[str]:
    """What is wrong with one declared column, worst first; nothing when it can work."""
    of = f"of column {spec.name!r}"
    kind, known = column_kind(spec), spec.values
    if bool(known) == kind.ordered:
        yield f"the categories {of} must be named when it is a category, and only then, but they are {known}"
    if len(set(known)) < len(known) or not all(value.strip() for value in known):
        yield f"the categories {of} must differ and not be blank, but they are {known}"
    if len(spec.numbers) not in (0, len(known)):
        given = f"{len(spec.numbers)} of {len(known)}"
        yield f"the categories {of} must all have a number or none, but {given} do"
    if spec.other and spec.other not in known:
        yield f"'other' {of} must name one of its categories {known}, but it is {spec.other!r}; add it"
    for key, allowed in (("meaning", meanings.MEANINGS), ("direction", meanings.DIRECTIONS)):
        if getattr(spec, key) not in ("", *allowed):
            yield f"the {key} {of} must be one of {allowed}, but it is {getattr(spec, key)!r}"
    yield from kind.problems(spec, of)
