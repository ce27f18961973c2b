"""The settings of one training run, checked when made and stored with its result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from inference.errors import InputError
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.cross_validation import EVALUATED_ROWS, Folding
from trainer.roles.settings.role_settings import Roles
from trainer.segments.structure import ChoiceSettings

ROWS, FEW_ROWS = 1_000, 500  # enough to distinguish reproducible from constructive


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How a model is trained.

    Attributes:
        seed: the random seed, also instead of ``choice.seed``; the same seed, data and versions give the
            same file.
        folds, repeats: of the nested cross-validation; tables above 200 rows take fewer repeats.
        evaluated_rows: how many customers the classifiers are evaluated on, at most.
        choice: how k is chosen; ``choice.user_k`` is the user's own k.
        classifier: ``"auto"`` chooses by the cross-validation, or one of the candidates' names.
        sensitivity: whether to evaluate the table with other clustering columns, too.
        light_sensitivity: whether to do so only where the segments are not natural, and on fewer customers.
        alternative: the name of another set of clustering columns, such as ``"shares-of-spend"``, to use in
            place of the proposed one; ``alternatives`` lists those of a table.
        roles: the settings of the table's columns; the rest is proposed from the data.
        strict: whether to stop when the segments are not natural.
    """

    seed: int = 0
    folds: int = 5
    repeats: int = 10
    evaluated_rows: int = EVALUATED_ROWS
    choice: ChoiceSettings = field(default_factory=ChoiceSettings)
    classifier: str = "auto"
    sensitivity: bool = True
    light_sensitivity: bool = False
    alternative: str | None = None
    strict: bool = False
    roles: Roles = field(default_factory=Roles)

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise InputError(f"the seed must be a whole number, 0 or larger; got {self.seed}")
        if self.classifier != "auto" and self.classifier not in CANDIDATES:
            known = sorted(CANDIDATES)
            raise InputError(
                f"the classifier must be 'auto' or one of {known}, but it is {self.classifier!r}"
            )
        object.__setattr__(self, "choice", replace(self.choice, seed=self.seed))
        if self.folds < 2 or self.repeats < 1:
            raise InputError(f"folds must be >= 2 and repeats >= 1; got {self.folds} and {self.repeats}")

    @property
    def choice_of_columns(self) -> ChoiceSettings:
        """How k is chosen; clustering columns that the user named, or took as a set, are all used."""
        named = bool(self.roles.cluster) or self.alternative is not None
        return replace(self.choice, search_columns=self.choice.search_columns and not named)

    @property
    def sensitivity_rows(self) -> int:
        """How many customers the table is evaluated on with other clustering columns, at most."""
        return FEW_ROWS if self.light_sensitivity else ROWS

    @property
    def folding(self) -> Folding:
        """How the rows of the cross-validation are split."""
        return Folding(folds=self.folds, repeats=self.repeats, seed=self.seed, rows=self.evaluated_rows)
