"""The four lights, and which of several is the worst."""

from __future__ import annotations

from collections.abc import Iterable

GREEN, AMBER, RED, TOO_FEW = "green", "amber", "red", "too few"
LEAST_ROWS = 50  # with fewer, chance alone explains almost any difference
_ORDER = (TOO_FEW, GREEN, AMBER, RED)


def worst(lights: Iterable[str]) -> str:
    """The worst light; too few rows to judge counts for less than any that was judged.

    Example:
        >>> worst(["green", "amber", "too few"]), worst([])
        ('amber', 'too few')
    """
    return max(lights, key=severity, default=TOO_FEW)


def severity(light: str) -> int:
    """How bad a light is: 0 too few rows, 1 green, 2 amber, 3 red."""
    return _ORDER.index(light)


def alarming(light: str) -> bool:
    """Whether it is amber or red."""
    return light in (AMBER, RED)


def light_of(value: float, *, amber: float, red: float) -> str:
    """The light of a figure by the limits that it must exceed."""
    return RED if value > red else AMBER if value > amber else GREEN
