"""The file with the owner's names for segments: old or new as a whole, and for the models it was made for.

A segment is known by the model's name, its id and its own name in the model file. So the names stay when the
same segments come out of another training, as the trainer's own file of names does, and wait in the file
while a model without these segments is served.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from inference import Contract, InputError, Segment
from inference.files.write.atomic_output import open_target
from inference.wording import quoted_path
from service.page.segments.names.name_rules import is_name, is_taken

FORMAT = 1
_TYPES = {"model": str, "segment_id": int, "segment": str, "name": str}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnName:
    """One name, and what it is a name of: a segment by its id and by its name in the file of a model."""

    model: str
    segment_id: int
    segment: str
    name: str

    def is_of(self, contract: Contract, segment: Segment) -> bool:
        """Whether it is a name of this segment."""
        return (self.model, self.segment_id, self.segment) == (contract.name, segment.id, segment.name)


class NamesFile:
    """A JSON file of names; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        self._logged = ""  # the last warning, which is not repeated for each look at the file

    def names(self, contract: Contract) -> dict[int, str]:
        """Id -> name of the segments that have one; whatever is not used is logged, never an error."""
        try:
            entries = self._read()
        except InputError as error:
            self._warn(f"{error}; segments are shown with the names of the model")
            return {}
        found: dict[int, str] = {}
        for entry, segment in _paired(contract, entries):
            others = [*names_of_others(contract, segment), *found.values()]
            if is_name(entry.name) and not is_taken(entry.name, others):
                found[segment.id] = entry.name
        unused, every = len(entries) - len(found), len(entries)
        told = f"{unused} of {every} names in {quoted_path(self._path)} are not applied: they are for"
        self._warn(f"{told} another model, or not usable" if unused else "")
        return found

    def change(self, contract: Contract, segment: Segment, name: str | None) -> None:
        """Give a segment a name, or none; names for other models stay in the file.

        Raises:
            InputError: when the file cannot be read or written; it is as before then.
        """
        with self._lock:
            kept = [each for each in self._read() if not each.is_of(contract, segment)]
            if name is not None:
                kept.append(
                    OwnName(model=contract.name, segment_id=segment.id, segment=segment.name, name=name)
                )
            self._write(kept)

    def _warn(self, text: str) -> None:
        if text and text != self._logged:
            _log.warning("%s", text)
        self._logged = text

    def _read(self) -> list[OwnName]:
        try:
            document = orjson.loads(self._path.read_bytes())
            return [_entry(each) for each in document["names"]] if document["format"] == FORMAT else _none()
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"SEGMENT_NAMES_FILE must be a file that the app wrote, in format {FORMAT}, but "
                f"{quoted_path(self._path)} is not ({type(error).__name__}); correct it, or move it away"
            ) from error

    def _write(self, entries: Sequence[OwnName]) -> None:
        content = {"format": FORMAT, "names": [asdict(each) for each in entries]}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the folder of {quoted_path(self._path)} must be there, but it cannot be made "
                f"({error.strerror}); name another file"
            ) from error
        with open_target(self._path) as stream:
            stream.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def names_of_others(contract: Contract, segment: Segment) -> list[str]:
    """The names that the other segments have in the model file, which the API calls them by."""
    return [each.name for each in contract.segments if each.id != segment.id]


def _paired(contract: Contract, entries: Sequence[OwnName]) -> Iterator[tuple[OwnName, Segment]]:
    """The entries for segments of this model."""
    for segment in contract.segments:
        for entry in entries:
            if entry.is_of(contract, segment):
                yield entry, segment


def _entry(document: Any) -> OwnName:
    if document.keys() != _TYPES.keys() or any(type(document[key]) is not _TYPES[key] for key in _TYPES):
        raise ValueError("an entry is something else")
    return OwnName(**document)


def _none() -> list[OwnName]:
    raise ValueError("another format")
