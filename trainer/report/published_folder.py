"""Folders of artifacts around the published one: the candidate next in turn, and the one before."""

from __future__ import annotations

import shutil
from pathlib import Path

from inference.errors import InputError
from trainer.report.artifacts import COMPARISON, MODEL
from trainer.report.atomic_folder import exchange, replacing

PREVIOUS, CANDIDATE = ".previous", ".candidate"  # after the name of the published folder


def previous_of(folder: Path) -> Path:
    """Where the artifacts before those in a folder are kept."""
    return _beside(folder, PREVIOUS)


def candidate_of(folder: Path) -> Path:
    """Where a retrained model waits until it is published."""
    return _beside(folder, CANDIDATE)


def publish_candidate(folder: Path) -> None:
    """Put the candidate in the place of the published artifacts, which are kept.

    They are copied before they are replaced, so a kill at any moment leaves each model in a folder.

    Raises:
        InputError: when there is no candidate.
    """
    candidate = candidate_of(folder)
    if not (candidate / MODEL).is_file():
        raise InputError(
            f"a retrained model must wait in {str(candidate)!r}, but there is none; run --from-store first"
        )
    if folder.exists():
        with replacing(previous_of(folder), without=_names(previous_of(folder))) as kept:
            shutil.copytree(folder, kept, dirs_exist_ok=True)
    with replacing(folder, without=(COMPARISON,)) as fresh:
        shutil.copytree(candidate, fresh, dirs_exist_ok=True)
    shutil.rmtree(candidate)


def roll_back(folder: Path) -> None:
    """Exchange the published artifacts and those before; once more, and they are exchanged again.

    Raises:
        InputError: when none are kept, or the system refuses.
    """
    previous = previous_of(folder)
    if not (previous / MODEL).is_file():
        raise InputError(
            f"the artifacts before must be in {str(previous)!r}, but there are none; --publish keeps them"
        )
    exchange(folder.resolve(), previous.resolve())


def _beside(folder: Path, ending: str) -> Path:
    whole = folder.resolve()
    return whole.with_name(whole.name + ending)


def _names(folder: Path) -> set[str]:
    """Of everything in it: nothing of an older model is carried over."""
    return {path.name for path in folder.rglob("*")}
