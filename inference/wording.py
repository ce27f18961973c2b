"""Shared wording of errors and reports: quoted values, lists, counts and suggestions for misspelled names.

A message quotes at most ``QUOTED`` characters of a value, and about ``LISTED`` characters of a list of names,
so that no message grows with the input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from os import PathLike

QUOTED, LISTED, PATH, FOREIGN = 40, 100, 80, 120  # characters: of a value, a list, a path, another's message
_COMPARED = 200  # characters of a name that are compared with the known names
_KNOWN = 2_000  # known names that it is compared with


def quoted(value: object, *, most: int = QUOTED) -> str:
    """A value quoted for a sentence, shortened.

    >>> quoted("Annual Income"), quoted("x" * 50)
    ("'Annual Income'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...")
    """
    try:
        text = repr(value[: most + 1] if isinstance(value, (str, bytes)) else value)
    except ValueError:  # Python does not print integers with more than some thousand digits
        return f"a very large {type(value).__name__}"
    return shortened(text, most)


def quoted_path(path: str | PathLike[str]) -> str:
    """A path quoted for a sentence; of a long one only the end, which has the file's name."""
    text = str(path)
    return repr(text) if len(text) <= PATH else repr(f"...{text[3 - PATH :]}")


def quoted_names(names: Iterable[object], *, most: int = LISTED) -> str:
    """Names such as headers as a list in a sentence, shortened; at least one is shown.

    >>> quoted_names(["Age", "Income"]), quoted_names(["Age", "Income"], most=6), quoted_names([])
    ("'Age', 'Income'", "'Age' and 1 more", 'none')
    """
    shown, every = "", list(names)
    for done, name in enumerate(every):
        longer = f"{shown}, {quoted(name)}" if shown else quoted(name)
        if shown and len(longer) > most:
            return f"{shown} and {len(every) - done:,} more"
        shown = longer
    return shown or "none"


def shortened(text: str, most: int = FOREIGN) -> str:
    """A text on one line, cut off where it is longer; for the error messages of other libraries."""
    line = " ".join(text[: 2 * most].split()) if "\n" in text[: 2 * most] else text
    return line if len(line) <= most else f"{line[: most - 3]}..."


def listed(items: Iterable[object], *, last: str = "and") -> str:
    """Items as a list in a sentence.

    >>> listed([1, 2, 3]), listed(["Age"]), listed(["a", "b"], last="or")
    ('1, 2 and 3', 'Age', 'a or b')
    """
    *first, final = [str(item) for item in items]
    return f"{', '.join(first)} {last} {final}" if first else final


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun, singular or plural.

    >>> counted(1, "row"), counted(2000, "row"), counted(0, "category", "categories")
    ('1 row', '2,000 rows', '0 categories')
    """
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def nearest(wanted: object, known: Iterable[str], *, fold: Callable[[str], str] = str.casefold) -> str:
    """The known name with the most similar spelling, or ``""`` when none is similar.

    >>> nearest("incme", ["Age", "Income"])
    'Income'
    """
    import difflib  # only errors need it

    names = islice((each for each in known if each), _KNOWN)
    folded = {fold(each[:_COMPARED]): each for each in reversed(list(names))}
    near = difflib.get_close_matches(fold(str(wanted)[:_COMPARED].strip()), list(folded), n=1)
    return folded[near[0]] if near else ""


def did_you_mean(suggestion: str) -> str:
    """The question after a sentence; empty without a suggestion.

    >>> did_you_mean("Age")
    " Did you mean 'Age'?"
    """
    return f" Did you mean {quoted(suggestion)}?" if suggestion else ""
