"""The settings of training on a table that somebody sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.settings.environment_values import SettingsError, switch, whole

TRAINER = Path(__file__).parents[2] / "trainer"  # in a clone and on a Space, not in an image that only serves
_LIMITS = {  # variable -> smallest and largest value, the usual one, and that of a public Space
    "TRAIN_SECONDS": (1, 86_400, 900, 300),
    "TRAIN_MEMORY_MB": (64, 1_000_000, 4_000, 2_500),
    "TRAIN_MAX_MB": (1, 10_000, 100, 20),
    "TRAIN_MAX_ROWS": (50, 100_000_000, 500_000, 50_000),
    "TRAIN_QUEUE": (0, 1_000, 8, 8),
    "TRAIN_KEPT_MINUTES": (1, 10_080, 60, 60),
}


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How much a training may use; each comes from the variable ``TRAIN_`` with its name.

    Attributes:
        seconds: of the wall clock, until a training is ended.
        memory_mb: the most memory of the child process and its own children, in millions of bytes.
        max_mb, max_rows: the largest file.
        queue: trainings that may wait; one runs.
        kept_minutes: until a result, a file that waits or a table that was read is removed.
    """

    seconds: int = _LIMITS["TRAIN_SECONDS"][2]
    memory_mb: int = _LIMITS["TRAIN_MEMORY_MB"][2]
    max_mb: int = _LIMITS["TRAIN_MAX_MB"][2]
    max_rows: int = _LIMITS["TRAIN_MAX_ROWS"][2]
    queue: int = _LIMITS["TRAIN_QUEUE"][2]
    kept_minutes: int = _LIMITS["TRAIN_KEPT_MINUTES"][2]

    def __post_init__(self) -> None:
        for name, (low, high, _, _) in _LIMITS.items():
            value = getattr(self, _field(name))
            if not low <= value <= high:
                raise SettingsError(f"{name} must be from {low} to {high}, but it is {value}")


def training(given: Mapping[str, str]) -> TrainingSettings | None:
    """The settings of training; ``None`` while it is off, as it is where the trainer is not."""
    on_a_space = "SPACE_ID" in given
    if not switch("TRAINING", given.get("TRAINING", "on" if TRAINER.is_dir() else "off")):
        return None
    usual = 3 if on_a_space else 2
    limits = {
        _field(name): whole(name, given[name]) if name in given else limit[usual]
        for name, limit in _LIMITS.items()
    }
    return TrainingSettings(**limits)


def _field(name: str) -> str:
    return name.removeprefix("TRAIN_").lower()
