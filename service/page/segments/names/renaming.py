"""Who may rename segments, and what a new name must be; then the page is made again with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from threading import Lock

from inference import Contract, InputError, Segment, Segmenter
from service.api.http.request_log import log_quietly
from service.page.segments.names.name_rules import is_name, is_taken, tidy
from service.page.segments.names.names_file import NamesFile, names_of_others
from service.settings import ADMIN, Settings, digest_of

_log = logging.getLogger(__name__)


class Refusal(Enum):
    """Why a segment was not renamed."""

    KEY = "the key may not"
    RULE = "it is no name"
    TAKEN = "another segment has the name"
    OUTDATED = "another model is served"
    ELSEWHERE = "another site asked"
    FAILED = "it could not be saved or shown"


class Renaming:
    """The owner's names for segments; the same for every model.

    Attributes:
        changed: makes the page again; set by who serves it.
    """

    def __init__(self, path: Path, *, keys: frozenset[str] = frozenset(), anyone: bool = False) -> None:
        """Keep names in a file.

        Args:
            keys: digests of the keys that may rename; anyone: whether everybody may, without a key.
        """
        self._file, self._keys, self._anyone = NamesFile(path), keys, anyone
        self._one_at_a_time = Lock()
        self.changed: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, settings: Settings) -> Renaming | None:
        """By the settings; ``None`` without a file."""
        if settings.segment_names_file is None:
            return None
        keys = frozenset(each.digest for each in settings.api_keys if ADMIN in each.scopes)
        return cls(settings.segment_names_file, keys=keys, anyone=settings.segment_names_open)

    @property
    def asks_key(self) -> bool:
        """Whether a key is needed."""
        return not self._anyone

    @property
    def possible(self) -> bool:
        """Whether anybody may rename on the page."""
        return self._anyone or bool(self._keys)

    def names(self, contract: Contract) -> dict[int, str]:
        """Id -> name of the segments that have one, as the file is now."""
        return self._file.names(contract)

    def rename(self, contract: Contract, segment: Segment, name: str, *, key: str) -> Refusal | None:
        """Rename a segment for everybody, and make the page again; returns why not, or ``None``.

        Args:
            contract: with the names of the model file; segment: one of it.
            name: the new name; empty for that of the model file.
        """
        if not (self._anyone or digest_of(key.strip()) in self._keys):
            return Refusal.KEY
        with self._one_at_a_time:
            wanted = tidy(name)
            refused = self._check(contract, segment, wanted) if name else None
            return refused or self._put(contract, segment, None if wanted in ("", segment.name) else wanted)

    def _check(self, contract: Contract, segment: Segment, name: str) -> Refusal | None:
        if not is_name(name):
            return Refusal.RULE
        own = self.names(contract)
        shown = [other for id, other in own.items() if id != segment.id]
        return Refusal.TAKEN if is_taken(name, [*names_of_others(contract, segment), *shown]) else None

    def _put(self, contract: Contract, segment: Segment, name: str | None) -> Refusal | None:
        before = self.names(contract).get(segment.id)
        try:
            self._file.change(contract, segment, name)
        except InputError as error:
            _log.warning("%s; no segment was renamed", error)
            return Refusal.FAILED
        try:
            self.changed()
        except Exception as error:  # the page must say that it failed
            self._file.change(contract, segment, before)
            log_quietly(error)
            return Refusal.FAILED
        return None


@dataclass(frozen=True, kw_only=True)
class PageNames:
    """The names on one page.

    Attributes:
        renaming: changes them; model: under the names of its file.
        names: id -> the owner's name, of the segments that have one.
    """

    renaming: Renaming
    model: Segmenter
    names: Mapping[int, str]

    @property
    def shown(self) -> Segmenter:
        """The model as the page names it."""
        return self.model.renamed(self.names) if self.names else self.model

    @property
    def outdated(self) -> bool:
        """Whether the file has other names now."""
        return self.renaming.names(self.model.contract) != self.names

    def in_model(self, segment_id: int) -> str:
        """The name in the model file of a segment that has another one here; else empty."""
        if segment_id not in self.names:
            return ""
        return next(each.name for each in self.model.contract.segments if each.id == segment_id)
