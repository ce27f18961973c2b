"""Checks the difference from which on names say a property."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.segments.naming.differences import Difference
from trainer.segments.naming.named_columns import NamedColumn
from trainer.segments.naming.steady_rule import by_steady_rule

COLUMN = NamedColumn(name="c", source="c", label="C", unit="", meaning="none", direction="", short="c")
LABELS = np.arange(200) % 2


def difference(apart: Sequence[float], edge: float) -> Difference:
    values: NDArray[np.float64] = np.array(apart)
    return Difference(
        column=COLUMN,
        category="",
        standardised=values,
        means=values / 2,
        shares=values / 2,
        errors=np.full(2, 0.14),
        clear=np.abs(values) >= edge,
        rank=np.zeros(2, dtype=np.int64),
    )


def said(found: Sequence[Difference], described: Sequence[Difference]) -> list[str]:
    del described
    return [" ".join(each.level(segment) for each in found) for segment in range(2)]


def test_differences_far_from_the_usual_edge_keep_it() -> None:
    found = [difference((2.0, -2.0), 0.7), difference((0.1, -0.1), 0.7)]
    assert said(by_steady_rule(found, [], LABELS, said), []) == ["high mid", "low mid"]


def test_a_difference_at_the_usual_edge_is_judged_by_another_one() -> None:
    found = [difference((0.7, -0.7), 0.7), difference((0.69, -0.69), 0.7), difference((0.8, -0.8), 0.7)]
    levels = {each.level(0) for each in by_steady_rule(found, [], LABELS, said)}
    assert len(levels) == 1  # all or none: in other samples they change places


def test_no_difference_at_all_stays_unsaid() -> None:
    assert said(by_steady_rule([difference((0.0, 0.0), 0.7)], [], LABELS, said), []) == ["mid", "mid"]
