"""What a caller of the trainer can do about an error, as data (see ``inference.remedies``)."""

from __future__ import annotations

from dataclasses import dataclass

from inference.remedies import Remedy
from inference.wording import listed, quoted, quoted_names


@dataclass(frozen=True, kw_only=True)
class LeaveOut(Remedy):
    """Leave a column out."""

    column: str

    def advice(self) -> str:
        """Name the action."""
        return "leave it out"


@dataclass(frozen=True, kw_only=True)
class NameColumns(Remedy):
    """Name which columns of the transactions have these ``roles``, such as ``("quantity", "price")``.

    ``suggestion`` is a header that could be the one; empty where there is none.
    """

    roles: tuple[str, ...]
    suggestion: str = ""

    def advice(self) -> str:
        """Name the roles."""
        return f"name {listed([f'the {role} column' for role in self.roles])}"


@dataclass(frozen=True, kw_only=True)
class SetDateFormat(Remedy):
    """Specify how dates are written: one of ``choices``."""

    choices: tuple[str, ...]

    def advice(self) -> str:
        """Name the choices."""
        return f"give the date format {listed(self.choices, last='or')}"


@dataclass(frozen=True, kw_only=True)
class GiveQuery(Remedy):
    """Name which rows of a database: a query over its ``tables``."""

    tables: tuple[str, ...]

    def advice(self) -> str:
        """Name the tables."""
        return f"give a query over its tables ({quoted_names(self.tables)})"


@dataclass(frozen=True, kw_only=True)
class NameClusteringColumns(Remedy):
    """Name which columns decide the segments."""

    def advice(self) -> str:
        """Name the action."""
        return "name the clustering columns"


@dataclass(frozen=True, kw_only=True)
class DeclareColumn(Remedy):
    """Specify what a column holds: its ``setting`` is to have a value such as ``example``."""

    column: str
    setting: str
    example: str

    def advice(self) -> str:
        """Name the setting."""
        return f'set {self.setting} of {quoted(self.column)}, as in {self.setting} = "{self.example}"'


@dataclass(frozen=True, kw_only=True)
class ChoosePath(Remedy):
    """Write the draft of the settings to another path."""

    def advice(self) -> str:
        """Name the action."""
        return "choose another path"


@dataclass(frozen=True, kw_only=True)
class KeepCurrency(Remedy):
    """Count the amounts in one currency and leave out the others."""

    currency: str

    def advice(self) -> str:
        """Name the action."""
        return f"keep one currency, such as {self.currency}"


@dataclass(frozen=True, kw_only=True)
class ConvertCurrencies(Remedy):
    """Give the rate of a currency, and of every other that is not the one to convert to."""

    currency: str

    def advice(self) -> str:
        """Name the action."""
        return f"give rates, such as of {self.currency}"
