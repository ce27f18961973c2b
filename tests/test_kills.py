"""Checks that a run leaves a complete file or none when it is killed, and no other file when it is stopped.

Nothing depends on the speed of the machine: a run reads a source without end, or is stopped at a given size.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.conftest import ROOT
from tests.scored_files import HEADER, text

ROWS = 40_000
KILLS = 12  # of each kind and format
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STATUS = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}
BEFORE = b"what was there before"

Run = subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of several blocks."""
    path = tmp_path_factory.mktemp("killed") / "customers.csv"
    lines = (f"{row},Female,{row % 100},{row % 97},{1 + row % 89}" for row in range(ROWS))
    path.write_text(text(*lines, header=HEADER))
    return path


def start(source: str, target: Path, stdin: int | None = None) -> Run:
    command = [sys.executable, "-m", "inference", "score", source, str(target), "--force"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=stdin,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - it takes no lock
    )


def heed_interrupts() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def feed(pipe: BinaryIO, head: bytes, rows: bytes) -> None:
    """Write rows until the reader stops."""
    with suppress(BrokenPipeError):
        pipe.write(head)
        while True:
            pipe.write(rows)


@contextmanager
def endless(source: Path, target: Path) -> Iterator[Run]:
    """A run whose source never ends, so that it cannot finish before it is stopped."""
    head, rows = source.read_bytes().split(b"\n", maxsplit=1)
    process = start("-", target, stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stderr is not None
    feeder = threading.Thread(target=feed, args=(process.stdin, head + b"\n", rows))
    feeder.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        feeder.join()
        process.stderr.close()
        with suppress(BrokenPipeError):  # what is left in the buffer has no reader
            process.stdin.close()


def parts(folder: Path) -> list[Path]:
    return list(folder.glob(".*.part"))


def wait_for_part(process: Run, folder: Path, size: int = 0) -> None:
    """Wait until the unfinished file has this many bytes, or the run has ended."""
    reached = False
    while process.poll() is None and not reached:
        time.sleep(0.001)
        found = parts(folder)
        try:
            reached = bool(found) and found[0].stat().st_size >= size
        except FileNotFoundError:  # it has just been given its final name
            reached = True


def prepare(target: Path, before: bytes) -> None:
    target.unlink(missing_ok=True)
    if before:
        target.write_bytes(before)
    for part in parts(target.parent):
        part.unlink()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_run_killed_before_its_end_keeps_the_old_file(source: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    rng = random.Random(0)  # noqa: S311  (draws sizes, no secrets)
    for kill in range(KILLS):
        before = BEFORE if kill % 2 else b""
        prepare(target, before)
        chosen = SIGNALS[kill % 3]
        with endless(source, target) as process:
            wait_for_part(process, tmp_path, size=rng.randrange(200_000))
            process.send_signal(chosen)
            status = process.wait()
        assert status == STATUS[chosen]
        assert (target.read_bytes() if target.exists() else b"") == before
        if chosen != signal.SIGKILL:
            assert parts(tmp_path) == []


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_run_killed_near_its_end_leaves_the_old_file_or_the_complete_new_one(
    source: Path, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / f"out{suffix}"
    with start(str(source), target) as whole:
        whole.communicate()
    finished = target.read_bytes()
    for kill in range(KILLS):
        prepare(target, BEFORE)
        chosen = SIGNALS[kill % 3]
        with start(str(source), target) as process:
            wait_for_part(process, tmp_path, size=len(finished) - kill)
            process.send_signal(chosen)
            status = process.wait()
        there = target.read_bytes()
        assert there in (BEFORE, finished)
        if there == finished:
            assert status in (0, STATUS[chosen], -chosen)  # -15: it was done, and on its way out
        else:
            assert status == STATUS[chosen]
        if chosen != signal.SIGKILL:
            assert parts(tmp_path) == []


def test_an_interrupted_run_reports_it(source: Path, tmp_path: Path) -> None:
    with endless(source, tmp_path / "out.csv") as process:
        wait_for_part(process, tmp_path)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        reported = process.stderr.read()
        assert process.wait() == STATUS[signal.SIGINT]
    assert reported.splitlines()[-1:] == [b"interrupted; nothing was written under the final name"]
