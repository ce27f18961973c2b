"""The columns that terms need on their way to the answer, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.engines.sql.sql_terms import Named
from inference.engines.symbolic_run.program import Term, shared_terms


@dataclass(frozen=True, kw_only=True)
class Level:
    """One query of the statement.

    Attributes:
        made: terms that become columns here; they need nothing but columns of the level before.
        passed: terms whose columns are from before and needed later.
    """

    made: tuple[Term, ...]
    passed: tuple[Term, ...]


def named_terms(roots: Sequence[Term]) -> Named:
    """A column's name for each term that is used more than once."""
    return {term: f"cs_{index}" for index, term in enumerate(shared_terms(roots))}


def levels(named: Named, roots: Sequence[Term]) -> list[Level]:
    """The levels of the named terms, in which they can be computed one after the other."""
    needs = {term: _needed(term, named) for term in named}
    level: dict[Term, int] = {}
    for term in named:  # each after those it needs
        level[term] = 1 + max((level[each] for each in needs[term]), default=-1)
    last_use = dict.fromkeys(named, 0)
    depth = max(level.values(), default=-1) + 1
    for term, needed in (*needs.items(), *((root, _needed(root, named, itself=True)) for root in roots)):
        used = level.get(term, depth) if term not in roots else depth
        for each in needed:
            last_use[each] = max(last_use[each], used)
    return [
        Level(
            made=tuple(term for term in named if level[term] == at),
            passed=tuple(term for term in named if level[term] < at < last_use[term]),
        )
        for at in range(depth)
    ]


def _needed(term: Term, named: Named, *, itself: bool = False) -> tuple[Term, ...]:
    """The named terms that the expression of a term mentions."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()
    waiting = [term] if itself else list(term.arguments)
    while waiting:
        each = waiting.pop()
        if each in named:
            found[each] = None
        elif each not in seen:
            seen.add(each)
            waiting.extend(each.arguments)
    return tuple(found)
