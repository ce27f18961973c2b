"""The two families of errors, by whose fault it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inference.remedies import FixInput, Remedy
from inference.wording import did_you_mean


class InputError(ValueError):
    """The caller's rows cannot be answered: says what must be true, what was seen and what to do.

    ``str(error)`` is the whole sentence in neutral words. Whoever shows it to a person who does not write
    Python calls ``sentence`` with words of their own for the remedies.

    Attributes:
        problem: what must be true and what was seen.
        subject: what the problem is about, such as ``column 'age'``; the sentence begins with it.
        column: name of the column at fault, or ``None`` when the fault is not in one column.
        row: position of the first row at fault, counted from 0, or ``None``.
        remedies: what to do, one or another.
        suggestion: the name that was probably meant; empty where none is near.

    Example:
        >>> error = InputError("must be a number, but it is 'x'", subject="column 'age'", suggestion="y")
        >>> str(error)
        "column 'age' must be a number, but it is 'x'. Did you mean 'y'?"
        >>> error.sentence(subject="Age")
        "Age must be a number, but it is 'x'. Did you mean 'y'?"
    """

    def __init__(
        self,
        problem: str,
        *,
        subject: str = "",
        column: str | None = None,
        row: int | None = None,
        remedies: Sequence[Remedy] = (),
        suggestion: str = "",
    ) -> None:
        self.problem = problem
        self.subject = subject
        self.column = column
        self.row = row
        self.remedies = tuple(remedies)
        self.suggestion = suggestion
        super().__init__(self.sentence())

    def sentence(self, words: Callable[[Remedy], str] | None = None, *, subject: str | None = None) -> str:
        """The whole sentence, without a full stop.

        Args:
            words: how a remedy is worded; ``None``: neutrally, as in ``str(error)``.
            subject: to begin with in place of the error's own, such as a column's label.
        """
        about = self.subject if subject is None else subject
        told = f"{about} {self.problem}" if about else self.problem
        advice = ", or ".join(_worded(each, words) for each in self.remedies)
        told = f"{told}; {advice}" if advice else told
        return f"{told.removesuffix('.')}.{did_you_mean(self.suggestion)}" if self.suggestion else told

    def within(self, where: str) -> InputError:
        """The same error with the place where it was found in front, such as ``in 'roles.toml'``."""
        return InputError(
            self.problem,
            subject=f"{where}: {self.subject}" if self.subject else f"{where}:",
            column=self.column,
            row=self.row,
            remedies=self.remedies,
            suggestion=self.suggestion,
        )


def _worded(remedy: Remedy, words: Callable[[Remedy], str] | None) -> str:
    return remedy.advice() if words is None or isinstance(remedy, FixInput) else words(remedy)


class ArtifactError(RuntimeError):
    """The model file cannot be used: missing, damaged, foreign, newer, or answered wrongly here."""
