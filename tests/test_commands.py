"""Checks that the commands for developers exist wherever they are named, and run the same checks."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.fast

MANIFESTS = {  # file -> the ecosystem that keeps it up to date
    "package.json": "npm",
    "Cargo.toml": "cargo",
    "go.mod": "gomod",
    "pom.xml": "maven",
    "CustomerSegmentation.csproj": "nuget",
}
HEAVY_FOLDERS = {"node_modules", ".venv", "target", "site"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def recipes() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*)(?: \*\w+)?:(?!=)", text("justfile"), re.M))


@pytest.fixture
def figure() -> ModuleType:
    """The script that writes the coverage into the README."""
    spec = importlib.util.spec_from_file_location("coverage_figure", ROOT / ".ci" / "coverage_figure.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_that_is_named_is_in_the_justfile() -> None:
    named = set(re.findall(r"\bjust ([a-z][a-z-]*)", text("CONTRIBUTING.md") + text("README.md")))
    named |= set(re.findall(r"\brecipe ([a-z][a-z-]*)$", text(".ci/run"), re.M))
    assert {"fast", "check", "test", "serve", "bench", "release", "light", "browser"} <= named
    assert named <= recipes()


def test_the_tests_are_the_same_line_in_readme_and_justfile() -> None:
    line = "-m pytest -n auto --dist loadfile"
    assert f"python {line}\n" in text("README.md")
    assert f"{{{{ python }}}} {line} {{{{ arguments }}}}\n" in text("justfile")


def test_hooks_before_a_commit_need_no_network() -> None:
    document = yaml.safe_load(text(".pre-commit-config.yaml"))
    assert [repository["repo"] for repository in document["repos"]] == ["local"]
    hooks = {hook["id"]: hook for repository in document["repos"] for hook in repository["hooks"]}
    assert {"ruff-check", "ruff-format", "mypy", "large-files"} == set(hooks)
    assert {hook["language"] for hook in hooks.values()} == {"system"}


def test_every_manifest_is_updated_in_groups() -> None:
    updates = yaml.safe_load(text(".github/dependabot.yml"))["updates"]
    watched = {
        (update["package-ecosystem"], folder)
        for update in updates
        for folder in update.get("directories", [update.get("directory")])
    }
    assert {("pip", "/"), ("pip", "/requirements"), ("github-actions", "/")} <= watched
    for name, ecosystem in MANIFESTS.items():
        for found in ROOT.rglob(name):
            folder = found.relative_to(ROOT).parent
            if not HEAVY_FOLDERS & set(folder.parts):
                assert (ecosystem, f"/{folder.as_posix()}") in watched, found
    assert all(update["groups"] for update in updates)


def test_a_large_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_bytes(b"x")
    (tmp_path / "large.bin").write_bytes(b"x" * 400_001)
    command = [sys.executable, str(ROOT / ".ci" / "large_files.py"), "small.txt", "large.bin", "gone.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("large.bin must be at most 400,000 bytes, but has 400,001;")
    assert "small.txt" not in done.stderr


@pytest.mark.parametrize(
    ("shown", "now", "status"),
    [("91.0%", 91.9, 0), ("91.0%", 89.5, 1), ("91.0%", 92.5, 1), ("not measured yet", 92.0, 1)],
)
def test_an_outdated_coverage_is_detected(
    figure: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, now: float, status: int
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"Coverage: <!-- coverage -->{shown}<!-- /coverage -->.\n", encoding="utf-8")
    monkeypatch.setattr(figure, "README", readme)
    monkeypatch.setattr(figure, "measured", lambda: now)
    assert figure.main(["--check"]) == status
    assert figure.main([]) == 0
    assert readme.read_text("utf-8") == f"Coverage: <!-- coverage -->{now}%<!-- /coverage -->.\n"
    assert figure.main(["--check"]) == 0


def test_the_readme_has_one_place_for_the_coverage(figure: ModuleType) -> None:
    assert len(figure.MARKED.findall(text("README.md"))) == 1
