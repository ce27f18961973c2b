"""How a refusal quotes values and names."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them.

    >>> listed(["age", "income"])
    "'age', 'income'"
    """
    return ", ".join(repr(name) for name in names)


def shown(value: object) -> str:
    """A value as a sentence quotes it, shortened."""
    try:
        text = repr(value)
    except ValueError:  # Python does not write whole numbers beyond some thousand digits
        return f"a very large {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def out_of_range(limits: str, value: object) -> str:
    """The refusal of a value outside of its limits, as the end of a sentence."""
    return f"must be {limits}, but it is {shown(value)}; correct it or leave it unknown"
