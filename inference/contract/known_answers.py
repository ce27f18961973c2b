"""The rows with known answers in a model file, which are checked each time it is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class KnownAnswers:
    """Inputs and the answers of scikit-learn and the classifier's library to them.

    Attributes:
        inputs: column -> ``N`` cells, ``None`` where missing; dates are days since 1970-01-01.
        outputs: output -> ``N`` cells or rows of ``K``, ``None`` where missing.
    """

    inputs: Mapping[str, Sequence[Any]]
    outputs: Mapping[str, Sequence[Any]]
