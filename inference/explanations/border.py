"""Where a customer starts to be in another segment, located for many rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.explanations.grid import Numbers

SECTIONS = 4  # parts into which the way to the border is divided at a time


@dataclass(frozen=True, kw_only=True)
class Way:
    """Per row ``[n]`` a tick at which the customer stays and the next known one at which they move.

    Attributes:
        outside: NaN where no tick moves the customer; segments: at ``outside``.
    """

    inside: Numbers
    outside: Numbers
    segments: NDArray[np.int64]

    def between(self) -> Numbers:
        """Ticks ``[n, m]`` that divide the way from ``inside`` to ``outside``; none when nothing is left."""
        if not (np.abs(self.outside - self.inside) > 1).any():
            return np.empty((len(self.inside), 0))
        shares = np.arange(1, SECTIONS) / SECTIONS
        ends = np.where(np.isnan(self.outside), self.inside, self.outside)
        ticks: Numbers = np.rint(self.inside[:, None] + (ends - self.inside)[:, None] * shares)
        return ticks

    def narrowed(self, ticks: Numbers, segments: NDArray[np.int64], moves: NDArray[np.bool_]) -> Way:
        """The part of the way up to the first of the ticks ``[n, m]`` that moves the customer."""
        rows, moved = np.arange(len(ticks)), moves.reshape(ticks.shape)
        hit, at = moved.any(axis=1), moved.argmax(axis=1)
        last = np.where(hit, at - 1, ticks.shape[1] - 1)
        found = segments.reshape(ticks.shape)[rows, at]
        return Way(
            inside=np.where(last >= 0, ticks[rows, last], self.inside),
            outside=np.where(hit, ticks[rows, at], self.outside),
            segments=np.where(hit, found, self.segments),
        )
