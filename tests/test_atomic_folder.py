"""Checks that artifacts change in one step: they are complete before and after, whatever happens."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from inference import InputError
from trainer.report.atomic_folder import replacing

ROOT = Path(__file__).parents[1]
MODULE = ROOT / "trainer" / "report" / "atomic_folder.py"

ENDLESS = """
import importlib.util, itertools, sys
from pathlib import Path
# The module alone: its package is slow to import.
spec = importlib.util.spec_from_file_location("atomic_folder", sys.argv[1])
atomic_folder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(atomic_folder)
for turn in itertools.count():
    print(turn, flush=True)
    with atomic_folder.replacing(Path(sys.argv[2])) as fresh:
        (fresh / "figures").mkdir()
        for name in ("one", "two", "figures/three"):
            (fresh / name).write_text(f"{sys.argv[3]}-{turn}")
"""


def _write(folder: Path, text: str) -> None:
    with replacing(folder) as fresh:
        for name in ("one", "two", "figures/three"):
            (fresh / name).parent.mkdir(exist_ok=True)
            (fresh / name).write_text(text)


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_writes_a_new_folder(tmp_path: Path) -> None:
    _write(tmp_path / "deep" / "artifacts", "new")
    assert set(_texts(tmp_path / "deep" / "artifacts").values()) == {"new"}


def test_replaces_all_files_and_leaves_no_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    _write(folder, "old")
    _write(folder, "new")
    assert set(_texts(folder).values()) == {"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["artifacts"]


def test_keeps_files_it_does_not_write(tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    _write(folder, "old")
    (folder / "figures" / "notes.txt").write_text("mine")
    _write(folder, "new")
    assert _texts(folder)["figures/notes.txt"] == "mine"
    assert _texts(folder)["one"] == "new"


def test_an_error_keeps_the_old_files(tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    _write(folder, "old")

    def fail() -> None:
        with replacing(folder) as fresh:
            (fresh / "one").write_text("new")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert set(_texts(folder).values()) == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["artifacts"]


def test_refuses_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("a file")
    with (
        pytest.raises(InputError, match=r"must be a folder, but .* is a file"),
        replacing(tmp_path / "artifacts"),
    ):
        pass


def test_artifacts_are_complete_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    """A process rewrites without pause; it is killed a dozen times at different moments of its work."""
    folder = tmp_path / "artifacts"
    _write(folder, "start")
    seen = set()
    for attempt in range(12):
        arguments = [sys.executable, "-c", ENDLESS, str(MODULE), str(folder), str(attempt)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            # It has replaced the folder when it comes to its second turn, and is killed in a later one.
            turns = [process.stdout.readline() for _ in range(attempt + 2)]
            time.sleep(0.001 * attempt)  # varies the moment; nothing depends on what is done by then
            process.kill()
        assert turns == [f"{turn}\n".encode() for turn in range(attempt + 2)]
        texts = _texts(folder)
        assert set(texts) == {"one", "two", "figures/three"}
        assert len(set(texts.values())) == 1, texts
        seen.add(next(iter(texts.values())))
    assert len(seen) == 12, "each process was killed after it had replaced the folder of the one before"
