"""Try other clustering columns without training a classifier."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from trainer.config import TrainConfig
from trainer.parallel import Progress, no_progress
from trainer.roles.training_rows import table_of
from trainer.segments.alternatives.evaluated import Alternative, evaluate_alternatives
from trainer.segments.alternatives.variants import take_alternative
from trainer.segments.clustered import cluster


def alternatives(
    data: Any, config: TrainConfig | None = None, *, progress: Progress = no_progress
) -> tuple[Alternative, ...]:
    """Segment a table by the proposed clustering columns and by others.

    Args:
        data, config: as for ``train``, which takes one of those found with
            ``TrainConfig(alternative=found[i].slug)``.
        progress: called after each step of the work.

    Returns:
        The proposed (or chosen) set first, then the others, the best first: natural before reproducible
        before constructive, then by the excess over one population.

    Raises:
        InputError: as ``train`` does.
    """
    config = config or TrainConfig()
    proposed = table_of(data, config)
    table = take_alternative(proposed, config.alternative)
    clustered = cluster(table, replace(config, strict=False), progress=progress)
    return evaluate_alternatives(clustered, proposed, rows=config.sensitivity_rows, progress=progress)
