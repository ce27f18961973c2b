"""From a table's headers to names, labels and units, and back from what a person types to a header."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Sequence

from inference.contract import OUTPUTS
from inference.errors import InputError
from inference.wording import nearest, quoted, quoted_names

RESERVED = frozenset((*OUTPUTS, "log1p", "days_since"))
_UNIT = re.compile(
    r"^(?P<label>.*\S)\s*[(\[\uff08\u3010](?P<unit>[^()\[\]\uff08\uff09\u3010\u3011]+)[)\]\uff09\u3011]\s*$",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*[0-9])[A-Z][A-Z0-9]{1,4}(?![A-Za-z0-9])")
"""A short name of capitals and digits that is read as one word: *T4*, *RT3U*, *Q1*."""
_PART = re.compile(CODE.pattern + r"|[0-9]+\.[0-9]+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W_]+|[^\w]+")
_JOINT = re.compile(r"_|(?<![0-9])\.|\.(?![0-9])")
"""What stands between the words of a header without spaces: R writes points there."""
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"\u0131": "i", "\u2019": "", "\u2116": "no "}
)


def words(header: str) -> tuple[str, ...]:
    """The words of a header without its unit, in lower case and plain letters.

    >>> words("AnnualIncome_total (k$)")
    ('annual', 'income', 'total')
    """
    return tuple(word.lower() for word in _WORD.findall(_plain(split_header(header)[0])))


def split_header(header: str) -> tuple[str, str]:
    """The label and the unit of a header.

    >>> split_header("Annual Income (k$)"), split_header("monthly_charges"), split_header("TotalSpend")
    (('Annual Income', 'k$'), ('Monthly charges', ''), ('Total spend', ''))
    >>> split_header("Q1_sales"), split_header("RT3U"), split_header("Petal.Length")
    (('Q1 sales', ''), ('RT3U', ''), ('Petal length', ''))
    """
    found = _UNIT.match(header)
    label, unit = (found["label"], found["unit"]) if found else (header, "")
    label = " ".join(_printable(label).split())
    if " " not in label and label.isascii():
        parts = _PART.findall(_JOINT.sub(" ", label))
        joined = " ".join(part if part.isupper() else part.lower() for part in parts if part.strip())
        label = joined[:1].upper() + joined[1:] or label
    return label, " ".join(_printable(unit).split())


def identifiers(headers: Sequence[str]) -> tuple[str, ...]:
    """A name for each header: lower case, unique, an identifier in Python, no output of the graph.

    Names are ASCII, since clients of the API and of MCP allow no other letters in the names of parameters.
    Other scripts are transliterated; the header stays what people see. One without letters is named by its
    position.

    >>> identifiers(["Annual Income (k$)", "Größe", "客户", "segment", "class", "annual income", "#"])
    ('annual_income', 'grosse', 'ke_hu', 'segment_column', 'class_column', 'annual_income_2', 'column_7')
    """
    made: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for position, header in enumerate(headers, start=1):
        name = _identifier(header, position)
        unique, number = name, numbers.get(name, 2)
        while unique in made:
            unique, number = f"{name}_{number}", number + 1
        numbers[name] = number
        made[unique] = None
    return tuple(made)


def is_name(text: str) -> bool:
    """Whether a text can name a column or feature."""
    usable = text.isidentifier() and text.isascii() and not text.startswith("_")
    return usable and not keyword.iskeyword(text) and text not in RESERVED


def find(wanted: str, headers: Sequence[str], names: Sequence[str], *, name_first: bool = True) -> int:
    """The position of the column a person calls by its name, its header or its label, in any case.

    Args:
        name_first: which counts where one column's name is another one's header.

    Raises:
        InputError: when no column matches; the message names the nearest one.
    """
    spoken = (names, headers) if name_first else (headers, names)
    for known in (*spoken, [split_header(header)[0] for header in headers]):
        folded = [each.strip().casefold() for each in known]
        if wanted.strip().casefold() in folded:
            return folded.index(wanted.strip().casefold())
    raise InputError(
        f"no column is called {quoted(wanted)}; known: {quoted_names(headers)}",
        suggestion=nearest(wanted, (*headers, *names)),
    )


def _identifier(header: str, position: int) -> str:
    kept = [word.lower() for word in _WORD.findall(_in_ascii(split_header(header)[0]))]
    if not kept:
        return f"column_{position}"
    name = "_".join(kept)
    if name[0].isdigit():
        name = f"column_{name}"
    return name if is_name(name) else f"{name}_column"


def _in_ascii(text: str) -> str:
    """The letters and digits of a text in ASCII, other scripts transliterated; other signs as spaces."""
    text = "".join(letter if _spells(letter) else " " for letter in text.translate(_LETTERS))
    spread = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    if spread.isascii():
        return spread
    from anyascii import anyascii

    return anyascii(unicodedata.normalize("NFC", text))


def _spells(letter: str) -> bool:
    """Whether a sign is part of a word: a letter, a digit, or a mark that belongs to one."""
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


def _plain(text: str) -> str:
    """The text in plain letters: accents dropped, other scripts left out."""
    spread = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return spread.encode("ascii", "ignore").decode("ascii")


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
