"""Why a column is not read without asking: what has to be decided, between what, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass, field

DECIMAL_MARK, CURRENCY, UNIT, DATE_ORDER, DATE_LAYOUT, SAME_FORM = (
    "decimal mark",
    "currency",
    "unit",
    "date order",
    "date layout",
    "form",
)
_SHOWN = 40  # letters of a cell that a message quotes


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A column that can be read in several ways; each front end words what to do.

    Attributes:
        column: header of the column.
        needed: what has to be decided, one of the constants of this module.
        choices: the possible decisions; empty where the cells have to be changed.
        evidence: sentences about what was seen.
    """

    column: str
    needed: str
    choices: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What must be true, what was seen and what to do, in one sentence."""
        seen = "; ".join(self.evidence)
        must = f"the column {quoted(self.column)} must have one {self.needed}, but {seen}"
        if not self.choices:
            return f"{must}; write all its cells in the same format"
        return f"{must}; set the {self.needed}: {' or '.join(map(repr, self.choices))}"


@dataclass(frozen=True, kw_only=True)
class FileHints:
    """What the rest of the file and its reader know.

    Attributes:
        separator: between the cells of a line; empty for a file without one.
        decimal_mark: the mark that other columns of the file certainly use, or empty.
        date_order: ``"DMY"``, ``"MDY"`` or ``"YMD"``, where other columns certainly use it, or empty.
        missing_words: further words for missing, as the user gave them.
    """

    separator: str = ""
    decimal_mark: str = ""
    date_order: str = ""
    missing_words: tuple[str, ...] = field(default=())


def quoted(text: str) -> str:
    """A cell or header in quotes, cut where it is long."""
    return repr(text) if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]!r}..."
