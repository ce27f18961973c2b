"""The processes that this one has started, directly or not, as Linux lists them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def descendants(name: bytes = b"") -> list[int]:
    """The processes with this text in their command line."""
    parents: dict[int, int] = {}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(_fields(folder)[1])
            if name in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:  # has ended
            continue
    return sorted(each for each in found if os.getpid() in _ancestors(each, parents))


def cpu_seconds() -> float:
    """Seconds of CPU of all of them so far, with those that have ended and were waited for."""
    ticks = 0
    for each in descendants():
        try:
            ticks += sum(map(int, _fields(Path("/proc") / str(each))[11:15]))
        except OSError:
            continue
    return ticks / _TICKS


def _fields(folder: Path) -> list[str]:
    """The fields of a process after its name, its state first."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _ancestors(process: int, parents: dict[int, int]) -> Iterator[int]:
    while process in parents:
        process = parents[process]
        yield process
