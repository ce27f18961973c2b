"""Runs one command of a training in a child process, watches what it uses, and ends it with its children."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import IO, Any, cast

from service.settings import TrainingSettings

CHILD = Path(__file__).with_name("limited_child.py")
ROOT = Path(__file__).parents[2]
LOOK = 0.1  # seconds between two looks at what the child uses
LONGEST_LINE = 64 * 1024  # bytes of its reports that are kept until a line ends
LARGEST_ANSWER = 8_000_000  # bytes of its standard output
FILE_MB = 2_000  # that it may write into one file
FONTS = "fonts"  # next to the folders of the trainings: matplotlib's list of fonts, which takes long to make
MEGABYTE = 1_000_000
OUT_OF_MEMORY = 71  # the exit status by which the child says so
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")  # no key or address goes along
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")

Report = Callable[[Mapping[str, Any]], None]


class End(StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    CRASHED = "crashed"
    TIME = "time"
    MEMORY = "memory"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended, why it refused its input, and what it printed."""

    how: End
    refusal: str = ""
    answer: bytes = b""


def run_child(
    command: Sequence[str],
    folder: Path,
    limits: TrainingSettings,
    *,
    until: float,
    stopped: Event,
    report: Report,
) -> Ended:
    """Run a module with arguments; returns when the child and all its children have ended.

    Args:
        folder: for its files, its home and its temporary files.
        until: the moment, by ``time.monotonic``, at which it is ended.
        stopped: set by whoever wants it to end.
        report: called with each line of progress.
    """
    out = folder / "answer"
    with out.open("wb") as answer:
        child = _started(command, folder, limits, answer)
        try:
            watched = _Watched(child, limits.memory_mb * MEGABYTE, report)
            how = watched.wait(until, stopped)
        finally:
            end_group(child)
    if how is not None:
        return Ended(how=how)
    return _ended(child.returncode, watched.refusal, out)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child with all its children, and wait for it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended; macOS refuses for zombies
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stderr):
        if stream is not None:
            stream.close()


def _started(
    command: Sequence[str], folder: Path, limits: TrainingSettings, answer: IO[bytes]
) -> subprocess.Popen[bytes]:
    given = [sys.executable, str(CHILD), str(ROOT), str(limits.memory_mb), str(FILE_MB), *command]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= dict.fromkeys(_ONE_THREAD, "1")
    environment |= dict.fromkeys(("HOME", "TMPDIR"), str(folder))
    environment |= {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder.parent / FONTS), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        given,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,  # its end tells the child that this process has ended
        stdout=answer,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


class _Watched:
    """A running child: reads its reports, and looks at its time and memory."""

    def __init__(self, child: subprocess.Popen[bytes], memory: int, report: Report) -> None:
        self._child, self._memory, self._report = child, memory, report
        self._stream = cast(IO[bytes], child.stderr)  # it was asked for
        self._begun = b""  # of a line
        self.refusal = ""

    def wait(self, until: float, stopped: Event) -> End | None:
        """Wait for its end; returns why it has to be ended before."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._stream, selectors.EVENT_READ)
            looked = 0.0
            while True:
                if selector.select(LOOK) and not self._read():
                    return self._last(until, stopped)
                now = time.monotonic()
                if now - looked >= LOOK:
                    looked = now
                    if (reason := self._reason(now, until, stopped)) is not None:
                        return reason

    def _reason(self, now: float, until: float, stopped: Event) -> End | None:
        if stopped.is_set():
            return End.STOPPED
        if now >= until:
            return End.TIME
        return End.MEMORY if resident(self._child.pid) > self._memory else None

    def _last(self, until: float, stopped: Event) -> End | None:
        """Its reports have ended: it ends, or has closed them and goes on."""
        while self._child.poll() is None:
            if (reason := self._reason(time.monotonic(), until, stopped)) is not None:
                return reason
            stopped.wait(LOOK / 10)
        return None

    def _read(self) -> bool:
        """Take in what it has written; returns whether more can come."""
        piece = os.read(self._stream.fileno(), LONGEST_LINE)
        *lines, rest = (self._begun + piece).split(b"\n")
        self._begun = rest[-LONGEST_LINE:]
        for line in lines:
            self._take(line)
        return bool(piece)

    def _take(self, line: bytes) -> None:
        """Pass on a report; other lines, such as a library's warnings, could quote a cell and are dropped."""
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(value, dict) and isinstance(value.get("error"), str):
            self.refusal = value["error"]
        elif isinstance(value, dict) and "share" in value:
            self._report(value)


def resident(group: int) -> int:
    """The memory in use by all processes of a group, in bytes; 0 where the system does not show it."""
    pages = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(after_name[2]) == group:
            pages += int(after_name[21])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _ended(status: int, refusal: str, out: Path) -> Ended:
    """What an exit status means; a library that cannot allocate may abort."""
    if status in (0, 1) and not refusal:
        with out.open("rb") as answer:
            return Ended(how=End.DONE, answer=answer.read(LARGEST_ANSWER))
    if refusal:
        return Ended(how=End.REFUSED, refusal=refusal)
    if status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGABRT):
        return Ended(how=End.MEMORY)
    return Ended(how=End.CRASHED)
