"""Checks that the wheels are complete and small, and that the light one needs numpy and onnxruntime only.

``just wheels`` runs this file: it builds the wheels and installs them from the package index of the machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.wheels

MODEL = ROOT / "artifacts" / "model.onnx"
LIGHT, FILES = "customer_segmentation-", "customer_segmentation_files-"
COMMANDS = {  # of what is only in a clone
    "inference/engines/__init__.py",
    "inference/engines/engine_commands.py",
    "inference/engines/new_file.py",
    "inference/engines/sql/__init__.py",
    "inference/engines/sql/dialects.py",
}
LARGEST = {LIGHT: 150_000, FILES: 185_000}  # bytes of each wheel


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """What a command prints; PYTHONPATH of this run must not help it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def uv(*arguments: str | Path, cwd: Path = ROOT) -> str:
    return run(sys.executable, "-m", "uv", *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both wheels."""
    folder = tmp_path_factory.mktemp("dist")
    for project in (ROOT, ROOT / "inference" / "files"):
        uv("build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", folder, project)
    return folder


def wheel(dist: Path, prefix: str) -> Path:
    (found,) = dist.glob(f"{prefix}*.whl")
    return found


def modules(dist: Path, prefix: str) -> set[str]:
    with zipfile.ZipFile(wheel(dist, prefix)) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def metadata(dist: Path, prefix: str) -> dict[str, list[str]]:
    with zipfile.ZipFile(wheel(dist, prefix)) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("METADATA"))
        message = message_from_string(archive.read(name).decode())
    return {key: message.get_all(key, []) for key in set(message.keys())}


@pytest.fixture(scope="module")
def light(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment with the light wheel, numpy and onnxruntime."""
    folder = tmp_path_factory.mktemp("light")
    locked = [
        line
        for line in (ROOT / "requirements" / "light.txt").read_text().splitlines()
        if "pytest" not in line
    ]
    uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    uv("pip", "install", "--quiet", "--python", python, wheel(dist, LIGHT), *locked)
    return python.parent


def test_each_wheel_is_small(dist: Path) -> None:
    for prefix in (LIGHT, FILES):
        assert wheel(dist, prefix).stat().st_size <= LARGEST[prefix]


def test_together_they_have_every_module_once_and_nothing_else(dist: Path) -> None:
    """But for Spark, and for what writes the model in other languages, of which they have the commands."""
    light, files = modules(dist, LIGHT), modules(dist, FILES)
    assert light & files == set()
    every = {str(path.relative_to(ROOT)) for path in (ROOT / "inference").rglob("*.py")}
    only_in_a_clone = {
        path for path in every - COMMANDS if path.startswith(("inference/engines/", "inference/files/spark/"))
    }
    assert light | files == every - only_in_a_clone


def test_the_light_one_needs_numpy_and_onnxruntime_only(dist: Path) -> None:
    needs = [need for need in metadata(dist, LIGHT)["Requires-Dist"] if "extra ==" not in need]
    assert sorted(re.split(r"[<>=!~;]", need)[0] for need in needs) == ["numpy", "onnxruntime"]


def test_versions_and_licence_agree(dist: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    for prefix in (LIGHT, FILES):
        assert metadata(dist, prefix)["Version"] == [version]
        assert metadata(dist, prefix)["License-Expression"] == ["MIT"]
    assert project["optional-dependencies"]["files"] == [f"customer-segmentation-files=={version}"]
    assert f"customer-segmentation=={version}" in metadata(dist, FILES)["Requires-Dist"]
    page = (ROOT / "docs" / "light-wheel.md").read_text(encoding="utf-8")
    assert set(re.findall(r"==([\w.]+)", page)) == {version}


def test_every_test_vector_is_answered_in_the_light_environment(light: Path, tmp_path: Path) -> None:
    example = tmp_path / "copy" / "segment.py"
    example.parent.mkdir()
    example.write_bytes((ROOT / "examples" / "python" / "segment.py").read_bytes())
    env = ["env", f"MODEL={MODEL}", f"VECTORS={ROOT / 'artifacts' / 'test_vectors.json'}"]
    found = json.loads(run(*env, light / "python", example, "vectors", cwd=tmp_path))
    assert (found["mismatches"], found["rows"] >= 500) == (0, True)
    unwanted = "('pyarrow', 'pandas', 'sklearn', 'gradio')"
    code = f"import importlib.util as u; print([name for name in {unwanted} if u.find_spec(name)])"
    assert run(light / "python", "-c", code, cwd=tmp_path).strip() == "[]"


def test_the_light_environment_says_what_is_missing_to_score_files(light: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("age\n3\n", encoding="utf-8")
    command = (light / "customer-segmentation", "score", "customers.csv", "--model", MODEL)
    assert "install customer-segmentation[files]" in run(*command, cwd=tmp_path, status=2)
    code = "from inference import score_file"
    assert "install customer-segmentation[files]" in run(light / "python", "-c", code, cwd=tmp_path, status=1)


def test_a_file_is_scored_by_the_tool_runner_as_in_the_clone(dist: Path, tmp_path: Path) -> None:
    version = metadata(dist, LIGHT)["Version"][0]
    tool = ("tool", "run", "--quiet", "--python", sys.executable, "--find-links", dist)
    command = (*tool, "--from", f"customer-segmentation[files]=={version}", "customer-segmentation", "score")
    sample = ROOT / "examples" / "sample.csv"
    clone = (sys.executable, "-m", "inference", "score", sample, tmp_path / "clone.csv", "--quiet")
    run(*clone, cwd=ROOT, status=1)  # some rows of the sample cannot be scored
    tried = subprocess.run(
        [sys.executable, "-m", "uv", *command, sample, "tool.csv", "--model", MODEL, "--quiet"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 1, tried.stderr
    assert (tmp_path / "tool.csv").read_bytes() == (tmp_path / "clone.csv").read_bytes()
    without = subprocess.run(
        [sys.executable, "-m", "uv", *command, sample, "other.csv"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert without.returncode == 2
    assert "give --model FILE" in without.stderr


def test_the_page_has_the_measured_figures() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results" / "light_wheel.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "light-wheel.md").read_text(encoding="utf-8")
    for name in ("wheel_kb", "environment_mb", "first_answer_cpu_ms", "first_answer_memory_mb"):
        row = re.search(
            rf"^\| .* \| ([\d.]+) \| at most {measured['bounds'][name]} <!-- {name} --> \|", page, re.M
        )
        assert row, name
        assert float(row[1]) == round(measured[name]), name


def test_a_release_has_its_files_with_checksums_and_a_wrong_tag_is_refused(tmp_path: Path) -> None:
    script = ROOT / ".github" / "stage_release.py"
    wrong = run(sys.executable, script, tmp_path / "x", "--tag", "v9.9.9", cwd=ROOT, status=1)
    assert "the tag must be v" in wrong
    code = (
        f"import runpy; runpy.run_path({str(script)!r})['stage'](__import__('pathlib').Path('release'), None)"
    )
    run(sys.executable, "-c", code, cwd=tmp_path)
    names = {path.name for path in (tmp_path / "release").iterdir()}
    assert {"model.onnx", "model.cdx.json", "MODEL_CARD.md", "test_vectors.json", "SHA256SUMS"} <= names
    assert (
        sum(name.endswith(".whl") for name in names) == sum(name.endswith(".tar.gz") for name in names) == 2
    )
    assert not any(name.startswith(".") for name in names)
    run("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS", cwd=tmp_path / "release")
