"""Promises that live counts survive a restart, a kill and a full disk, and that a bad file is put aside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from inference import Segmenter
from service.monitor.drift_state import current_looks
from service.monitor.live_counts import LiveCounts
from service.monitor.monitor import MOST_MODELS, Monitor
from service.monitor.state_file import StateError, StateFile
from tests.conftest import ROOT
from tests.counted_customers import DAY, Clock, add
from tests.mall_samples import count, sample


def test_counts_continue_where_they_were_saved(published: Segmenter) -> None:
    clock = Clock()
    live = LiveCounts(published.contract, "version", window_rows=200, clock=clock)
    for step in range(9):
        clock.now += DAY / 4
        add(live, published, 90, seed=step)
    live.refuse(3)
    again = LiveCounts(published.contract, "version", window_rows=200, clock=clock)
    again.continue_from(json.loads(json.dumps(live.to_json())))
    for each in (live, again):
        add(each, published, 77, seed=20)
    assert again.to_json() == live.to_json()
    assert [look.judgement for look in current_looks(again.seen())] == [
        look.judgement for look in current_looks(live.seen())
    ]


def test_a_monitor_continues_after_a_restart(published: Segmenter, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "counts.json"
    for round_ in range(3):
        monitor = Monitor(state=path)
        assert monitor.live(published).seen().total.rows == round_ * 60
        monitor.add(published, count(published, sample(60)), refused=0)
        monitor.close()
    assert Monitor(state=path).live(published).seen().total.rows == 180
    assert [each.name for each in path.parent.iterdir() if each.suffix == ".part"] == []


def test_a_process_that_is_killed_keeps_what_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from inference import Segmenter\n"
        "from service.monitor.monitor import Monitor\n"
        "from tests.mall_samples import count, sample\n"
        "model = Segmenter.load('artifacts/model.onnx')\n"
        "monitor = Monitor(state=Path(sys.argv[1]), save_every=0.01)\n"
        "counts = count(model, sample(50))\n"
        "while True:\n"
        "    monitor.add(model, counts, refused=0)\n"
        "    print(monitor.live(model).seen().total.rows, flush=True)\n"
    )
    rows = 0
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process, process.stdout:
            began = int(process.stdout.readline())
            while not path.exists() or json.loads(path.read_bytes())["models"] == {}:
                process.stdout.readline()
            time.sleep(0.1)
            process.send_signal(signal.SIGKILL)
        assert began >= rows
        assert (began - 50) % 50 == 0
        (entry,) = json.loads(path.read_bytes())["models"].values()
        rows = entry["total"]["counts"][0] + entry["pending"]["counts"][0]
        assert rows >= began - 50


def test_a_damaged_file_is_put_aside_and_said(
    published: Segmenter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "counts.json"
    path.write_bytes(b'{"format": 1, "mod')
    monitor = Monitor(state=path)
    monitor.add(published, count(published, sample(60)), refused=0)
    monitor.close()
    (aside,) = tmp_path.glob("counts.json.unreadable-*")
    assert aside.read_bytes() == b'{"format": 1, "mod'
    assert aside.name in monitor.saving.note
    assert "cannot be read (JSONDecodeError)" in caplog.text
    assert Monitor(state=path).live(published).seen().total.rows == 60


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.pop("windows"),
        lambda entry: entry.update(layout=[["other", 3], 5]),
        lambda entry: entry["total"].update(counts=[1]),
        lambda entry: entry["windows"]["rows"].update(complete=[{}]),
    ],
    ids=["no windows", "other columns", "few counts", "empty window"],
)
def test_counts_that_do_not_fit_the_model_are_put_aside(
    published: Segmenter, tmp_path: Path, change: Any
) -> None:
    path = tmp_path / "counts.json"
    monitor = Monitor(state=path)
    monitor.add(published, count(published, sample(60)), refused=0)
    monitor.close()
    document = json.loads(path.read_bytes())
    change(document["models"][published.fingerprint])
    path.write_text(json.dumps(document), encoding="utf-8")
    again = Monitor(state=path)
    assert again.live(published).seen().total.rows == 0
    assert len(list(tmp_path.glob("counts.json.unreadable-*"))) == 1
    assert "counting started again" in again.saving.note
    again.close()


def test_a_file_of_a_later_format_is_put_aside(published: Segmenter, tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    path.write_text('{"format": 2, "models": {}}', encoding="utf-8")
    monitor = Monitor(state=path)
    assert "must have format 1" in monitor.saving.note
    monitor.close()


def test_two_processes_do_not_write_one_file(published: Segmenter, tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    first, second = Monitor(state=path), Monitor(state=path, save_every=3600)
    assert "must be written by one process only" in second.saving.problem
    first.add(published, count(published, sample(60)), refused=0)
    second.add(published, count(published, sample(80)), refused=2)
    second.save()
    assert second.saving.saved is None
    first.close()
    second.save()  # the other one has ended, as in a rolling restart: what it counted is added
    assert second.saving.problem == ""
    assert second.live(published).seen().total.rows == 140
    second.close()
    holder, other = StateFile(path), StateFile(path)
    assert holder.claim()
    with pytest.raises(StateError, match="another one has it"):
        other.claim()
    holder.release()
    assert other.claim()
    other.release()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_disk_that_refuses_is_said_and_tried_again(
    published: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "counts.json"
    monitor = Monitor(state=path, save_every=3600)
    monitor.add(published, count(published, sample(60)), refused=0)
    monitor.save()
    kept = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _full)
        monitor.add(published, count(published, sample(60)), refused=0)
        monitor.save()
        monitor.save()
    assert path.read_bytes() == kept
    assert list(tmp_path.glob(".*.part")) == []
    assert "No space left on device" in monitor.saving.problem
    assert caplog.text.count("No space left on device") == 1
    monitor.save()
    assert monitor.saving.problem == ""
    assert path.read_bytes() != kept
    monitor.close()


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_the_counts_of_few_models_are_kept(published: Segmenter, tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    clock = Clock()
    monitor = Monitor(state=path, save_every=3600, clock=clock)
    models = [_renamed(published, f"{each:064x}") for each in range(MOST_MODELS + 2)]
    for model in models:
        clock.now += 1
        monitor.add(model, count(published, sample(55)), refused=0)
        monitor.save()
    monitor.close()
    kept = set(json.loads(path.read_bytes())["models"])
    assert kept == {model.fingerprint for model in models[-MOST_MODELS:]}
    back = Monitor(state=path)
    assert back.live(models[-1]).seen().total.rows == 55
    back.close()


def _renamed(segmenter: Segmenter, fingerprint: str) -> Segmenter:
    return Segmenter(segmenter._session, segmenter.contract, fingerprint.encode())
