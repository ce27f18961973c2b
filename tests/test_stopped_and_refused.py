"""Checks that a run which cannot write says so first, and that a stopped one leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt

import inference.__main__
import trainer.__main__
from inference import InputError, ScoreOptions, Segmenter, score_file
from inference.files.write import atomic_output
from inference.files.write.atomic_output import open_target
from tests.conftest import ROOT
from trainer.report import atomic_folder
from trainer.report.atomic_folder import check_replaceable, replacing

ROWS = "annual_income,spending_score\n" + "17,40\n" * 3


@pytest.mark.parametrize("where", ["file/model", "/proc/nowhere/model", "x" * 260])
def test_training_is_refused_before_it_starts_where_nothing_can_be_written(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(trainer.__main__, "train", None)  # which calls would fail on
    for option in ("--out", "--joblib"):
        elsewhere = [] if option == "--out" else ["--out", str(tmp_path / "m")]
        given = [option, str(tmp_path / where), *elsewhere]
        assert trainer.__main__.main(given) == 2
        told = " ".join(capsys.readouterr().err.split())
        assert told.startswith("error: the ")
        assert "Traceback" not in told
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_nearly_full_disk_is_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(total=10**9, used=10**9 - 5, free=5)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(InputError, match="must have 20 MB free, but it has 0; make room"):
        check_replaceable(tmp_path / "model")


def test_a_disk_that_becomes_full_while_artifacts_are_written_leaves_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    with replacing(folder) as fresh:
        (fresh / "one").write_text("old")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_folder, "_sync", full)
    with (
        pytest.raises(InputError, match=r"\(No space left on device\); what was there before is unchanged"),
        replacing(folder) as fresh,
    ):
        (fresh / "one").write_text("new")
    assert (folder / "one").read_text() == "old"
    assert list(tmp_path.iterdir()) == [folder]


STOPPED = """
import sys, time
from pathlib import Path
import trainer.__main__, trainer.report.artifacts as artifacts
def endless(*_, **__):
    print("writing", flush=True)
    time.sleep(60)
artifacts.write_figures = endless
sys.exit(trainer.__main__.main(["--quick", "--out", sys.argv[1]]))
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_stopped_while_it_publishes_leaves_no_folder(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", STOPPED, str(tmp_path / "model")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert any(line.strip() == "writing" for line in run.stdout)
        assert len(list(tmp_path.iterdir())) == 1  # hidden, not complete
        run.send_signal(number)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == status
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_the_second_of_two_writers_is_told_and_the_first_finishes(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with open_target(target) as first:
        first.write(b"first")
        with pytest.raises(InputError, match="another is writing it"), open_target(target) as second:
            second.write(b"second")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]
    with open_target(target) as again:
        again.write(b"again")
    assert target.read_bytes() == b"again"


def test_a_writer_that_was_killed_stops_no_other(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    script = (
        "import sys, time\nfrom inference.files.write.atomic_output import open_target\n"
        "with open_target(sys.argv[1]) as stream:\n    print('open', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(target)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.kill()
    with open_target(target) as stream:
        stream.write(b"whole")
    assert target.read_bytes() == b"whole"


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_meanwhile_is_not_replaced(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    if not links:

        def none(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", none)
    with pytest.raises(InputError, match="File exists"), open_target(target, replace=False):
        target.write_bytes(b"theirs")
    assert target.read_bytes() == b"theirs"
    target.unlink()
    with open_target(target, replace=False) as stream:
        stream.write(b"mine")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("out.csv", b"mine")]


def test_two_scoring_processes_for_one_file_do_not_both_succeed(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(ROWS + "17,40\n" * 400_000)
    command = [sys.executable, "-m", "inference", "score", "in.csv", "out.csv", "--quiet"]
    command += ["--model", str(ROOT / "artifacts" / "model.onnx")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [run.communicate()[1] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 2]
    (sentence,) = (each for each in told if each)
    assert re.search("another is writing it|must not exist yet|File exists", sentence)
    assert (tmp_path / "out.csv").read_text().count("\n") == 400_004


def test_a_link_to_nothing_and_a_name_that_is_too_long_are_refused(
    published: Segmenter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(ROWS)
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="a link to one that is missing"):
        score_file(published, source, link)
    assert inference.__main__.main(["score", str(source), str(link)]) == 2
    assert inference.__main__.main(["score", str(source), str(tmp_path / ("x" * 260))]) == 2
    told = capsys.readouterr().err
    assert "File name too long" in told
    assert "Traceback" not in told
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", "link.csv"]


def test_without_locks_files_are_written_all_the_same(
    published: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_output, "fcntl", None)
    (tmp_path / "in.csv").write_text(ROWS)
    score_file(published, tmp_path / "in.csv", tmp_path / "out.csv", options=ScoreOptions(replace=False))
    assert (tmp_path / "out.csv").read_text().count("\n") == 4


def test_words_of_a_table_are_no_markup_in_the_card(tmp_path: Path) -> None:
    evil = {
        "<script>alert(1)</script> spend": "<img src=x onerror=alert(2)>",
        "[click](javascript:alert(3)) age": "![p](http://127.0.0.1/p.png)",
    }
    rng = np.random.default_rng(0)
    group = rng.integers(0, 3, 150)
    table = pd.DataFrame(
        {
            "visits": rng.normal(10 * (group + 1), 1).round(1),
            next(iter(evil)): rng.normal(100 * (group + 1), 5).round(2),
            list(evil)[1]: rng.normal(20 + 20 * group, 2).round(1),
            "[x]: javascript:alert(4)": rng.choice([*evil.values(), "<b>plain</b>"], 150),
        }
    )
    table.to_csv(tmp_path / "t.csv", index=False)
    given = ["--data", str(tmp_path / "t.csv"), "--quick", "--out", str(tmp_path / "m")]
    assert trainer.__main__.main(given) == 0
    card = (tmp_path / "m" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "script" in card
    text = card.partition("\n---\n")[2]
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    tokens = [each for block in blocks for each in (block, *(block.children or []))]
    assert not [each for each in tokens if each.type in ("html_block", "html_inline", "link_open")]
    pictures = [str(each.attrs["src"]) for each in tokens if each.type == "image"]
    assert pictures
    assert all(each.startswith("figures/") for each in pictures)


def test_a_joblib_file_is_saved_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--quick", "--out", str(tmp_path / "m"), "--joblib", str(tmp_path / "parts")]
    assert trainer.__main__.main(given) == 0
    assert "runs code when it is loaded" in " ".join(capsys.readouterr().out.split())
