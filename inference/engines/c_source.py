"""The model as one file of C99 that needs nothing but the mathematics of the standard library."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from inference.contract import COMPLETE, NOVELTY, PROBABILITIES, SEGMENT_ID, Contract
from inference.engines.program import Program, Term, in_order, is_condition, shared_terms
from inference.engines.read_graph import read_program
from inference.engines.steps import without_rows
from inference.kinds.registry import kind_of

_OUTPUTS = (SEGMENT_ID, PROBABILITIES, COMPLETE, NOVELTY)
_FUNCTIONS = {"square_root": "sqrt", "exponential": "exp", "logarithm": "log", "power": "pow"}
_SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "less": "<", "at_most": "<=",
}  # fmt: skip

_HEAD = """\
/* Segments by the model {name}, as its file answers. Written by `python -m inference c`; do not edit.
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


def c_source(path: str | Path, contract: Contract) -> str:
    """The source, with ``answer segment_of(const customer *x)``.

    Raises:
        ArtifactError: when the graph has an operator that is not known here.
    """
    program = without_rows(read_program(path, contract, _OUTPUTS))  # a fifth of the size, and no slower
    return "\n".join(_Source(program=program, contract=contract).lines()) + "\n"


@dataclass(frozen=True, kw_only=True)
class _Source:
    program: Program
    contract: Contract
    tables: dict[tuple[float, ...], str] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """The source, line by line."""
        body = list(self._body())
        yield _HEAD.format(
            name=self.contract.name,
            segments=len(self.contract.segments),
            fields="\n".join(f"  {self._type(name)}{self._field(name)};" for name in self.contract.names),
            names=",\n".join(f"  {_string(each.name)}" for each in self.contract.segments),
        )
        for table, name in self.tables.items():
            yield from _table(name, table)
        if any(term.operation == "code" for term in in_order(self._roots)):
            yield "static int is_text(const char *text, const char *other) {"
            yield "  return text != NULL && strcmp(text, other) == 0;"
            yield "}"
            yield ""
        yield from body

    @cached_property
    def _roots(self) -> list[Term]:
        return [term for each in self.program.outputs.values() for term in each]

    @cached_property
    def _named(self) -> dict[Term, str]:
        return {term: f"t{place}" for place, term in enumerate(shared_terms(self._roots))}

    def _type(self, name: str) -> str:
        return "double " if kind_of(self.contract.column(name)).ordered else "const char *"

    def _field(self, name: str) -> str:
        return f"{name}_" if name in _KEYWORDS else name

    def _body(self) -> Iterator[str]:
        (place,), (complete,), (novelty,) = (
            self.program.outputs[name] for name in (SEGMENT_ID, COMPLETE, NOVELTY)
        )
        yield "answer segment_of(const customer *x) {"
        for term, name in self._named.items():
            kind = "int" if is_condition(term) or _is_whole(term) else "double"
            yield f"  const {kind} {name} = {self._computed(term)};"
        yield "  answer found;"
        yield f"  found.segment = {self._of(place)};"
        yield f"  found.complete = {self._of(complete)};"
        yield f"  found.novelty = {self._of(novelty)};"
        for at, term in enumerate(self.program.outputs[PROBABILITIES]):
            yield f"  found.probabilities[{at}] = {self._of(term)};"
        unknown = " && ".join(self._unknown(name) for name in self.contract.names)
        certain = f"found.probabilities[found.segment] >= {_number(self.contract.least_probability)}"
        usual = f"!(found.novelty > {_number(self.contract.thresholds.novelty)})"
        yield f"  found.enough = found.complete || (!({unknown}) && {certain} && {usual});"
        yield "  return found;"
        yield "}"

    def _unknown(self, name: str) -> str:
        cell = f"x->{self._field(name)}"
        number = kind_of(self.contract.column(name)).ordered
        return f"isnan({cell})" if number else f"({cell} == NULL || *{cell} == 0)"

    def _of(self, term: Term) -> str:
        return self._named.get(term) or self._computed(term)

    def _computed(self, term: Term) -> str:
        writer = _WRITERS.get(term.operation)
        if writer is not None:
            return writer(self, term)
        given = [self._of(each) for each in term.arguments]
        if term.operation in _FUNCTIONS:
            return f"{_FUNCTIONS[term.operation]}({', '.join(given)})"
        return f"({f' {_SIGNS[term.operation]} '.join(given)})"

    def _input(self, term: Term) -> str:
        return f"x->{self._field(term.value)}"

    def _constant(self, term: Term) -> str:
        return str(int(term.value)) if isinstance(term.value, (bool, int)) else _number(term.value)

    def _chosen(self, term: Term) -> str:
        return "({} ? {} : {})".format(*(self._of(each) for each in term.arguments))

    def _weighted(self, term: Term) -> str:
        weights, last = term.value
        parts = [
            self._of(each) if weight == 1.0 else f"{_number(weight)} * {self._of(each)}"
            for each, weight in zip(term.arguments, weights, strict=True)
        ]
        return f"({' + '.join([*parts, *([_number(last)] if last else [])])})"

    def _bounded(self, term: Term) -> str:
        value, limit = (self._of(each) for each in term.arguments)
        return f"({value} {'<' if term.operation == 'most' else '>'} {limit} ? {limit} : {value})"

    def _coded(self, term: Term) -> str:
        codes, default = term.value
        text = self._of(term.arguments[0])
        missing = _number(dict(codes).get("", default))
        found = _number(default)
        for key, code in reversed(codes):
            if key:
                found = f"is_text({text}, {_string(key)}) ? {_number(code)} : {found}"
        return f"(({text} == NULL || *{text} == 0) ? {missing} : {found})"

    def _row(self, term: Term) -> str:
        name = self.tables.setdefault(term.value, f"table_{len(self.tables)}")
        return f"{name}[(int)({self._of(term.arguments[0])})]"


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
_WRITERS: dict[str, Callable[[_Source, Term], str]] = {
    "input": _Source._input,
    "constant": _Source._constant,
    "single": lambda source, term: f"(double)(float)({source._of(term.arguments[0])})",
    "choose": _Source._chosen,
    "weighted": _Source._weighted,
    "least": _Source._bounded,
    "most": _Source._bounded,
    "missing": lambda source, term: f"isnan({source._of(term.arguments[0])})",
    "any": lambda source, term: f"({' || '.join(source._of(each) for each in term.arguments)})",
    "code": _Source._coded,
    "row": _Source._row,
}
