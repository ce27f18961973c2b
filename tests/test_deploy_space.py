"""Checks that a Space is uploaded, asked, and put back where it fails; Hub and Space are stand-ins here."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fake_hub import FakeHub, fake_hub
from tests.test_hub import environment

SPACE = "owner/space"
OLD = {"app.py": b"old", "gone.txt": b"of an earlier version", "folder/data.bin": bytes(range(256))}


class _Space(BaseHTTPRequestHandler):
    """Answers as a Space does, or fails."""

    def do_GET(self) -> None:
        self._send({"status": "ok"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._send({"segment": "a"} if self.server.healthy else {})  # type: ignore[attr-defined]

    def _send(self, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub with one Space that runs."""
    with fake_hub() as server:
        server.files[SPACE] = dict(OLD)
        yield server


@pytest.fixture
def space() -> Iterator[ThreadingHTTPServer]:
    """The running Space."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Space)
    server.healthy = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the script, and a collected Space beside it."""
    clone = tmp_path / "clone"
    (clone / "deploy").mkdir(parents=True)
    (clone / "deploy" / "deploy_space.py").write_bytes((ROOT / "deploy" / "deploy_space.py").read_bytes())
    staged = tmp_path / "staged"
    staged.mkdir()
    (staged / "app.py").write_bytes(b"new")
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "Add the script"],
    ):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)
    return clone


def head(clone: Path) -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(
    clone: Path, hub: FakeHub, space: ThreadingHTTPServer, *, passed: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, "deploy/deploy_space.py", SPACE, str(clone.parent / "staged"),
        "--passed", passed or head(clone), "--every", "0.05", "--patience", "5",
        "--url", f"http://127.0.0.1:{space.server_address[1]}",
    ]  # fmt: skip
    return subprocess.run(
        command,
        cwd=clone,
        env=environment(hub, clone.parent / "home"),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_version_replaces_every_file(clone: Path, hub: FakeHub, space: ThreadingHTTPServer) -> None:
    hub.stages = ["BUILDING", "APP_STARTING"]
    done = run(clone, hub, space)
    assert done.returncode == 0, done.stdout + done.stderr
    assert hub.files[SPACE] == {"app.py": b"new"}


@pytest.mark.parametrize("stages", [["BUILDING", "BUILD_ERROR"], ["RUNTIME_ERROR"]])
def test_the_last_version_is_put_back_byte_for_byte_where_the_build_fails(
    clone: Path, hub: FakeHub, space: ThreadingHTTPServer, stages: list[str]
) -> None:
    hub.stages = list(stages)
    done = run(clone, hub, space)
    assert done.returncode == 1, done.stdout + done.stderr
    assert hub.files[SPACE] == OLD
    assert stages[-1] in done.stderr


def test_the_last_version_is_put_back_where_it_does_not_predict(
    clone: Path, hub: FakeHub, space: ThreadingHTTPServer
) -> None:
    space.healthy = False  # type: ignore[attr-defined]
    done = run(clone, hub, space)
    assert done.returncode == 1
    assert "its prediction has no segment" in done.stderr
    assert hub.files[SPACE] == OLD


def test_faults_of_the_hub_are_survived(clone: Path, hub: FakeHub, space: ThreadingHTTPServer) -> None:
    hub.faults = [503, 0, 504]
    done = run(clone, hub, space)
    assert done.returncode == 0, done.stdout + done.stderr
    assert hub.files[SPACE] == {"app.py": b"new"}


def test_a_commit_that_did_not_pass_or_has_changes_is_not_uploaded(
    clone: Path, hub: FakeHub, space: ThreadingHTTPServer
) -> None:
    for passed in ("0" * 40, "main"):
        done = run(clone, hub, space, passed=passed)
        assert (done.returncode, hub.files[SPACE]) == (2, OLD)
        assert "the checks must have passed for" in done.stderr
    (clone / "changed.txt").write_text("not committed")
    done = run(clone, hub, space)
    assert (done.returncode, hub.files[SPACE]) == (2, OLD)
    assert "everything must be committed" in done.stderr


def test_a_space_that_is_not_there_is_said(clone: Path, hub: FakeHub, space: ThreadingHTTPServer) -> None:
    hub.files.clear()
    done = run(clone, hub, space)
    assert done.returncode == 2
    assert "the Space must exist" in done.stderr
