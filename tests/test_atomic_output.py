"""Checks that a scored file gets its name only when it is complete."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from inference import InputError
from inference.files.write.atomic_output import open_target
from tests.conftest import ROOT

pytestmark = pytest.mark.fast


def test_the_final_name_is_given_last(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with open_target(target) as stream:
        stream.write(b"half")
        assert not target.exists()
        assert all(each.name.startswith(".") for each in tmp_path.iterdir())
    assert target.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, InputError, RuntimeError])
def test_an_unfinished_file_is_removed(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "out.csv").write_text("before")

    def interrupted() -> None:
        with open_target(tmp_path / "out.csv") as stream:
            stream.write(b"half")
            raise error("x")

    with pytest.raises(error):
        interrupted()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("out.csv", "before")]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link.csv"
    (tmp_path / "far" / "real.csv").write_text("before")
    link.symlink_to(tmp_path / "far" / "real.csv")
    with open_target(link) as stream:
        stream.write(b"1")
    assert link.is_symlink()
    assert (tmp_path / "far" / "real.csv").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("none/out.csv", "No such file or directory"), (".", "Is a directory"), ("a.txt/b", "Not a directory")],
)
def test_refuses_a_path_where_a_file_cannot_be_written(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "a.txt").write_text("")
    with (
        pytest.raises(InputError, match=f"must be writable, but it is not \\({sentence}"),
        open_target(tmp_path / name),
    ):
        pytest.fail("it was opened")


def test_a_very_long_name_is_accepted(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 250 + ".csv")
    with open_target(target) as stream:
        stream.write(b"1")
    assert target.read_bytes() == b"1"


def test_a_device_or_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    with open_target("/dev/null") as stream:
        stream.write(b"1")
    assert not Path("/dev/null").is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        with open_target(pipe) as stream:
            stream.write(b"through")
        assert reader.communicate()[0] == b"through"


def test_a_full_disk_is_reported_and_leaves_no_file(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom inference import InputError\nfrom inference.files.write.atomic_output import "
        "open_target\n"
        "try:\n with open_target(sys.argv[1]) as stream:\n  stream.write(bytes(100_000))\n"
        "except InputError as error:\n print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "out.csv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert "must be writable, but it is not (File too large)" in done.stdout
    assert list(tmp_path.iterdir()) == []
