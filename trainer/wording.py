"""Words that every stage puts into its sentences in the same way."""

from __future__ import annotations

from collections.abc import Sequence


def listed(items: Sequence[object], *, last: str = "and") -> str:
    """Items as they are read out, with ``last`` before the last one.

    >>> listed([1, 2, 3])
    '1, 2 and 3'
    >>> listed(["a", "b"], last="or")
    'a or b'
    """
    *first, final = [str(item) for item in items]
    return f"{', '.join(first)} {last} {final}" if first else final
