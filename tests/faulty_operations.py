"""Lets the n-th call of the system fail in an operation, for every n, and says what became of it each time.

    LD_PRELOAD=faulty_io.so python -m tests.faulty_operations OPERATION KIND FOLDER

Each n is a process of its own, forked when everything is loaded. A line of JSON for each: what the operation
said (``done``, ``told`` with its sentence, or ``failed`` with what was raised) and the state afterwards.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import onnxruntime as ort

from inference import ArtifactError, InputError, ScoreOptions, Segmenter, score_file
from service.models.load_model import load_model
from service.models.reloading import RefusedError
from service.rest.rest_middleware import AbortedError
from service.server import Site
from service.settings import Settings
from tests.conftest import ROOT, quick_config
from tests.free_port import free_port
from tests.web import client
from trainer.report import artifacts
from trainer.table.customer_table import read_table
from trainer.training import train

MODEL = ROOT / "artifacts" / "model.onnx"
ROWS = b"id,annual_income,spending_score,gender\n" + b"".join(
    b"%d,%d,%d,Female\n" % (at, 15 + at % 120, 1 + at % 99) for at in range(20_000)
)
OLD, NEW, ABSENT = "old", "new", "absent"
TOLD = (InputError, ArtifactError, RefusedError)


class Operation(ABC):
    """One operation about files below a folder.

    Attributes:
        path: below the folder, part of the paths whose calls fail.
    """

    path = ""

    def where(self, folder: Path) -> str:
        """Part of the paths whose calls fail."""
        return f"{folder}/{self.path}"

    @abstractmethod
    def begin(self, folder: Path) -> None:
        """Put what it needs into an empty folder."""

    @abstractmethod
    def run(self, folder: Path) -> None:
        """Do it; raises one of ``TOLD`` where it cannot."""

    @abstractmethod
    def state(self, folder: Path) -> str:
        """What is there: ``old``, ``new`` or ``absent``, or in words what should not be."""


class Score(Operation):
    """A file is scored in one of the formats."""

    def __init__(self, output: str) -> None:
        self._options = ScoreOptions(output_format=output)
        self._segmenter = Segmenter.load(MODEL)
        with tempfile.TemporaryDirectory() as folder:
            self.begin(Path(folder))
            self.run(Path(folder))
            self._size = (Path(folder) / "out").stat().st_size

    def begin(self, folder: Path) -> None:
        (folder / "in.csv").write_bytes(ROWS)

    def run(self, folder: Path) -> None:
        score_file(self._segmenter, folder / "in.csv", folder / "out", options=self._options)

    def state(self, folder: Path) -> str:
        out = folder / "out"
        if not out.exists():
            return ABSENT
        return NEW if abs(out.stat().st_size - self._size) < 100 else "a part of the file"  # zip has times


class Publish(Operation):
    """New artifacts replace old ones."""

    def __init__(self) -> None:
        self._trained = train(read_table(), quick_config())
        vars(artifacts)["write_figures"] = _two_figures
        with tempfile.TemporaryDirectory() as folder:
            self.run(Path(folder))
            self._new = _digest(Path(folder) / "model")

    def begin(self, folder: Path) -> None:
        (folder / "model").mkdir()
        (folder / "model" / "model.onnx").write_bytes(b"old")

    def run(self, folder: Path) -> None:
        artifacts.write_artifacts(self._trained, folder / "model")

    def state(self, folder: Path) -> str:
        content = folder / "model" / "model.onnx"
        if content.exists() and content.read_bytes() == b"old":
            return OLD
        return NEW if _digest(folder / "model") == self._new else "parts of the artifacts"


def _two_figures(_: Any, folder: Path, **__: Any) -> None:
    for name in ("one.svg", "two.svg"):
        (folder / name).write_text("<svg/>" * 1000)


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


class Reload(Operation):
    """The service takes another model file."""

    path = "model.onnx"

    def __init__(self) -> None:
        self._other = train(read_table(), quick_config()).model
        self._reloading: Any = None

    def begin(self, folder: Path) -> None:
        (folder / "model.onnx").write_bytes(MODEL.read_bytes())
        settings = Settings(model_path=folder / "model.onnx", mcp=False)
        self._reloading = Site(load_model(settings.model_path, settings), settings).reloading
        (folder / "model.onnx").write_bytes(self._other)

    def run(self, folder: Path) -> None:
        self._reloading.reload()

    def state(self, folder: Path) -> str:
        served = self._reloading.now.model
        served.predictor.predict({"annual_income": 17})
        new = hashlib.sha256(self._other).hexdigest()
        if served.segmenter.fingerprint == new:
            return NEW if not self._reloading.problem else "new, with a problem"
        return OLD


class Serve(Operation):
    """A file is sent to the REST API."""

    def __init__(self) -> None:
        self._segmenter = Segmenter.load(MODEL)
        self._answers: list[Any] = []

    def begin(self, folder: Path) -> None:
        tempfile.tempdir = str(folder)

    def run(self, folder: Path) -> None:
        with client(self._segmenter) as asked:
            headers = {"Content-Type": "text/csv", "Accept-Encoding": "identity"}
            try:
                answer = asked.post("/v1/score", content=ROWS * 4, headers=headers)
            except AbortedError as error:  # cut short after the status was sent, which the length shows
                raise InputError(f"the connection was cut: {error}") from None
            faults().faulty_end()
            small = asked.post("/v1/score", content=ROWS[:400].rpartition(b"\n")[0], headers=headers)
        if small.status_code != 200:
            raise RuntimeError(f"the next request was {small.status_code}: {small.text[:200]}")
        if answer.status_code == 200:
            if answer.content.count(b"\n") != ROWS.count(b"\n") * 4:
                raise RuntimeError("the answer was cut short")
            return
        if answer.headers["content-type"] != "application/problem+json" or answer.status_code < 500:
            raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")
        raise InputError(answer.json()["detail"])

    def state(self, folder: Path) -> str:
        return OLD if not any(folder.iterdir()) else "files that were left behind"


CLIENT = """
import http.client, json, sys, urllib.request
body = json.dumps({"annual_income": 17, "spending_score": 40}).encode()
for _ in range(4):
    asked = urllib.request.Request(sys.argv[1] + "/v1/predict", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            print(json.load(answer)["segment"])
    except (OSError, http.client.HTTPException) as error:
        print(f"no answer: {error!r}")
"""


class Connect(Operation):
    """A program asks the served app, whose connections fail."""

    def __init__(self) -> None:
        self._segmenter = Segmenter.load(MODEL)
        self._segment = self._segmenter.predict(annual_income=17, spending_score=40).segment
        self._url = ""

    def where(self, folder: Path) -> str:
        return "socket:"

    def begin(self, folder: Path) -> None:
        site = Site(self._segmenter, Settings(host="127.0.0.1", port=free_port(), mcp=False))
        self._url = site.launch(prevent_thread_lock=True, quiet=True)

    def run(self, folder: Path) -> None:
        answers = self._asked()
        faults().faulty_end()
        lost = [each for each in answers if each != self._segment]
        if any(not each.startswith("no answer: ") for each in lost):
            raise RuntimeError(f"a wrong answer: {lost}")
        if lost:
            raise InputError(f"the program got {lost}")

    def state(self, folder: Path) -> str:
        return OLD if self._asked() == [self._segment] * 4 else "no answers afterwards"

    def _asked(self) -> list[str]:
        """What a process of its own gets, whose calls do not fail."""
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, self._url],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()


OPERATIONS = {
    "score-csv": lambda: Score("csv"),
    "score-parquet": lambda: Score("parquet"),
    "score-excel": lambda: Score("excel"),
    "score-ndjson": lambda: Score("ndjson"),
    "publish": Publish,
    "reload": Reload,
    "serve": Serve,
    "connect": Connect,
}


def faults() -> Any:
    """The preloaded library."""
    return ctypes.CDLL(None)


def main(name: str, kind: str, root: Path) -> None:
    """Let each call fail in turn, until a run needs fewer."""
    ort.set_default_logger_severity(4)
    operation = OPERATIONS[name]()
    n, step = 0, 1
    while True:
        n += step
        folder = root / f"{n}"
        folder.mkdir()
        reading, writing = os.pipe()
        child = os.fork()  # each in a process of its own, whose end is like a crash
        if child == 0:
            os.write(writing, json.dumps(_one(operation, kind, folder, n)).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            answer = told.read()
        os.waitpid(child, 0)
        found = json.loads(answer) if answer else {"said": "died", "why": "", "reached": True}
        found.setdefault("state", operation.state(folder) if name.startswith("score") else OLD)
        sys.stdout.write(json.dumps({"n": n, **found}) + "\n")
        sys.stdout.flush()  # before the next fork
        shutil.rmtree(folder)
        if not found["reached"]:
            return
        if n >= 100:
            step = n // 10  # of very many calls of one kind, more and more seldom


def _one(operation: Operation, kind: str, folder: Path, n: int) -> dict[str, Any]:
    operation.begin(folder)
    said, why = "done", ""
    faults().faulty_begin(kind.encode(), operation.where(folder).encode(), n)
    try:
        operation.run(folder)
    except TOLD as error:
        said, why = "told", str(error)
    except BaseException as error:
        said, why = "failed", f"{type(error).__name__}: {error}"
    reached = faults().faulty_calls() >= n
    faults().faulty_end()
    return {"said": said, "why": why[:300], "state": operation.state(folder), "reached": reached}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
