"""The terms of a program as expressions of C, and the names and literals in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.term_writer import TermWriter

_WORDS = """auto break case char const continue default do double else enum extern float for goto if inline
int long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while"""
_KEYWORDS = frozenset(_WORDS.split())


class CExpressions(TermWriter):
    """Expressions of C.

    Attributes:
        tables: the cells of each table -> its name.
    """

    functions: ClassVar[Mapping[str, str]] = {
        "square_root": "sqrt",
        "exponential": "exp",
        "logarithm": "log",
        "power": "pow",
    }

    def __init__(self, named: dict[Term, str]) -> None:
        super().__init__(named)
        self.tables: dict[tuple[float, ...], str] = {}

    def either(self, condition: str, so: str, otherwise: str) -> str:
        """One of two expressions; a comparison with NAN is false."""
        return f"({condition} ? {so} : {otherwise})"

    def number(self, value: float) -> str:
        """A double, so that the same one is read."""
        return number_literal(value)

    def input(self, term: Term) -> str:
        """One of the customer's columns."""
        return f"x->{field(term.value)}"

    def constant(self, term: Term) -> str:
        """A number, a truth or a text."""
        return str(int(term.value)) if isinstance(term.value, (bool, int)) else number_literal(term.value)

    def single(self, term: Term) -> str:
        """A number rounded to single precision."""
        return f"(double)(float)({self.of(term.arguments[0])})"

    def missing(self, term: Term) -> str:
        """Whether a number is missing."""
        return f"isnan({self.of(term.arguments[0])})"

    def any(self, term: Term) -> str:
        """Whether one of several conditions holds."""
        return f"({' || '.join(self.of(each) for each in term.arguments)})"

    def is_text(self, cell: str, text: str) -> str:
        """Whether a cell is a text."""
        return f"is_text({cell}, {string_literal(text)})"

    def no_text(self, cell: str) -> str:
        """Whether a cell has no text."""
        return blank(cell)

    def row(self, term: Term) -> str:
        """A cell of a table, which gets a name."""
        name = self.tables.setdefault(term.value, f"table_{len(self.tables)}")
        return f"{name}[(int)({self.of(term.arguments[0])})]"


def field(name: str) -> str:
    """The name of a column's field, which must not be a keyword."""
    return f"{name}_" if name in _KEYWORDS else name


def blank(text: str) -> str:
    """Whether a category is unknown: NULL or an empty text."""
    return f"{text} == NULL || *{text} == 0"


def number_literal(value: float) -> str:
    """A literal of C that is read as the same double."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return repr(float(value)) if value >= 0 else f"({float(value)!r})"


def string_literal(text: str) -> str:
    """A literal of C: every byte that is not plain as three octal digits, which end by themselves."""
    plain = (
        chr(each) if 32 <= each < 127 and each not in b'"\\?' else f"\\{each:03o}" for each in text.encode()
    )
    return f'"{"".join(plain)}"'
