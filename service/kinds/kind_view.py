"""What every kind of column can do for the API and the page: be described, entered and drawn along."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from inference import Column, Segment
from service.kinds.scales import Scale

Value = float | int | str | None  # as a form holds it: a date as ISO text, ``None`` for unknown
Schema = dict[str, Any]


class KindView(ABC):
    """One kind of column; it holds no state, a column of the contract comes with each call.

    Attributes:
        name: what the contract calls it, and under which ``inference`` knows it.
        control: which of the controls in ``service.page.fields`` the form has for it.
    """

    name: ClassVar[str]
    control: ClassVar[str]

    # The API

    @abstractmethod
    def template(self, column: Column) -> str:
        """The sentence that describes a column, with {title}, {limits}, {values}, {other} and {role}."""

    @abstractmethod
    def schemas(self, column: Column, *, spellings: bool) -> list[Schema]:
        """JSON schemas of its known values, any of which fits.

        Args:
            column: of this kind.
            spellings: also take what is not the value itself but another spelling of it.
        """

    @abstractmethod
    def argument(self, column: Column) -> Any:
        """The type of a Python argument that takes it."""

    # A customer's values

    @abstractmethod
    def read(self, column: Column, text: str) -> Value:
        """The value that a text is; ``None`` where it cannot be one."""

    @abstractmethod
    def common(self, column: Column, counts: Mapping[str, int]) -> float | str:
        """What is most common in training; ``counts`` are those of its categories, if it has any."""

    @abstractmethod
    def typical(self, column: Column, segment: Segment) -> Value:
        """What is typical of a segment; ``None`` where too little is known."""

    def rounded(self, column: Column, value: float) -> float | int | str:
        """A value as a person would enter it: whole where the column is, else with few digits."""
        short = float(f"{value:.4g}")
        return round(value) if column.integer else int(short) if short.is_integer() else short

    # Along an axis, for kinds whose values lie on a line

    def position(self, column: Column, value: object) -> float | None:
        """The number that a customer's value is on an axis; ``None`` where there is none."""
        del column
        return float(value) if isinstance(value, (int, float)) else None

    def valid(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The nearest values ``[N]`` that a customer can have."""
        return values

    @abstractmethod
    def ticks(self, scale: Scale) -> list[tuple[str, float]]:
        """Round values along an axis, as they are written and as numbers."""
