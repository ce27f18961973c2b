"""The two families of errors, by whose fault it is."""

from __future__ import annotations


class InputError(ValueError):
    """The caller's rows cannot be answered: says what must be true, what was seen and what to do.

    Attributes:
        column: name of the column at fault, or ``None`` when the fault is not in one column.
        row: position of the first row at fault, counted from 0, or ``None``.
    """

    def __init__(self, message: str, *, column: str | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.row = row


class ArtifactError(RuntimeError):
    """The model file cannot be used: missing, damaged, foreign, newer, or answered wrongly here."""
