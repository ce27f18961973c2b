"""Checks that runs are logged to MLflow and models loaded from it, with a real server: ``just mlflow``."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.mlflow

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "trainer" / "data" / "mall_customers.csv"
PATIENCE = 120  # seconds until the server answers


@dataclass(frozen=True)
class Server:
    """A running server."""

    uri: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """For a process that uses it."""
        given = {name: text for name, text in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**given, "MLFLOW_TRACKING_URI": self.uri, "GIT_PYTHON_REFRESH": "quiet"}

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with it."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on this machine with SQLite behind it."""
    folder = tmp_path_factory.mktemp("mlflow")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    started = Server(f"http://127.0.0.1:{port}", folder)
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'runs.db'}", "--workers", "1"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=started.environment(), stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + PATIENCE
            while not answers(f"{started.uri}/health"):
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.5)
            yield started
        finally:
            process.terminate()
            process.wait()


def answers(address: str) -> bool:
    """Whether something answers there."""
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def logged(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifacts of a quick run that was logged."""
    out = tmp_path_factory.mktemp("run") / "artifacts"
    done = server.python(
        "-m", "trainer", "--quick", "--k", "5", "--out", str(out), "--mlflow-model", "mall@best"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Logged to MLflow as models:/mall/1 (best)" in done.stdout
    return out


def test_a_run_is_logged_with_its_figures_and_its_card(server: Server, logged: Path) -> None:
    os.environ["MLFLOW_TRACKING_URI"] = server.uri
    from mlflow import MlflowClient
    from mlflow.artifacts import download_artifacts

    client = MlflowClient(server.uri)
    version = client.get_model_version_by_alias("mall", "best")
    run = client.get_run(version.run_id)
    report = json.loads((logged / "report.json").read_text(encoding="utf-8"))
    assert run.data.params["choice.user_k"] == "5"
    assert run.data.params["segments"] == str(report["choice"]["k"])
    assert run.data.params["classifier.chosen"] == report["classifier"]["chosen"]
    row = next(each for each in report["choice"]["table"] if each["k"] == 5)
    assert run.data.metrics["choice.silhouette"] == pytest.approx(row["silhouette"])
    chosen = report["evaluation"]["classifiers"][report["classifier"]["chosen"]]
    assert run.data.metrics["fidelity.complete.accuracy"] == pytest.approx(chosen[0]["fidelity"]["accuracy"])
    patterns = {name.split(".")[1] for name in run.data.metrics if name.startswith("fidelity.")}
    assert len(patterns) == len(chosen)
    files = {each.path for each in client.list_artifacts(run.info.run_id)}
    assert {"MODEL_CARD.md", "report.json", "figures"} <= files
    figures = {Path(each.path).name for each in client.list_artifacts(run.info.run_id, "figures")}
    assert figures == {each.name for each in (logged / "figures").iterdir()}
    card = download_artifacts(run_id=run.info.run_id, artifact_path="MODEL_CARD.md")
    assert Path(card).read_bytes() == (logged / "MODEL_CARD.md").read_bytes()


@pytest.mark.parametrize("address", ["models:/mall@best", "models:/mall/1", "models:/mall/latest"])
def test_the_registered_model_is_loaded_byte_for_byte(server: Server, logged: Path, address: str) -> None:
    code = (
        f"from inference import Segmenter; found = Segmenter.load({address!r}); print(found.fingerprint, "
        "found.predict(age=31, annual_income=17, spending_score=40).segment)"
    )
    done = server.python("-c", code)
    assert done.returncode == 0, done.stderr
    from inference import Segmenter

    expected = Segmenter.load(logged / "model.onnx")
    segment = expected.predict(age=31, annual_income=17, spending_score=40).segment
    assert done.stdout.strip() == f"{expected.fingerprint} {segment}"


def test_mlflow_itself_answers_with_the_signature_and_the_example(server: Server, logged: Path) -> None:
    code = """
import json, mlflow, mlflow.pyfunc
model = mlflow.pyfunc.load_model("models:/mall@best")
example = model.input_example
answer = model.predict(example)
names = [each.name for each in model.metadata.signature.inputs.inputs]
outputs = [each.name for each in model.metadata.signature.outputs.inputs]
print(json.dumps({"inputs": names, "outputs": outputs, "segment": answer["segment"].tolist(),
    "example": {name: value.tolist() for name, value in example.items()}}))
"""
    done = server.python("-c", code)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    from inference import Segmenter

    contract = Segmenter.load(logged / "model.onnx").contract
    assert found["inputs"] == list(contract.names)
    assert found["outputs"] == [each.name for each in contract.outputs]
    assert found["segment"][0] in {each.name for each in contract.segments}


def test_nothing_that_is_logged_holds_a_customer(server: Server, logged: Path) -> None:
    """The rows of the table: no four values of one are together in any file, and the example is none."""
    from inference import Segmenter
    from trainer.report.mlflow_run import input_example

    example = input_example(Segmenter.load(logged / "model.onnx").contract)
    made_up = tuple(str(example[name][0, 0]) for name in ("gender", "age", "annual_income", "spending_score"))
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert (made_up[0], *(str(int(float(text))) for text in made_up[1:])) not in {row[1:] for row in rows}
    files = [path for path in (server.folder / "artifacts").rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        text = path.read_bytes().decode("utf-8", "ignore")
        assert not [row for row in rows if ",".join(row) in text or ", ".join(row[2:]) in text], path


def test_a_retrained_model_that_waits_is_a_candidate(server: Server, logged: Path) -> None:
    wanted = ["--quick", "--retrain", "--out", str(logged), "--mlflow-model", "mall@best"]
    done = server.python("-m", "trainer", *wanted)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "(candidate)" in done.stdout
    from mlflow import MlflowClient

    client = MlflowClient(server.uri)
    best, waiting = (client.get_model_version_by_alias("mall", alias) for alias in ("best", "candidate"))
    assert int(waiting.version) == int(best.version) + 1
    files = {each.path for each in client.list_artifacts(waiting.run_id)}
    assert "comparison.json" in files


def test_what_cannot_be_had_is_said(server: Server) -> None:
    for address, sentence in (
        ("models:/mall@none", "must be in MLflow's registry"),
        ("models:/nobody/1", "must be in MLflow's registry"),
        ("models:/mall", "must be given as models:/name@alias"),
    ):
        done = server.python("-c", f"from inference import Segmenter; Segmenter.load({address!r})")
        assert sentence in done.stderr
        assert len(done.stderr.strip().splitlines()[-1]) < 400


def test_a_changed_file_is_refused(server: Server, logged: Path) -> None:
    for path in (server.folder / "artifacts").rglob("model.onnx"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        done = server.python("-c", "from inference import Segmenter; Segmenter.load('models:/mall@best')")
        assert "its SHA-256 differs" in done.stderr
    finally:
        for path in (server.folder / "artifacts").rglob("model.onnx"):
            path.write_bytes((logged / "model.onnx").read_bytes())


def test_a_server_that_does_not_answer_is_found_before_training(server: Server, tmp_path: Path) -> None:
    nobody = "sqlite:////proc/nowhere/runs.db"
    done = server.python("-m", "trainer", "--quick", "--out", str(tmp_path / "out"), "--mlflow", nobody)
    assert done.returncode == 2
    assert "MLflow must take the run" in done.stderr
    assert not (tmp_path / "out").exists()
