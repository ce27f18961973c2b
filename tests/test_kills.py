"""Killed at any moment, a run leaves a whole file under the final name or none, and told to stop no other."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.scored_files import HEADER, text

ROWS = 80_000
KILLS = 50
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STATUS = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes a while to score."""
    path = tmp_path_factory.mktemp("killed") / "customers.csv"
    lines = (f"{place},Female,{place % 100},{place % 97},{1 + place % 89}" for place in range(ROWS))
    path.write_text(text(*lines, header=HEADER))
    return path


def start(source: Path, target: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "inference", "score", str(source), str(target), "--force"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def parts(folder: Path) -> list[Path]:
    return list(folder.glob(".*.part"))


def wait_for_part(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until the run has begun to write."""
    while process.poll() is None and not parts(folder):
        time.sleep(0.002)


def seconds_of_writing(source: Path, target: Path) -> float:
    """How long a run that nobody stops writes."""
    with start(source, target) as whole:
        wait_for_part(whole, target.parent)
        began = time.monotonic()
        whole.wait()
        return time.monotonic() - began


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_killed_while_writing_it_leaves_no_half_file(source: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    writing = min(seconds_of_writing(source, target) for _ in range(3))  # other work only makes it longer
    finished = target.read_bytes()
    rng = random.Random(0)  # noqa: S311  (draws moments, no secrets)
    caught = 0
    for kill in range(KILLS // 2):
        before = b"" if kill % 2 else b"what was there before"
        target.unlink(missing_ok=True)
        if before:
            target.write_bytes(before)
        chosen = SIGNALS[kill % 3]
        with start(source, target) as process:
            wait_for_part(process, tmp_path)
            time.sleep(rng.uniform(0, writing))
            process.send_signal(chosen)
            status = process.wait()
        there = target.read_bytes() if target.exists() else b""
        assert there in (before, finished)
        if there == finished:
            assert status in (0, STATUS[chosen], -chosen)  # -15: it was done, and on its way out
        else:
            assert status == STATUS[chosen]
        if chosen != signal.SIGKILL:
            assert parts(tmp_path) == []
        caught += status != 0
        for part in parts(tmp_path):
            part.unlink()
    assert caught >= KILLS // 4  # most moments were within the run


def test_an_interrupted_run_says_so(source: Path, tmp_path: Path) -> None:
    with start(source, tmp_path / "out.csv") as process:
        wait_for_part(process, tmp_path)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert told == b"interrupted; nothing was written under the final name\n"
    assert process.returncode == STATUS[signal.SIGINT]
