"""Texts about a count: one for each plural category of a language, by the rules of the Unicode CLDR."""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Plural:
    """A text in each form that the language has; ``{count}`` in it is the number.

    Attributes:
        other: the form that every language has.
        zero, one, two, few, many: those that some have; empty where the language has no such form.
    """

    other: str
    zero: str = ""
    one: str = ""
    two: str = ""
    few: str = ""
    many: str = ""

    def form(self, category: str) -> str:
        """The text of a category."""
        return getattr(self, category) or self.other


def english(count: int) -> str:
    """Of English and German."""
    return "one" if count == 1 else "other"


def spanish(count: int) -> str:
    """Whole millions are followed by ``de``."""
    return "one" if count == 1 else _millions(count)


def french(count: int) -> str:
    """Zero is singular; whole millions are followed by ``de``."""
    return "one" if count in (0, 1) else _millions(count)


def none(_: int) -> str:
    """Of languages without a plural, such as Japanese."""
    return "other"


def arabic(count: int) -> str:
    """Six forms: by the last two digits from three on."""
    if count < 3:
        return ("zero", "one", "two")[count]
    last = count % 100
    return "few" if 3 <= last <= 10 else "many" if last >= 11 else "other"


def _millions(count: int) -> str:
    return "many" if count and count % MILLION == 0 else "other"
