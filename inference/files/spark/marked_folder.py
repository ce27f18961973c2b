"""The folder of a scored table: a mark says of what it is made, so that a second run never doubles rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from inference.errors import InputError
from inference.files.spark.storage import Folder, StoredFile
from inference.remedies import FixInput
from inference.wording import quoted_path

MARK = "_segmentation.json"  # Spark does not read names that start with _
COMPLETE = "_SUCCESS"  # what Spark's committer writes last


def mark_of(fingerprint: str, files: Sequence[StoredFile], settings: Mapping[str, Any]) -> str:
    """The text of a mark: the model, the source's files by size and time, and how they are read."""
    listing = json.dumps([[each.name, each.size, each.changed] for each in files])
    return json.dumps(
        {
            "model": fingerprint,
            "files": len(files),
            "source": hashlib.sha256(listing.encode()).hexdigest(),
            "settings": settings,
        },
        indent=1,
    )


def check_apart(source: Folder, target: Folder) -> None:
    """Refuse a target that is the source, is in it, or has it inside.

    Raises:
        InputError: when it does.
    """
    one, other = f"{source.address}/", f"{target.address}/"
    if one.startswith(other) or other.startswith(one):
        raise InputError(
            f"the scored table must be in another folder than its source, but both are in "
            f"{quoted_path(min(source.address, target.address, key=len))}; name another folder"
        )


def is_done(target: Folder, mark: str) -> bool:
    """Whether the folder already has the complete table with this mark."""
    return target.exists(COMPLETE) and target.exists(MARK) and target.read(MARK) == mark


def start(target: Folder, mark: str, *, force: bool) -> None:
    """Make the folder with its mark; what an unfinished run left is removed, whatever else only by ``force``.

    Raises:
        InputError: when the folder has something else.
    """
    unfinished = target.exists(MARK) and not target.exists(COMPLETE)
    if not (force or unfinished or target.is_empty()):
        what = "the table of another model, source or settings" if target.exists(MARK) else "other files"
        raise InputError(
            f"{quoted_path(target.address)} must be a new folder, but it has {what}",
            remedies=[FixInput(action="name another"), FixInput(action="let it be replaced")],
        )
    target.remove()
    target.write(MARK, mark)
