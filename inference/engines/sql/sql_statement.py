"""The whole statement: cells are checked, terms computed level by level, and the answer put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inference import Segmenter
from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.contract import COMPLETE, NOVELTY, PROBABILITIES, SEGMENT_ID, Column, Contract
from inference.engines.model_mark import model_mark
from inference.engines.sql.dialects import Dialect
from inference.engines.sql.sql_inputs import checked_cell, fault
from inference.engines.sql.sql_levels import levels, named_terms
from inference.engines.sql.sql_terms import Expressions, cell_name, number
from inference.engines.symbolic_run.program import Program
from inference.engines.symbolic_run.read_graph import answer_program

ERROR_ROUTE = "error"
_ERROR, _NOTE, _PLACE, _COMPLETE, _NOVELTY = "cs_error", "cs_note", "cs_place", "cs_complete", "cs_novelty"
_PROBABILITY = "cs_probability"

ANSWERS = ("segment_id", "segment", "probability", "enough", "novelty", "route", "error", "note")
Columns = list[tuple[str, str]]
"""Expressions with the names of their columns."""


@dataclass(frozen=True, kw_only=True)
class SqlOptions:
    """What a statement reads and gives.

    Attributes:
        table: the table or view, with its schema in front if need be.
        columns: the model's column -> the table's; the same name for those left out.
        absent: the model's columns that the table does not have.
        keep: columns of the table that are given, too, such as the customer's id; none: those of the model.
        all_probabilities: whether the probability of each segment is given, too.
    """

    table: str = "customers"
    columns: Mapping[str, str] = field(default_factory=dict)
    absent: Sequence[str] = ()
    keep: Sequence[str] = ()
    all_probabilities: bool = False


def sql_statement(model: Segmenter, dialect: Dialect, options: SqlOptions) -> str:
    """The statement that answers as the model file does for every row of a table.

    Raises:
        ArtifactError: when the graph has an operator that is not known here.
    """
    written = _Statement(
        mark=model_mark(model),
        contract=model.contract,
        dialect=dialect,
        options=options,
        program=answer_program(model),
    )
    return "\n".join(written.lines()) + "\n"


@dataclass(frozen=True, kw_only=True)
class _Statement:
    mark: str
    contract: Contract
    dialect: Dialect
    options: SqlOptions
    program: Program

    def lines(self) -> Iterator[str]:
        """The statement, one column a line."""
        yield f"-- {self.mark}"
        yield "WITH"
        named = self._expressions.named
        yield from self._query("cs_cells", self._cells(), self.dialect.table(self.options.table))
        before = "cs_cells"
        for index, level in enumerate(levels(named, self.program.roots)):
            passed = [(named[term], named[term]) for term in level.passed]
            made = [(self._expressions.column(term), named[term]) for term in level.made]
            yield from self._query(f"cs_level_{index}", [*self._unchanged, *passed, *made], before)
            before = f"cs_level_{index}"
        yield from self._query("cs_answers", [*self._unchanged, *self._answers()], before, last=True)
        yield from self._select(self._final(), "cs_answers", "")
        if self.dialect.ending:
            yield self.dialect.ending

    @cached_property
    def _expressions(self) -> Expressions:
        return Expressions(self.dialect, named_terms(self.program.roots))

    @cached_property
    def _unchanged(self) -> Columns:
        """The columns that every query passes on."""
        cells = [cell_name(each) for each in self.contract.names]
        return [(self.dialect.identifier(each), each) for each in (*self._kept, *cells, _ERROR, _NOTE)]

    @cached_property
    def _kept(self) -> list[str]:
        given = [each for each in self.contract.names if each not in self.options.absent]
        return list(self.options.keep or (self.options.columns.get(each, each) for each in given))

    def _query(self, name: str, columns: Columns, source: str, *, last: bool = False) -> Iterator[str]:
        yield f"{name} AS ("
        yield from self._select(columns, f"{source} {self.dialect.fence}".rstrip(), "  ")
        yield ")" if last else "),"

    def _select(self, columns: Columns, source: str, indent: str) -> Iterator[str]:
        yield f"{indent}SELECT"
        for position, (made, column) in enumerate(columns, start=1):
            name = self.dialect.identifier(column)
            shown = made if made == name else f"{made} AS {name}"
            yield f"{indent}  {shown}{',' if position < len(columns) else ''}"
        yield f"{indent}FROM {source}"

    def _cells(self) -> Columns:
        """The checked cells of the model's columns, and what is wrong with those that cannot be used."""
        cells = [(column, self._cell(column)) for column in self.contract.columns]
        faults = [
            (column, fault(column, cell, self.dialect))
            for column, cell in cells
            if cell != "NULL" or not column.missing_allowed
        ]
        return [
            *((self.dialect.identifier(each), each) for each in self._kept),
            *((checked_cell(column, cell, self.dialect), cell_name(column.name)) for column, cell in cells),
            (self._first(each for column, each in faults if column.clusters), _ERROR),
            (self._first(each for column, each in faults if not column.clusters), _NOTE),
        ]

    def _cell(self, column: Column) -> str:
        """A column of the table; NULL where it does not have it."""
        if column.name in self.options.absent:
            return "NULL"
        return self.dialect.identifier(self.options.columns.get(column.name, column.name))

    def _first(self, faults: Iterator[tuple[str, str]]) -> str:
        """The sentence about the first fault."""
        cases = " ".join(f"WHEN {holds} THEN {self.dialect.string(sentence)}" for holds, sentence in faults)
        return f"CASE {cases} END" if cases else f"CAST(NULL AS {self.dialect.text})"

    def _answers(self) -> Columns:
        """The outputs of the graph."""
        write = self._expressions.of
        (segment,), (complete,), (novelty,) = (
            self.program.outputs[name] for name in (SEGMENT_ID, COMPLETE, NOVELTY)
        )
        chances = [write(term) for term in self.program.outputs[PROBABILITIES]]
        each = [(chance, f"{_PROBABILITY}_{at}") for at, chance in enumerate(chances)]
        return [
            (write(segment), _PLACE),
            (f"CASE {write(segment)} {_cases(chances)} END", _PROBABILITY),
            (f"CASE WHEN {write(complete)} THEN 1 ELSE 0 END", _COMPLETE),
            (write(novelty), _NOVELTY),
            *(each if self.options.all_probabilities else ()),
        ]

    def _final(self) -> Columns:
        """The answer in words; nothing but the error for a row that cannot be answered."""
        segments = self.contract.segments
        names = _cases([self.dialect.string(each.name) for each in segments])
        ids = _cases([str(each.id) for each in segments])
        each = [(f"{_PROBABILITY}_{at}", f"probability_{one.id}") for at, one in enumerate(segments)]
        answers = [
            (f"CASE {_PLACE} {ids} END", "segment_id"),
            (f"CASE {_PLACE} {names} END", "segment"),
            (_PROBABILITY, "probability"),
            (self._enough(), "enough"),
            (_NOVELTY, "novelty"),
            *(each if self.options.all_probabilities else ()),
        ]
        sound = [(f"CASE WHEN {_ERROR} IS NULL THEN {made} END", name) for made, name in answers]
        kept = self._unchanged[: len(self._kept)]
        return [*kept, *sound, (self._route(), "route"), (_ERROR, "error"), (_NOTE, "note")]

    @property
    def _nothing(self) -> str:
        cells = [self.dialect.identifier(cell_name(each)) for each in self.contract.names]
        return " AND ".join(f"{each} IS NULL" for each in cells)

    def _route(self) -> str:
        return (
            f"CASE WHEN {_ERROR} IS NOT NULL THEN '{ERROR_ROUTE}' "
            f"WHEN {_COMPLETE} = 1 THEN '{COMPLETE_ROUTE}' "
            f"WHEN {self._nothing} THEN '{PRIOR_ROUTE}' ELSE '{PARTIAL_ROUTE}' END"
        )

    def _enough(self) -> str:
        """Whether the answer is certain enough for one segment, as ``inference.answers`` has it."""
        unusual = f"{_NOVELTY} > {number(self.contract.thresholds.novelty)}"
        certain = f"{_PROBABILITY} >= {number(self.contract.least_probability)}"
        return (
            f"CASE WHEN {_COMPLETE} = 1 THEN 1 WHEN {self._nothing} OR {unusual} THEN 0 "
            f"WHEN {certain} THEN 1 ELSE 0 END"
        )


def _cases(results: Sequence[str]) -> str:
    """The results by index."""
    return " ".join(f"WHEN {index} THEN {result}" for index, result in enumerate(results))
