"""The user's own names, tiers and actions for segments, from a small TOML file.

::

    [segments."High income, high score"]
    name = "Champions"
    tier = "premium"
    action = "Invite to the autumn preview."

A segment is identified by the name it would have without the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference.contract import Contract, Segment
from inference.errors import InputError
from inference.wording import listed, nearest, quoted, quoted_names, quoted_path, shortened
from trainer.segments.naming.action_catalogue import tier_action
from trainer.segments.naming.segment_value import PREMIUM, TIERS

KEYS = ("name", "tier", "action")

Overrides = Mapping[str, Mapping[str, Any]]


def read_overrides(path: Path) -> dict[str, dict[str, Any]]:
    """Read the file: segment's name -> what replaces its ``name``, ``tier`` or ``action``.

    Raises:
        InputError: when the file cannot be read, or has keys that segments do not have.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"the file of segment names must be readable TOML, but {quoted_path(path)} is not: "
            f"{shortened(str(error))}"
        ) from error
    unknown = sorted(document.keys() - {"segments"})
    entries = document.get("segments", {})
    if unknown or not isinstance(entries, dict):
        raise InputError(
            f'{quoted_path(path)} must contain tables like [segments."High income"], but it has '
            f"{quoted(unknown or entries)}"
        )
    for name, entry in entries.items():
        _check(path, name, entry)
    return dict(entries)


def _changed(segment: Segment, entry: Mapping[str, Any]) -> Segment:
    """The segment with the entry applied; a new tier without an action brings that tier's action."""
    if "tier" in entry and "action" not in entry and entry["tier"] != segment.tier:
        entry = {**entry, "action": tier_action(entry["tier"])}
    because = "" if "action" in entry else segment.because  # the figures are not those of the user's action
    return replace(segment, because=because, **entry)


def _check(path: Path, name: str, entry: Any) -> None:
    if not isinstance(entry, dict) or not entry or not set(entry) <= set(KEYS):
        found = sorted(entry) if isinstance(entry, dict) else entry
        raise InputError(
            f"segment {quoted(name)} in {quoted_path(path)} must have some of {quoted_names(KEYS)}, but "
            f"it has {quoted(found)}"
        )
    for key, value in entry.items():
        if not isinstance(value, str) or not value.strip():
            raise InputError(
                f"{key!r} of segment {quoted(name)} in {quoted_path(path)} must be text, but it is "
                f"{quoted(value)}"
            )
    if entry.get("tier", PREMIUM) not in TIERS:
        raise InputError(
            f"the tier of segment {quoted(name)} must be {listed(map(repr, TIERS), last='or')}, but it is "
            f"{quoted(entry['tier'])}"
        )


def still_fitting(earlier: Contract | None, segments: tuple[Segment, ...]) -> dict[str, dict[str, Any]]:
    """The previous model's overrides for segments that still exist with the same name."""
    if earlier is None:
        return {}
    names = {segment.name for segment in segments}
    return {name: dict(entry) for name, entry in earlier.overrides.items() if name in names}


def apply_overrides(segments: tuple[Segment, ...], overrides: Overrides) -> tuple[Segment, ...]:
    """Apply the user's names, tiers and actions.

    Raises:
        InputError: when a name matches no segment, or two segments would have the same name.
    """
    names = [segment.name for segment in segments]
    for name in overrides:
        if name not in names:
            raise InputError(
                f"no segment has the name {quoted(name)}; the segments are {quoted_names(names)}",
                suggestion=nearest(name, names),
            )
    changed = tuple(_changed(segment, overrides.get(segment.name, {})) for segment in segments)
    wanted = [segment.name for segment in changed]
    if len(set(wanted)) < len(wanted):
        raise InputError(
            f"segments must have different names, but with yours they would be {quoted_names(wanted)}; "
            "change one"
        )
    return changed
