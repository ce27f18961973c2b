"""Checks that curl as shown in README and docs, and programs in Node, get answers."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import build_app
from inference import Segmenter
from service.settings import Settings, StoreSettings
from service.settings.api_keys import PREFIX, digest_of, read_api_keys
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.test_packaging import readme_blocks

pytestmark = pytest.mark.server

CLIENTS = Path(__file__).with_name("clients")
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    site = build_app(Settings(host="127.0.0.1", port=free_port()))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def curl(line: str, url: str, folder: Path) -> str:
    """The output of a line of the README with this address."""
    line = line.replace("http://127.0.0.1:7860", url).replace("curl ", "curl --silent --fail ", 1)
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_first_line_of_curl_predicts(url: str, published: Segmenter, tmp_path: Path) -> None:
    (line,) = readme_blocks("curl")
    assert json.loads(curl(line, url, tmp_path))["segment"] == published.predict(**CUSTOMER).segment


def test_the_line_of_curl_for_a_file_scores_it(url: str, published: Segmenter, tmp_path: Path) -> None:
    (line,) = readme_blocks("curl-file", "docs/api.md")
    rows = "age,annual_income,spending_score\n31,17,40\n"
    (tmp_path / "customers.csv").write_text(rows, encoding="utf-8")
    curl(line, url, tmp_path)
    scored = (tmp_path / "scored.csv").read_text(encoding="utf-8")
    assert published.predict(**CUSTOMER).segment in scored


def test_the_line_of_curl_for_lines_answers_each(url: str, published: Segmenter, tmp_path: Path) -> None:
    (line,) = readme_blocks("curl-lines", "docs/api.md")
    first, second = map(json.loads, curl(line, url, tmp_path).splitlines())
    assert first["segment"] == published.predict(age=31, annual_income=17).segment
    assert [each["field"] for each in second["errors"]] == ["age"]


def test_the_lines_of_gradios_client_predict(url: str, published: Segmenter) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"<!-- gradio-client -->\n```bash\n(.*?)```", page, flags=re.DOTALL)
    lines = lines.replace("http://127.0.0.1:7860", url).replace(".venv/bin/python", sys.executable)
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert published.predict(**CUSTOMER).segment in done.stdout


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Node programs and their packages."""
    folder = shutil.copytree(CLIENTS, tmp_path_factory.mktemp("node") / "clients")
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(["npm", "ci", *quiet], cwd=folder, capture_output=True, check=True)
    return folder


def printed(folder: Path, program: str, url: str) -> dict[str, Any]:
    """The JSON that a Node program prints about the app."""
    done = subprocess.run(["node", program, url], cwd=folder, capture_output=True, text=True, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def asked(url: str, programs: Path) -> dict[str, Any]:
    """The answers of every endpoint to a Node program."""
    return printed(programs, "ask.mjs", url)


@pytest.mark.node
def test_a_node_program_gets_the_models_answers(asked: dict[str, Any], published: Segmenter) -> None:
    expected = published.predict(**CUSTOMER)
    assert asked["predict"]["segment"] == asked["explain"]["segment"] == expected.segment
    assert asked["predict"]["probabilities"] == pytest.approx(expected.probabilities)
    assert asked["partial"]["segment"] == published.predict(annual_income=80).segment
    assert asked["predict_many"]["answers"][0]["segment"] == expected.segment
    assert asked["predict_many"]["errors"][0]["row"] == 1
    assert asked["model"]["model_sha256"] == published.fingerprint
    assert expected.segment in asked["score_file"]


@pytest.mark.node
def test_a_node_program_gets_the_error_message(asked: dict[str, Any]) -> None:
    assert "column 'age' must be from 0 to 120 years" in asked["refused"]


@pytest.mark.node
@pytest.mark.parametrize(("mode", "revision"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_the_official_client_of_mcp_in_node_gets_answers_in_each_revision(
    url: str, programs: Path, published: Segmenter, mode: str, revision: str
) -> None:
    answers = printed(programs, "ask_mcp.mjs", url)[mode]
    assert answers["revision"] == revision
    assert answers["answer"]["segment"] == published.predict(**CUSTOMER).segment
    assert "must be a number" in answers["refused"]
    assert set(answers["kinds"]) == {"application/json", "text/markdown", "text/html;profile=mcp-app"}


@pytest.mark.node
def test_a_typed_client_of_typescript_calls_every_operation(
    programs: Path, published: Segmenter, tmp_path: Path
) -> None:
    key = f"{PREFIX}{secrets.token_urlsafe(32)}"
    keys = read_api_keys(f"tests:predict,customers,admin:{digest_of(key)}")
    store = StoreSettings(address=f"sqlite:///{tmp_path / 'customers.sqlite'}")
    site = build_app(Settings(host="127.0.0.1", port=free_port(), store=store, api_keys=keys, page=False))
    address = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        run = partial(subprocess.run, cwd=programs, capture_output=True, text=True, check=False)
        for command in (
            ["npx", "openapi-typescript", f"{address}/v1/openapi.json", "-o", "openapi.d.ts"],
            ["npx", "tsc"],
            ["node", "ask_rest.js", address, key],
        ):
            done = run(command)
            assert done.returncode == 0, done.stdout + done.stderr
        with urllib.request.urlopen(f"{address}/v1/openapi.json") as answer:  # noqa: S310 - loopback
            document = json.load(answer)
    finally:
        site.close()
    told = json.loads(done.stdout)
    operations = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    assert set(told["called"]) == operations
    segment = published.predict(**CUSTOMER).segment
    assert told["segments"] == [segment] * 4
    assert segment in told["scored"]
    assert (told["ids"], told["events"], told["erased"]) == (["anna", "ben"], 2, True)
    assert told["refused"] == ["age"]


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((CLIENTS / "package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in entry and entry["integrity"] for entry in packages)
