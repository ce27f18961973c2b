"""The model as one file of C99 that needs nothing but the mathematics of the standard library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from inference import Segmenter
from inference.contract import COMPLETE, NOVELTY, PROBABILITIES, SEGMENT_ID, Column, Contract
from inference.engines.model_mark import model_mark
from inference.engines.program import Program, Term, in_order, shared_terms
from inference.engines.read_graph import answer_program
from inference.engines.term_writer import TermWriter
from inference.kinds.registry import kind_of

_HEAD = """\
/* {mark} Written by `python -m inference c`; do not edit.
   Compile with -std=c99 and link with -lm; compilers must not use -ffast-math. */
#include <math.h>
#include <string.h>

enum {{ SEGMENTS = {segments} }};

/* One customer: NAN is an unknown number, NULL or "" an unknown category, a date is days since 1970-01-01. */
typedef struct {{
{fields}
}} customer;

typedef struct {{
  int segment;                     /* place in segment_names */
  int complete;                    /* every clustering column is known: the nearest centroid decided */
  int enough;                      /* certain enough for one segment */
  double novelty;                  /* above 1: unlike the customers in training; NAN: nothing known */
  double probabilities[SEGMENTS];
}} answer;

const char *const segment_names[SEGMENTS] = {{
{names}
}};
"""
_IS_TEXT = """\
static int is_text(const char *text, const char *other) {
  return text != NULL && strcmp(text, other) == 0;
}
"""


def c_source(model: Segmenter) -> str:
    """The source, with ``answer segment_of(const customer *x)``.

    Raises:
        ArtifactError: when the graph has an operator that is not known here.
    """
    return "\n".join(_lines(answer_program(model), model)) + "\n"


class _Expressions(TermWriter):
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
        return f"({condition} ? {so} : {otherwise})"

    def number(self, value: float) -> str:
        return _number(value)

    def input(self, term: Term) -> str:
        return f"x->{_field(term.value)}"

    def constant(self, term: Term) -> str:
        return str(int(term.value)) if isinstance(term.value, (bool, int)) else _number(term.value)

    def single(self, term: Term) -> str:
        return f"(double)(float)({self.of(term.arguments[0])})"

    def missing(self, term: Term) -> str:
        return f"isnan({self.of(term.arguments[0])})"

    def any(self, term: Term) -> str:
        return f"({' || '.join(self.of(each) for each in term.arguments)})"

    def is_text(self, cell: str, text: str) -> str:
        return f"is_text({cell}, {_string(text)})"

    def no_text(self, cell: str) -> str:
        return _blank(cell)

    def row(self, term: Term) -> str:
        name = self.tables.setdefault(term.value, f"table_{len(self.tables)}")
        return f"{name}[(int)({self.of(term.arguments[0])})]"


def _lines(program: Program, model: Segmenter) -> Iterator[str]:
    """The source, line by line."""
    contract = model.contract
    shared = shared_terms(program.roots)
    written = _Expressions({term: f"t{number}" for number, term in enumerate(shared)})
    body = list(_body(program, contract, written))
    yield _HEAD.format(
        mark=model_mark(model),
        segments=len(contract.segments),
        fields="\n".join(f"  {_type(each)}{_field(each.name)};" for each in contract.columns),
        names=",\n".join(f"  {_string(each.name)}" for each in contract.segments),
    )
    for cells, name in written.tables.items():
        yield from _table(name, cells)
    if any(term.operation == "code" for term in in_order(program.roots)):
        yield _IS_TEXT
    yield from body


def _body(program: Program, contract: Contract, written: _Expressions) -> Iterator[str]:
    (place,), (complete,), (novelty,) = (program.outputs[name] for name in (SEGMENT_ID, COMPLETE, NOVELTY))
    yield "answer segment_of(const customer *x) {"
    for term, name in written.named.items():
        kind = "int" if term.condition or _is_whole(term) else "double"
        yield f"  const {kind} {name} = {written.computed(term)};"
    yield "  answer found;"
    yield f"  found.segment = {written.of(place)};"
    yield f"  found.complete = {written.of(complete)};"
    yield f"  found.novelty = {written.of(novelty)};"
    for at, term in enumerate(program.outputs[PROBABILITIES]):
        yield f"  found.probabilities[{at}] = {written.of(term)};"
    unknown = " && ".join(_unknown(each) for each in contract.columns)
    certain = f"found.probabilities[found.segment] >= {_number(contract.least_probability)}"
    usual = f"!(found.novelty > {_number(contract.thresholds.novelty)})"
    yield f"  found.enough = found.complete || (!({unknown}) && {certain} && {usual});"
    yield "  return found;"
    yield "}"


def _type(column: Column) -> str:
    return "double " if kind_of(column).ordered else "const char *"


def _field(name: str) -> str:
    return f"{name}_" if name in _KEYWORDS else name


def _unknown(column: Column) -> str:
    cell = f"x->{_field(column.name)}"
    return f"isnan({cell})" if kind_of(column).ordered else f"({_blank(cell)})"


def _blank(text: str) -> str:
    return f"{text} == NULL || *{text} == 0"


def _is_whole(term: Term) -> bool:
    """Whether a term is a whole number: a constant place, or a choice of such."""
    if term.operation == "choose":
        return all(_is_whole(each) for each in term.arguments[1:])
    return term.constant and isinstance(term.value, int)


def _number(value: float) -> str:
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return repr(float(value)) if value >= 0 else f"({float(value)!r})"


def _string(text: str) -> str:
    """A literal of C: every byte that is not plain as three octal digits, which end by themselves."""
    plain = (
        chr(each) if 32 <= each < 127 and each not in b'"\\?' else f"\\{each:03o}" for each in text.encode()
    )
    return f'"{"".join(plain)}"'


def _table(name: str, cells: Sequence[float]) -> Iterator[str]:
    listed = ", ".join(_number(each) for each in cells)
    yield f"static const double {name}[{len(cells)}] = {{{listed}}};"
    yield ""


_WORDS = """auto break case char const continue default do double else enum extern float for goto if inline
int long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while"""
_KEYWORDS = frozenset(_WORDS.split())
