"""Suggested actions: one per segment, from a catalogue by life cycle, value, outcome and properties."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One action of the catalogue, and the facts that must all be true of a segment."""

    when: frozenset[str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All actions in the order they are tried, and the one of each tier."""

    entries: tuple[Entry, ...]
    tiers: dict[str, str]


@cache
def catalogue() -> Catalogue:
    """The catalogue ``actions.toml`` of this package."""
    text = files(__package__).joinpath("actions.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    return Catalogue(
        entries=tuple(Entry(when=frozenset(each["when"]), text=each["text"]) for each in document["action"]),
        tiers=dict(document["tiers"]),
    )


def actions_for(facts: Sequence[frozenset[str]], names: Sequence[str]) -> list[str]:
    """An action for each segment, no two the same.

    The segments choose in the order of how early in the catalogue their first entry is, so that an entry goes
    to the segment that it fits best, whatever the segments' numbers.

    Args:
        facts: what is true of each segment; names: unique, used where nothing else is known.
    """
    entries = catalogue().entries
    fitting = [[index for index, entry in enumerate(entries) if entry.when <= own] for own in facts]
    chosen: dict[int, str] = {}
    for segment in sorted(range(len(facts)), key=lambda number: (fitting[number], names[number])):
        texts = [entries[index].text.format(traits=_traits(names[segment])) for index in fitting[segment]]
        chosen[segment] = next(text for text in texts if text not in chosen.values())
    return [chosen[segment] for segment in range(len(facts))]


def tier_action(tier: str) -> str:
    """The action of a tier that the user set."""
    return catalogue().tiers[tier]


def _traits(name: str) -> str:
    """A name inside a sentence: with a small letter, but for abbreviations."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
