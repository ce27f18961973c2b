"""The model as one file of C99 that needs nothing but the mathematics of the standard library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inference import Segmenter
from inference.contract import COMPLETE, NOVELTY, PROBABILITIES, SEGMENT_ID, Column, Contract
from inference.engines.c.c_terms import CExpressions, blank, field, number_literal, string_literal
from inference.engines.model_mark import model_mark
from inference.engines.symbolic_run.program import Program, Term, in_order, shared_terms
from inference.engines.symbolic_run.read_graph import answer_program
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


def _lines(program: Program, model: Segmenter) -> Iterator[str]:
    """The source, line by line."""
    contract = model.contract
    shared = shared_terms(program.roots)
    written = CExpressions({term: f"t{number}" for number, term in enumerate(shared)})
    body = list(_body(program, contract, written))
    yield _HEAD.format(
        mark=model_mark(model),
        segments=len(contract.segments),
        fields="\n".join(f"  {_type(each)}{field(each.name)};" for each in contract.columns),
        names=",\n".join(f"  {string_literal(each.name)}" for each in contract.segments),
    )
    for cells, name in written.tables.items():
        yield from _table(name, cells)
    if any(term.operation == "code" for term in in_order(program.roots)):
        yield _IS_TEXT
    yield from body


def _body(program: Program, contract: Contract, written: CExpressions) -> Iterator[str]:
    (segment,), (complete,), (novelty,) = (program.outputs[name] for name in (SEGMENT_ID, COMPLETE, NOVELTY))
    yield "answer segment_of(const customer *x) {"
    for term, name in written.named.items():
        kind = "int" if term.condition or _is_whole(term) else "double"
        yield f"  const {kind} {name} = {written.computed(term)};"
    yield "  answer found;"
    yield f"  found.segment = {written.of(segment)};"
    yield f"  found.complete = {written.of(complete)};"
    yield f"  found.novelty = {written.of(novelty)};"
    for at, term in enumerate(program.outputs[PROBABILITIES]):
        yield f"  found.probabilities[{at}] = {written.of(term)};"
    unknown = " && ".join(_unknown(each) for each in contract.columns)
    certain = f"found.probabilities[found.segment] >= {number_literal(contract.least_probability)}"
    usual = f"!(found.novelty > {number_literal(contract.thresholds.novelty)})"
    yield f"  found.enough = found.complete || (!({unknown}) && {certain} && {usual});"
    yield "  return found;"
    yield "}"


def _type(column: Column) -> str:
    return "double " if kind_of(column).ordered else "const char *"


def _unknown(column: Column) -> str:
    cell = f"x->{field(column.name)}"
    return f"isnan({cell})" if kind_of(column).ordered else f"({blank(cell)})"


def _is_whole(term: Term) -> bool:
    """Whether a term is a whole number: a constant index, or a choice of such."""
    if term.operation == "choose":
        return all(_is_whole(each) for each in term.arguments[1:])
    return term.constant and isinstance(term.value, int)


def _table(name: str, cells: Sequence[float]) -> Iterator[str]:
    listed = ", ".join(number_literal(each) for each in cells)
    yield f"static const double {name}[{len(cells)}] = {{{listed}}};"
    yield ""
