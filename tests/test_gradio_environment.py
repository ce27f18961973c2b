"""Checks that the app starts quickly on its configured port, or reports in one line why it cannot."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import build_app
from inference import ArtifactError
from service.gradio_api.gradio_environment import (
    QUIET,
    STOPPED,
    UPLOADS,
    offer_gpu_function,
    own_folder,
    prepare,
)
from service.settings import Settings
from tests.conftest import ROOT, loaded_after
from tests.free_port import free_port
from tests.server import get, run_app, untouched

pytestmark = pytest.mark.server

TRAINING_ONLY = {"sklearn", "xgboost", "onnx", "skl2onnx", "onnxmltools", "scipy", "matplotlib", "trainer"}


def test_the_app_serves_on_the_port_it_is_given_with_its_tool_for_agents() -> None:
    port = free_port()
    with run_app(PORT=str(port), HOST="127.0.0.1", MCP="on") as process:
        try:
            assert process.stdout is not None
            assert any(f"127.0.0.1:{port}" in line for line in process.stdout)
            status, page = get(f"http://127.0.0.1:{port}/")
            assert status == 200
            assert b"--seg-0: #0f8674" in page
            tools = json.loads(get(f"http://127.0.0.1:{port}/gradio_api/mcp/schema")[1])
            assert "predict_segment" in [tool["name"] for tool in tools]
            assert get(f"http://127.0.0.1:{port}/v1/ready")[0] == 200
        finally:
            process.terminate()
            process.communicate()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MODEL_PATH": "no/such.onnx"}, "no model file can be read at 'no/such.onnx'"),
        ({"MODEL_PATH": "app.py"}, "must be an ONNX model"),
        ({"PORT": "http"}, "PORT must be a whole number, but it is 'http'"),
    ],
)
def test_an_app_that_cannot_start_gives_the_reason_in_one_line(
    environment: dict[str, str], sentence: str
) -> None:
    with run_app(**environment) as process:
        output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert len(errors.splitlines()) == 1
    assert errors.startswith("The app cannot start: ")
    assert sentence in errors


def test_a_port_in_use_is_reported_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with run_app(HOST="127.0.0.1", PORT=port) as process:
            _, errors = process.communicate()
    assert process.returncode == 1
    assert len(errors.splitlines()) == 1
    assert f"HOST 127.0.0.1 must have PORT {port} free" in errors


def test_a_missing_model_is_an_artifact_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no model file"):
        build_app(Settings(model_path=tmp_path / "model.onnx"))


def test_the_app_loads_nothing_that_only_training_needs() -> None:
    assert not loaded_after("import app\napp.build_app()") & TRAINING_ONLY


def test_pandas_waits_until_it_is_used() -> None:
    code = (
        "import sys, app\n"
        "site = app.build_app()\n"
        "assert 'pandas.core' not in sys.modules and 'pyarrow' not in sys.modules\n"
        "import pandas, pandas.api.types\n"
        "assert pandas.DataFrame([1]).shape == (1, 1)\n"
        "assert 'pandas.core' in sys.modules"
    )
    assert "pandas" in loaded_after(code)


def test_a_million_calls_in_the_queue_are_no_table_of_pandas() -> None:
    code = (
        "import sys, app\n"
        "queue = app.build_app().page._queue\n"
        "queue.events_recorded = 10**6\n"
        "call = {'function': 'predict', 'status': 'success', 'process_time': 1.0}\n"
        "queue.compute_analytics_summary([call])\n"
        "assert 'pandas.core' not in sys.modules\n"
        "assert queue.ANALYTICS_MAX_EVENTS == 100"
    )
    assert "gradio" in loaded_after(code)


def test_importing_the_app_does_no_work() -> None:
    assert not loaded_after("import app") & {"gradio", "pandas", "fastapi"}


def test_the_app_also_builds_without_the_faster_import_of_gradio() -> None:
    code = "import gradio, app\nsite = app.build_app()\nassert site.page.title"
    assert "gradio" in loaded_after(code)


def test_telemetry_is_off_before_gradio_is_imported() -> None:
    environment: dict[str, str] = {"GRADIO_ANALYTICS_ENABLED": "True"}
    before = list(sys.meta_path)
    prepare(environment)
    prepare(environment)
    assert environment == {**QUIET, UPLOADS: own_folder()}
    assert len(sys.meta_path) <= len(before) + 1


def test_uploads_have_a_separate_folder_that_is_deleted_with_the_process() -> None:
    code = "import os, app; app.build_app(); print(os.environ['GRADIO_TEMP_DIR'])"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, env=untouched(), capture_output=True, text=True, check=True)
    folder = Path(done.stdout.strip())
    assert folder.name.startswith("customer-segments-")
    assert not folder.exists()
    assert stat.S_IMODE(Path(own_folder()).stat().st_mode) == 0o700


def test_stopping_the_app_deletes_its_uploads(tmp_path: Path) -> None:
    port = free_port()
    with run_app(PORT=str(port), HOST="127.0.0.1", MCP="off", TMPDIR=str(tmp_path)) as process:
        assert process.stdout is not None
        assert any(f"127.0.0.1:{port}" in line for line in process.stdout)
        assert list(tmp_path.glob("customer-segments-*"))
        process.terminate()
        process.communicate()
    assert process.returncode == STOPPED
    assert list(tmp_path.glob("customer-segments-*")) == []


def test_a_folder_that_is_set_already_is_kept() -> None:
    environment = {UPLOADS: "/somewhere"}
    prepare(environment)
    assert environment[UPLOADS] == "/somewhere"


def test_the_service_names_no_column_of_the_published_table() -> None:
    reported = re.compile(r"\bmall\b|income|spending_score|gender", re.IGNORECASE)
    naming = [
        path for path in (ROOT / "service").rglob("*.py") if reported.search(path.read_text(encoding="utf-8"))
    ]
    assert naming == []


STAND_IN = """
import gradio

decorated = []

def GPU(function):
    decorated.append(function)
    def asked(*given, **named):
        raise AssertionError("the model needs no GPU")
    return asked

launch = gradio.Blocks.launch

def start(*given, **named):
    if not decorated:
        raise RuntimeError("No @spaces.GPU function detected during startup")
    return launch(*given, **named)

gradio.Blocks.launch = start
"""


@pytest.mark.parametrize("offered", [True, False])
def test_zero_gpu_starts_the_app_only_with_a_function_for_a_gpu(tmp_path: Path, offered: bool) -> None:
    (tmp_path / "spaces.py").write_text(STAND_IN, encoding="utf-8")
    offer = "" if offered else "app.offer_gpu_function = lambda: __import__('spaces')\n"
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(tmp_path)!r}]\n"
        f"import app\n{offer}"
        "from service.settings import Settings\n"
        f"site = app.build_app(Settings(host='127.0.0.1', port={free_port()}, mcp=False))\n"
        "site.launch(prevent_thread_lock=True, quiet=True)\n"
        "import spaces; assert len(spaces.decorated) == 1; print('started')\n"
        "site.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ("started" in done.stdout) == offered, done.stderr
    assert ("No @spaces.GPU function" in done.stderr) != offered


def test_without_the_package_no_function_is_decorated() -> None:
    assert offer_gpu_function() is False
