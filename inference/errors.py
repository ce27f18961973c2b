"""The two kinds of errors: invalid input and unusable model files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inference.wording import did_you_mean, quoted, shortened

if TYPE_CHECKING:
    from inference.remedies import Remedy


_SHORT = 32  # characters of another column with the same problem


class InputError(ValueError):
    """The caller's input is invalid: states what must be true, what was seen and what to do.

    ``str(error)`` is the whole sentence in neutral words. An interface for users who do not write Python
    calls ``sentence`` with its own words for the remedies.

    Attributes:
        problem: what must be true and what was seen.
        subject: what the problem is about, such as ``column 'age'``; the sentence begins with it.
        column: name of the column with the problem, or ``None`` when it is not in one column.
        row: position of the first row with the problem, counted from 0, or ``None``.
        remedies: what to do; each one is an alternative.
        suggestion: the name that was probably meant; empty where no name is similar.
        more: the same problem of other columns, found at the same time.

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
        self.more: tuple[InputError, ...] = ()
        super().__init__(self.sentence())

    def sentence(self, words: Callable[[Remedy], str] | None = None, *, subject: str | None = None) -> str:
        """The whole sentence, without a full stop, and in short which other columns it is about.

        Args:
            words: the words for a remedy; ``None``: neutral ones, as in ``str(error)``.
            subject: replaces the error's own subject, for example with a column's label.
        """
        if not self.more:
            return self.alone(words, subject=subject)
        others = f" and {len(self.more) - 1:,} more" if len(self.more) > 1 else ""
        first = self._with_advice(words, subject=subject).removesuffix(".")
        return self._guessed(f"{first}; the same for {shortened(self.more[0].subject, _SHORT)}{others}")

    def alone(self, words: Callable[[Remedy], str] | None = None, *, subject: str | None = None) -> str:
        """The same without the other columns."""
        return self._guessed(self._with_advice(words, subject=subject))

    def _with_advice(self, words: Callable[[Remedy], str] | None, *, subject: str | None) -> str:
        about = self.subject if subject is None else subject
        sentence = f"{about} {self.problem}" if about else self.problem
        advice = ", or ".join(_worded(each, words) for each in self.remedies)
        return f"{sentence}; {advice}" if advice else sentence

    def _guessed(self, sentence: str) -> str:
        """A sentence, and the name that was probably meant."""
        return (
            f"{sentence.removesuffix('.')}.{did_you_mean(self.suggestion)}" if self.suggestion else sentence
        )

    def with_more(self, more: Sequence[InputError]) -> InputError:
        """The same error, which other columns have, too."""
        self.more = tuple(more)
        self.args = (self.sentence(),)
        return self

    def within(self, where: str) -> InputError:
        """The same error with its location at the beginning, such as ``in 'roles.toml'``."""
        return InputError(
            self.problem,
            subject=f"{where}: {self.subject}" if self.subject else f"{where}:",
            column=self.column,
            row=self.row,
            remedies=self.remedies,
            suggestion=self.suggestion,
        ).with_more(self.more)


def _worded(remedy: Remedy, words: Callable[[Remedy], str] | None) -> str:
    return remedy.advice() if words is None or remedy.same_everywhere else words(remedy)


class ArtifactError(RuntimeError):
    """The model file cannot be used: missing, damaged, not of this project, newer, or with wrong answers."""


def files_missing(error: ModuleNotFoundError) -> str:
    """What to install where the scoring of files is not, in a sentence."""
    return (
        f"{quoted(error.name)} must be installed to score files, but it is not; "
        "install customer-segmentation[files], or requirements.txt in a clone"
    )
