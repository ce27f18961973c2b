"""Look at a table as it is; where that decides nothing, without columns of noise and at other scales.

Every look beyond the first is a search for groups, so it counts only at half the level, where the mixture
proposes the same number, and where it finds more groups than the look before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import SeedSequence

from trainer.segments.structure.batched_kmeans import Floats
from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.column_scales import scales_within_groups
from trainer.segments.structure.evidence import Evidence, Task, measure
from trainer.segments.structure.k_decision import natural_k
from trainer.segments.structure.noise_columns import Subset, columns_with_groups

LEVEL_OF_SEARCH = 0.025
"""Probability with which one population may pass for several in a look after the first."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Evidence on some columns at some scales.

    Attributes:
        columns: positions of the columns used, ascending.
        factors: [c], what each of them was multiplied by.
        table: [n, c], the scaled rows.
        evidence: on these columns.
        natural: the number of natural segments in it, or ``None``.
        settings: of the choice.
    """

    columns: Subset
    factors: Floats
    table: Floats
    evidence: Evidence
    natural: int | None
    settings: ChoiceSettings

    @property
    def is_clear(self) -> bool:
        """Whether rule and mixture agree on the number of natural segments."""
        return self.natural is not None and self.natural == self.evidence.bic_k


def clearest_look(task: Task, seed: SeedSequence) -> Look:
    """Return the first clear look at the table of ``task``, or the look at all columns as they are."""
    of_first, of_searches, of_others = seed.spawn(3)
    every = tuple(range(task.table.shape[1]))
    first = _look(task, every, np.ones(len(every)), of_first)
    if first.is_clear:
        return first
    for columns, factors in _searched(task, of_searches):
        part = task.table[:, list(columns)] * factors
        ks = [k for k in task.ks if k <= len(np.unique(part.round(9), axis=0))]
        if not ks or (task.settings.user_k or ks[0]) not in ks:
            continue
        again = replace(task, table=part, ks=ks, level=LEVEL_OF_SEARCH)
        look = _look(again, columns, factors, of_others.spawn(1)[0])
        if look.is_clear and (look.natural or 1) > (first.natural or 1):
            return look
    return first


def _searched(task: Task, seed: SeedSequence) -> Iterator[tuple[Subset, Floats]]:
    """Yield columns and factors that may show groups more clearly."""
    of_columns, of_scales = seed.spawn(2)
    columns = columns_with_groups(task.table, of_columns) if task.settings.search_columns else None
    if columns is not None:
        yield columns, np.ones(len(columns))
    factors = scales_within_groups(task.table, task.ks, of_scales) if task.settings.search_scales else None
    if factors is not None:
        yield tuple(range(task.table.shape[1])), factors


def _look(task: Task, columns: Subset, factors: Floats, seed: SeedSequence) -> Look:
    evidence, settings = measure(task, seed), task.settings
    natural = natural_k(
        evidence.rows, limit=evidence.limit, bic_k=evidence.bic_k, min_excess=settings.min_excess
    )
    return Look(
        columns=columns,
        factors=factors,
        table=task.table,
        evidence=evidence,
        natural=natural,
        settings=settings,
    )
