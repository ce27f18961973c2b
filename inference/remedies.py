"""What a caller can do about an error, as data; each interface words it in its own terms.

``Remedy.advice`` is the neutral wording, for Python. The command line, the page, the REST API and Gradio's
functions have a table from the type of a remedy to their own words. For a new type, add its words to each
table; a test reports the tables where it is missing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from inference.wording import listed, quoted, quoted_names


@dataclass(frozen=True, kw_only=True)
class Remedy(ABC):
    """One way to make the input usable; a remedy without data of its own needs no decorator.

    Attributes:
        same_everywhere: whether every interface uses the words of ``advice``.
    """

    same_everywhere: ClassVar[bool] = False

    @abstractmethod
    def advice(self) -> str:
        """What to do, as the end of a sentence, for a caller in Python."""


@dataclass(frozen=True, kw_only=True)
class FixInput(Remedy):
    """Change the input itself by an ``action`` with the same words in every interface; in no table."""

    same_everywhere: ClassVar[bool] = True
    action: str

    def advice(self) -> str:
        """Name the action."""
        return self.action


@dataclass(frozen=True, kw_only=True)
class MapColumn(Remedy):
    """Map a column of the model to one of the ``headers``; ``suggestion``: the likely one, or empty."""

    column: str
    headers: tuple[str, ...]
    suggestion: str = ""

    def advice(self) -> str:
        """Name the column."""
        return f"map column {self.column!r} to a header"


@dataclass(frozen=True, kw_only=True)
class GiveMissing(Remedy):
    """Declare that the file does not have a column; it is then unknown in every row."""

    column: str

    def advice(self) -> str:
        """Name the column."""
        return f"declare {self.column!r} missing if no customer has it"


@dataclass(frozen=True, kw_only=True)
class ChooseHeader(Remedy):
    """Choose one of several ``headers`` that match a column."""

    column: str
    headers: tuple[str, ...]

    def advice(self) -> str:
        """Name the column."""
        return f"map column {self.column!r} to one of them"


@dataclass(frozen=True, kw_only=True)
class GiveOwnHeader(Remedy):
    """Give a column a header that no other column uses."""

    column: str

    def advice(self) -> str:
        """Name the column."""
        return f"map column {self.column!r} to a header of its own"


class SetEncoding(Remedy):
    """Name the encoding of a CSV file."""

    def advice(self) -> str:
        """Name the setting."""
        return "name its encoding"


class SetSeparator(Remedy):
    """Name the separator of a CSV file."""

    def advice(self) -> str:
        """Name the setting."""
        return "name its separator"


class SetHeaderRow(Remedy):
    """Name the line (or the row of a sheet) that has the headers."""

    def advice(self) -> str:
        """Name the setting."""
        return "give the number of the header row"


@dataclass(frozen=True, kw_only=True)
class SetDecimal(Remedy):
    """Say which of ``marks`` is the decimal mark of the column with this ``header``."""

    header: str
    marks: tuple[str, ...] = (".", ",")

    def advice(self) -> str:
        """Name the setting."""
        return f"give the decimal mark of {quoted(self.header)}, {listed(map(repr, self.marks), last='or')}"


@dataclass(frozen=True, kw_only=True)
class ChooseSheet(Remedy):
    """Name one of the ``sheets`` of an Excel file."""

    sheets: tuple[str, ...]

    def advice(self) -> str:
        """Name the sheets."""
        return f"choose one of the sheets {quoted_names(self.sheets)}"


@dataclass(frozen=True, kw_only=True)
class RaiseLimit(Remedy):
    """Raise the limit that a file exceeds, named as in ``ReadOptions``; or split the file."""

    limit: Literal["max_bytes", "max_rows"]

    def advice(self) -> str:
        """Name the limit."""
        return f"split it, or raise {self.limit}"


@dataclass(frozen=True, kw_only=True)
class CorrectFormat(Remedy):
    """Give the format of a file: ``"csv"``, ``"parquet"`` or ``"excel"``."""

    found: str

    def advice(self) -> str:
        """Name the format."""
        return f"give the format {self.found!r}, or none"


class ChooseOutputFormat(Remedy):
    """Give the format of the scored file, which its name does not show."""

    def advice(self) -> str:
        """Name the extensions."""
        return f"end its name in {quoted('.csv')} or {quoted('.parquet')}, or give the output format"
