"""The terms of a program as formulas of a workbook, one row for each customer.

A missing number is the error value #N/A: arithmetic passes it on, and a comparison with it counts as false,
as NaN does in the model's graph.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.contract import COMPLETE, DATE, NOVELTY, PROBABILITIES, SEGMENT_ID, Column, Contract
from inference.dates import FIRST_DAY, LAST_DAY
from inference.engines.program import Program, Term, is_positive, shared_terms
from inference.kinds.number import LARGEST
from inference.kinds.registry import kind_of

OUTPUTS = (SEGMENT_ID, PROBABILITIES, COMPLETE, NOVELTY)
CUSTOMERS, CALCULATION = "Customers", "Calculation"  # the sheets
RESULTS = ("Segment", "Probability", "Certain enough", "Novelty", "Route", "Problem")
EPOCH = 25569  # serial number of 1970-01-01
ROW = "\N{SECTION SIGN}"  # stands for the number of the row
_FUNCTIONS = {"square_root": "SQRT", "exponential": "EXP", "logarithm": "LN", "power": "POWER"}
_SIGNS = {"add": "+", "subtract": "-", "multiply": "*"}
_COMPARED = {"less": "<", "at_most": "<="}
_BEYOND = "1E+300"
_LONGEST = 3_000  # characters of a formula; a program may refuse more than 8,192


@dataclass(frozen=True, kw_only=True)
class Formulas:
    """The formulas of one row; ``columns`` are those of the sheet behind, in the order of its columns."""

    contract: Contract
    program: Program
    columns: list[str] = field(default_factory=list)
    named: dict[Term, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def results(self) -> list[str]:
        """The formulas of the answer, after those of all terms they need."""
        for column in self.contract.columns:
            self.cells[column.name] = self._column(f"={self._cell(column)}")
        for term in shared_terms([term for each in self.program.outputs.values() for term in each]):
            self.named[term] = self._column(f"={self._computed(term)}")
        (place,), (complete,), (novelty,) = (
            self._behind(self.program.outputs[name]) for name in (SEGMENT_ID, COMPLETE, NOVELTY)
        )
        chances = ",".join(self._behind(self.program.outputs[PROBABILITIES]))
        names = ",".join(_text(each.name) for each in self.contract.segments)
        nothing = f"AND({','.join(f'ISNA({CALCULATION}!{each})' for each in self.cells.values())})"
        refused = self._problem([column for column in self.contract.columns if column.clusters])
        blank = f'OR({refused}<>"",{_nothing_typed(self.contract)})'
        chance = f"CHOOSE({place}+1,{chances})"
        unusual = f"IFERROR({novelty}>{_number(self.contract.thresholds.novelty)},FALSE)"
        certain = f"{chance}>={_number(self.contract.least_probability)}"
        enough = f"OR({complete},AND(NOT({nothing}),{certain},NOT({unusual})))"
        route = f'IF({complete},"{COMPLETE_ROUTE}",IF({nothing},"{PRIOR_ROUTE}","{PARTIAL_ROUTE}"))'
        shown = (
            f"CHOOSE({place}+1,{names})",
            chance,
            f'IF({enough},"yes","no")',
            f'IFERROR({novelty},"")',
            route,
        )
        return [*(f'=IF({blank},"",{each})' for each in shown), f"={self._problem(self.contract.columns)}"]

    def _behind(self, terms: Sequence[Term]) -> list[str]:
        """The terms as columns of the sheet behind."""
        return [f"{CALCULATION}!{self._column(f'={self._of(each)}')}" for each in terms]

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
        low, high = _limits(column)
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

    def _of(self, term: Term) -> str:
        return self.named.get(term) or self._computed(term)

    def _computed(self, term: Term) -> str:
        writer = _WRITERS.get(term.operation)
        if writer is not None:
            return writer(self, term)
        given = [self._of(each) for each in term.arguments]
        if term.operation in _COMPARED:
            return f"IFERROR({_COMPARED[term.operation].join(given)},FALSE)"
        if term.operation in _FUNCTIONS:
            return f"{_FUNCTIONS[term.operation]}({','.join(given)})"
        return f"({_SIGNS[term.operation].join(given)})"

    def _constant(self, term: Term) -> str:
        value = term.value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return _text(value) if isinstance(value, str) else _number(value)

    def _divided(self, term: Term) -> str:
        above, below = (self._of(each) for each in term.arguments)
        if is_positive(term.arguments[1]):
            return f"({above}/{below})"
        beyond = f"IF({above}>0,{_BEYOND},IF({above}<0,-{_BEYOND},NA()))"
        return f"IF({below}=0,{beyond},{above}/{below})"

    def _weighted(self, term: Term) -> str:
        weights, last = term.value
        parts = [
            self._of(each) if weight == 1.0 else f"{_number(weight)}*{self._of(each)}"
            for each, weight in zip(term.arguments, weights, strict=True)
        ]
        return self._summed([*parts, *([_number(last)] if last else [])])

    def _summed(self, parts: Sequence[str]) -> str:
        """A sum; of a long one, columns of their own hold the parts."""
        if sum(map(len, parts)) <= _LONGEST or len(parts) == 1:
            return f"({'+'.join(parts)})"
        middle = len(parts) // 2
        halves = (self._summed(parts[:middle]), self._summed(parts[middle:]))
        return f"({'+'.join(self._column(f'={each}') for each in halves)})"

    def _bounded(self, term: Term) -> str:
        value, limit = (self._of(each) for each in term.arguments)
        sign = "<" if term.operation == "most" else ">"
        return f"IF({value}{sign}{limit},{limit},{value})"

    def _coded(self, term: Term) -> str:
        codes, default = term.value
        text = self._of(term.arguments[0])
        found = _number(default)
        for key, code in reversed(codes):
            if key:
                found = f"IF({text}={_text(key)},{_number(code)},{found})"
        return f"IF(ISNA({text}),{_number(dict(codes).get('', default))},{found})"

    def _row(self, term: Term) -> str:
        return f"CHOOSE({self._of(term.arguments[0])}+1,{','.join(map(_number, term.value))})"


def _limits(column: Column) -> tuple[float, float]:
    if column.kind == DATE:
        return column.limits or (FIRST_DAY, LAST_DAY)
    low, high = column.limits or (-LARGEST, LARGEST)
    return max(low, -LARGEST), min(high, LARGEST)


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
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


_WRITERS: dict[str, Callable[[Formulas, Term], str]] = {
    "input": lambda written, term: written.cells[term.value],
    "constant": Formulas._constant,
    "single": lambda written, term: written._of(term.arguments[0]),
    "choose": lambda written, term: f"IF({','.join(written._of(each) for each in term.arguments)})",
    "divide": Formulas._divided,
    "weighted": Formulas._weighted,
    "least": Formulas._bounded,
    "most": Formulas._bounded,
    "missing": lambda written, term: f"ISNA({written._of(term.arguments[0])})",
    "any": lambda written, term: f"OR({','.join(written._of(each) for each in term.arguments)})",
    "code": Formulas._coded,
    "row": Formulas._row,
}
