"""Checks that a child process gets what it may use and no more, and that nothing of it is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from service.settings import TrainingSettings
from service.train import child_run
from service.train.child_run import End, Ended, resident, run_child
from service.train.limited_child import POLITE
from service.train.work_folder import PREFIX, WorkFolder
from tests.conftest import ROOT

LIMITS = TrainingSettings(memory_mb=200)
LONG = 60.0
Line = Mapping[str, Any]


def run(
    folder: Path,
    *task: str,
    limits: TrainingSettings = LIMITS,
    seconds: float = LONG,
    stopped: Event | None = None,
    lines: list[Line] | None = None,
) -> Ended:
    """Run a task of ``child_tasks``."""
    return run_child(
        ["tests.child_tasks", *task],
        folder,
        limits,
        until=time.monotonic() + seconds,
        stopped=stopped or Event(),
        report=([] if lines is None else lines).append,
    )


def family(folder: Path) -> list[int]:
    """The process ids of the child and of its own child."""
    return [int(each) for each in (folder / "pids").read_text(encoding="utf-8").split()]


def gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has waited for counts as ended."""
    status = Path(f"/proc/{process}/stat")
    for _ in range(100):
        if not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_reports_come_through_and_other_lines_do_not(tmp_path: Path) -> None:
    lines: list[Line] = []
    ended = run(tmp_path, "answer", lines=lines)
    assert ended.how is End.DONE
    assert lines == [{"stage": "Counting", "done": 1, "total": 2, "share": 0.5}]


def test_a_child_gives_way_and_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELOAD_KEY", "0123456789abcdef")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@host/name")
    answer = json.loads(run(tmp_path, "answer").answer)
    assert answer["nice"] == POLITE
    assert not {"RELOAD_KEY", "DATABASE_URL"} & set(answer["environment"])
    assert "OMP_NUM_THREADS" in answer["environment"]


def test_a_refusal_is_the_trainers_sentence(tmp_path: Path) -> None:
    ended = run(tmp_path, "refuse")
    assert (ended.how, ended.refusal) == (End.REFUSED, "the table must have rows, but it has none")


def test_a_crash_says_nothing_of_a_cell(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "crash") == Ended(how=End.CRASHED)
    assert "Alice" not in "".join(capfd.readouterr())


def test_time_is_limited(tmp_path: Path) -> None:
    assert run(tmp_path, "family", seconds=1.0).how is End.TIME


def test_memory_in_use_is_limited(tmp_path: Path) -> None:
    assert run(tmp_path, "touch", str(400_000_000)).how is End.MEMORY


def test_memory_that_is_asked_for_at_once_is_limited(tmp_path: Path) -> None:
    assert run(tmp_path, "allocate", str(40_000_000_000)).how is End.MEMORY


def test_a_file_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_run, "FILE_MB", 1)
    assert run(tmp_path, "write", str(900_000)).how is End.DONE
    assert run(tmp_path, "write", str(1_100_000)).how is End.CRASHED


def test_stopping_ends_the_child_and_its_children(tmp_path: Path) -> None:
    stopped, lines = Event(), list[Line]()
    found: list[Ended] = []
    thread = Thread(target=lambda: found.append(run(tmp_path, "family", stopped=stopped, lines=lines)))
    thread.start()
    while not lines:
        thread.join(0.02)
    processes = family(tmp_path)
    assert resident(processes[0]) > 1_000_000
    stopped.set()
    thread.join()
    assert found[0].how is End.STOPPED
    assert all(map(gone, processes))


def test_children_end_when_the_service_is_killed(tmp_path: Path) -> None:
    code = (
        "import time\nfrom pathlib import Path\nfrom threading import Event\n"
        "from service.settings import TrainingSettings\nfrom service.train.child_run import run_child\n"
        f"run_child(['tests.child_tasks', 'family'], Path({str(tmp_path)!r}), TrainingSettings(), "
        "until=time.monotonic() + 60, stopped=Event(), report=print)\n"
    )
    service = subprocess.Popen([sys.executable, "-uc", code], cwd=ROOT, stdout=subprocess.PIPE)
    with service:
        assert service.stdout is not None
        service.stdout.readline()
        service.send_signal(signal.SIGKILL)
    assert all(map(gone, family(tmp_path)))


def test_folders_of_processes_that_were_killed_are_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left, own = tmp_path / f"{PREFIX}{ended.pid}-x", tmp_path / f"{PREFIX}{os.getpid()}-y"
    for each in (left, own, tmp_path / "other"):
        each.mkdir()
    work = WorkFolder(tmp_path)
    assert not left.exists()
    assert own.exists()
    assert work.new().stat().st_mode & 0o777 == 0o700
    work.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == [own.name, "other"]
