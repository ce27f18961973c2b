"""Missing patterns: which columns of a customer are unknown, as names; ``()`` is a complete customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Pattern = tuple[str, ...]
Value = TypeVar("Value")

_COMPLETE = "complete"
_WITHOUT = "without "


def read_pattern(written: str | Sequence[str]) -> Pattern:
    """A pattern from its JSON: a list of names, or a text such as ``"without age, gender"``.

    Raises:
        ValueError: when it is neither.
    """
    if not isinstance(written, str):
        return tuple(written)
    if written == _COMPLETE:
        return ()
    if not written.startswith(_WITHOUT):
        raise ValueError(f"a missing pattern must be 'complete' or 'without ...', but it is {written!r}")
    return tuple(written.removeprefix(_WITHOUT).split(", "))


def by_pattern(
    section: Mapping[str, Any] | Sequence[Mapping[str, Any]], read: Callable[[Any], Value]
) -> dict[Pattern, Value]:
    """A section with one entry per missing pattern, each read by ``read``.

    The entries are a list, each with the columns ``missing``; in older files they are keyed by text.
    """
    if isinstance(section, Mapping):
        return {read_pattern(written): read(value) for written, value in section.items()}
    return {read_pattern(entry["missing"]): read(entry) for entry in section}
