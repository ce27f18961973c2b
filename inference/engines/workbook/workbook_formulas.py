"""The terms of a program as formulas of a workbook, one row for each customer.

A missing number is the error value #N/A: arithmetic passes it on, and a comparison with it counts as false,
as NaN does in the model's graph.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from xlsxwriter.utility import xl_col_to_name

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.contract import COMPLETE, DATE, NOVELTY, PROBABILITIES, SEGMENT_ID, Column, Contract
from inference.engines.symbolic_run.program import Program, Term, shared_terms
from inference.engines.symbolic_run.term_writer import TermWriter
from inference.kinds.registry import kind_of

CUSTOMERS, CALCULATION = "Customers", "Calculation"  # the sheets
RESULTS = ("Segment", "Probability", "Certain enough", "Novelty", "Route", "Problem")
EPOCH = 25569  # serial number of 1970-01-01
ROW = "\N{SECTION SIGN}"  # a placeholder for the number of the row
_BEYOND = "1E+300"
_LONGEST_TEXT = 100  # signs, some of which are written twice
_LONGEST = 3_000  # characters of a formula; a program may refuse more than 8,192


class Formulas(TermWriter):
    """The formulas of one row; ``columns`` are those of the sheet with the calculation, in its order."""

    functions: ClassVar[Mapping[str, str]] = {
        "square_root": "SQRT",
        "exponential": "EXP",
        "logarithm": "LN",
        "power": "POWER",
    }

    largest = _BEYOND

    def __init__(self, contract: Contract, program: Program) -> None:
        super().__init__({})
        self.contract, self.program = contract, program
        self.columns: list[str] = []
        self.cells: dict[str, str] = {}

    def results(self) -> list[str]:
        """The formulas of the answer, after those of all terms they need."""
        for column in self.contract.columns:
            self.cells[column.name] = self._column(f"={self._cell(column)}")
        for term in shared_terms(self.program.roots):
            self.named[term] = self._column(f"={self.computed(term)}")
        (segment,), (complete,), (novelty,) = (
            self._calculated(self.program.outputs[name]) for name in (SEGMENT_ID, COMPLETE, NOVELTY)
        )
        chances = ",".join(self._calculated(self.program.outputs[PROBABILITIES]))
        names = ",".join(_text(each.name) for each in self.contract.segments)
        nothing = f"AND({','.join(f'ISNA({CALCULATION}!{each})' for each in self.cells.values())})"
        refused = self._problem([column for column in self.contract.columns if column.clusters])
        blank = f'OR({refused}<>"",{_nothing_typed(self.contract)})'
        chance = f"CHOOSE({segment}+1,{chances})"
        unusual = f"IFERROR({novelty}>{_number(self.contract.thresholds.novelty)},FALSE)"
        certain = f"{chance}>={_number(self.contract.least_probability)}"
        enough = f"OR({complete},AND(NOT({nothing}),{certain},NOT({unusual})))"
        route = f'IF({complete},"{COMPLETE_ROUTE}",IF({nothing},"{PRIOR_ROUTE}","{PARTIAL_ROUTE}"))'
        shown = (
            f"CHOOSE({segment}+1,{names})",
            chance,
            f'IF({enough},"yes","no")',
            f'IFERROR({novelty},"")',
            route,
        )
        return [*(f'=IF({blank},"",{each})' for each in shown), f"={self._problem(self.contract.columns)}"]

    def _calculated(self, terms: Sequence[Term]) -> list[str]:
        """The terms as columns of the sheet with the calculation."""
        return [f"{CALCULATION}!{self._column(f'={self.of(each)}')}" for each in terms]

    def _column(self, formula: str) -> str:
        self.columns.append(formula)
        return f"{xl_col_to_name(len(self.columns) - 1)}{ROW}"

    def _typed(self, column: Column) -> str:
        return f"{CUSTOMERS}!{xl_col_to_name(self.contract.names.index(column.name))}{ROW}"

    def _cell(self, column: Column) -> str:
        """What was typed as the model takes it; #N/A where it is missing or cannot be used."""
        typed = self._typed(column)
        if not kind_of(column).ordered:
            return self._category(column, typed)
        low, high = kind_of(column).bounds(column)
        value = f"{typed}-{EPOCH}" if column.kind == DATE else typed
        usable = f"AND({value}>={_number(low)},{value}<={_number(high)})"
        return f"IF(ISNUMBER({typed}),IF({usable},{value},NA()),NA())"

    def _category(self, column: Column, typed: str) -> str:
        found = f'IF(TRIM({typed})="",NA(),{_text(column.other)})' if column.other else "NA()"
        for name in reversed(dict.fromkeys(column.spellings.values())):
            spelled = [each for each, meant in column.spellings.items() if meant == name]
            same = ",".join(f"TRIM({typed})={_text(each)}" for each in spelled)  # in any case
            found = f"IF(OR({same}),{_text(name) if name else 'NA()'},{found})"
        return found

    def _problem(self, columns: Sequence[Column]) -> str:
        """What is wrong with the first cell of these columns that cannot be used."""
        found = '""'
        for column in reversed(columns):
            typed, cell = self._typed(column), f"{CALCULATION}!{self.cells[column.name]}"
            unknown = [each for each, meant in column.spellings.items() if not meant]
            words = ",".join(f"TRIM({typed})={_text(each)}" for each in ("", *unknown))
            bad = f"AND(ISNA({cell}),NOT(OR({words})))"
            found = f"IF({bad},{_text(f'{column.label} cannot be used')},{found})"
        return found

    def computed(self, term: Term) -> str:
        """The formula of a term; to compare something missing is false."""
        if term.operation in ("less", "at_most"):
            return f"IFERROR({super().computed(term)},FALSE)"
        return super().computed(term)

    def either(self, condition: str, so: str, otherwise: str) -> str:
        """An ``IF``."""
        return f"IF({condition},{so},{otherwise})"

    def number(self, value: float) -> str:
        """A number."""
        return _number(value)

    def input(self, term: Term) -> str:
        """The cell with what was typed, checked."""
        return self.cells[term.value]

    def constant(self, term: Term) -> str:
        """A constant."""
        value = term.value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return _text(value) if isinstance(value, str) else _number(value)

    def summed(self, parts: Sequence[str]) -> str:
        """A sum; of a long one, columns of their own hold the parts."""
        if sum(map(len, parts)) <= _LONGEST or len(parts) == 1:
            return super().summed(parts)
        middle = len(parts) // 2
        halves = (self.summed(parts[:middle]), self.summed(parts[middle:]))
        return super().summed([self._column(f"={each}") for each in halves])

    def missing(self, term: Term) -> str:
        """Whether a number is missing."""
        return f"ISNA({self.of(term.arguments[0])})"

    def any(self, term: Term) -> str:
        """Whether one of several conditions holds."""
        return f"OR({','.join(self.of(each) for each in term.arguments)})"

    def is_text(self, cell: str, text: str) -> str:
        """Whether a cell is a text, in any case."""
        return f"{cell}={_text(text)}"

    def no_text(self, cell: str) -> str:
        """Whether a cell has no text."""
        return f"ISNA({cell})"

    def row(self, term: Term) -> str:
        """A cell of a short table."""
        return f"CHOOSE({self.of(term.arguments[0])}+1,{','.join(map(_number, term.value))})"


def _nothing_typed(contract: Contract) -> str:
    last = xl_col_to_name(len(contract.columns) - 1)
    return f"COUNTA({CUSTOMERS}!A{ROW}:{last}{ROW})=0"


def _number(value: float) -> str:
    if math.isnan(value):
        return "NA()"
    if math.isinf(value):
        return _BEYOND if value > 0 else f"-{_BEYOND}"
    return f"({value!r})".upper() if value < 0 else f"{value!r}".upper()


def _text(text: str) -> str:
    """A text in quotes; a long one in parts, because Excel takes 255 signs."""
    parts = [text[start : start + _LONGEST_TEXT] for start in range(0, len(text), _LONGEST_TEXT)] or [""]
    return "&".join('"{}"'.format(part.replace('"', '""')) for part in parts)
