"""What a name of a segment may be that somebody types on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST = 60  # characters; more do not fit on a card of a phone
_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would compute them in a file that was scored
_MARKUP = frozenset("<>")


def tidy(text: str) -> str:
    """A name as it is kept: one spelling of each letter, and no spaces at its ends."""
    return unicodedata.normalize("NFC", text).strip()


def is_name(text: str) -> bool:
    """Whether a tidy text can be a name; what cannot be seen, such as marks of direction, is not printable.

    Example:
        >>> is_name("Champions"), is_name("=1+1"), is_name("a" * 61), is_name("a\N{RIGHT-TO-LEFT OVERRIDE}b")
        (True, False, False, False)
    """
    return (
        0 < len(text) <= LONGEST
        and text.isprintable()
        and not text.startswith(_FORMULA)
        and not _MARKUP & set(text)
    )


def is_taken(name: str, others: Iterable[str]) -> bool:
    """Whether one of the other names reads the same, whatever the case.

    Example:
        >>> is_taken("champions", ["Champions"]), is_taken("Champions", ["Guests"])
        (True, False)
    """
    return _folded(name) in {_folded(each) for each in others}


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
