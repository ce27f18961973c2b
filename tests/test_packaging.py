"""Checks that README, requirements, locks and the Space have the same versions."""

import importlib.metadata
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import metadata_load
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {
    "app": "requirements.txt",
    "train": "requirements/train.txt",
    "dev": "requirements/dev.txt",
    "light": "requirements/light.txt",
    "notebooks": "requirements/notebooks.txt",
    "docs": "requirements/docs.txt",
    "deploy": "requirements/deploy.txt",
    "release": "requirements/release.txt",
    "observe": "requirements/observe.txt",
    "drawing": "requirements/drawing.txt",
    "evidently": "requirements/evidently.txt",
    "mcp": "requirements/mcp.txt",
    "clients": "requirements/clients.txt",
    "mlflow": "requirements/mlflow.txt",
    "spark": "requirements/spark.txt",
    "spark_training": "requirements/spark_training.txt",
}
OWN = ("clients", "evidently", "mcp", "mlflow", "spark")  # environments of their own, with other versions
TESTED = {name: NEEDS[name] for name in ("app", "train", "dev", "light", "observe")}  # what dev.lock contains
LOCKS = {name: f"requirements/{name}.lock" for name in NEEDS}
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
SHORT_DESCRIPTION_LIMIT = 60  # the Hub refuses a longer one
FOREIGN_SOURCE = re.compile(r"(?<!emit-)index-url|find-links|trusted-host|://\S+/simple\b")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def needs(name: str) -> list[Requirement]:
    """The requirements that one file lists itself, without the files it includes."""
    lines = (line.split("#")[0].strip() for line in text(name).splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r ")]


def lock_pins(name: str) -> list[str]:
    """The lines of a lock that name a package, as written in the lock."""
    return [line.removesuffix(" \\") for line in text(name).splitlines() if line[:1].isalnum()]


def versions(requirements: list[Requirement]) -> dict[str, str]:
    return {canonicalize_name(need.name): str(need.specifier) for need in requirements}


def locked(lock: str) -> dict[str, str]:
    return versions([Requirement(pin) for pin in lock_pins(LOCKS[lock])])


def front_matter() -> dict[str, object]:
    return metadata_load(ROOT / "README.md") or {}


def readme_blocks(mark: str, page: str = "README.md") -> list[str]:
    """The fenced blocks of one line after a mark, in the README or another page."""
    return re.findall(rf"^<!-- {mark} -->\n```bash\n(.*)\n```$", text(page), flags=re.MULTILINE)


def readme_line(mark: str) -> str:
    """The one line of the fenced block after a mark, which .ci/run takes from there too."""
    blocks = readme_blocks(mark)
    assert len(blocks) == 1
    return str(blocks[0])


@pytest.mark.parametrize("name", NEEDS.values())
def test_every_requirement_is_pinned_to_one_version(name: str) -> None:
    for need in needs(name):
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(need.specifier)), need


def test_a_requirement_has_the_same_version_in_every_file() -> None:
    found = {name: versions(needs(file)) for name, file in NEEDS.items() if name not in OWN}
    app, train, dev, observe = (found[name] for name in ("app", "train", "dev", "observe"))
    assert [name for name in app.keys() & train.keys() if app[name] != train[name]] == []
    assert (app | train | observe).keys() & dev.keys() == set()
    assert app.keys() & observe.keys() == set()
    known = app | train | dev | observe
    for other in found.values():
        assert [name for name in other.keys() & known.keys() if other[name] != known[name]] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_contains_every_pin_of_its_requirements(lock: str) -> None:
    names = list(TESTED.values()) if lock == "dev" else [NEEDS[lock]]
    pins = locked(lock)
    for name in names:
        for need, version in versions(needs(name)).items():
            assert pins[need] == version, need


@pytest.mark.parametrize("lock", ["app", "train", "light", "observe"])
def test_the_locks_agree_down_to_the_marker(lock: str) -> None:
    assert set(lock_pins(LOCKS[lock])) <= set(lock_pins(LOCKS["dev"]))


@pytest.mark.parametrize("lock", ["notebooks", "docs", "deploy", "release", "drawing"])
def test_a_lock_with_more_has_the_tested_versions_of_what_it_shares(lock: str) -> None:
    own, tested = locked(lock), locked("dev")
    assert {name: own[name] for name in own.keys() & tested.keys()} == {
        name: tested[name] for name in own.keys() & tested.keys()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_with_hashes_and_nothing_else(lock: str) -> None:
    pins = lock_pins(LOCKS[lock])
    assert len(locked(lock)) == len(pins) > 0  # no package twice
    entries = re.split(r"^(?=\w)", text(LOCKS[lock]), flags=re.MULTILINE)[1:]
    for pin, entry in zip(pins, entries, strict=True):
        assert re.fullmatch(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; .+)?", pin), pin
        hashes = entry.splitlines()[1:]
        assert hashes, pin
        assert all(HASH.fullmatch(line) for line in hashes), pin


def test_the_locks_pin_the_extras_that_packages_ask_for() -> None:
    """Without the extra of a package in a lock, pip looks beyond the lock once a newer release is out."""
    pins = {canonicalize_name(pin.name): pin for pin in map(Requirement, lock_pins(LOCKS["dev"]))}
    asked = [
        Requirement(text)
        for name in pins
        for text in _asked_by(name)
        if "[" in text and canonicalize_name(Requirement(text).name) in pins
    ]
    active = [each for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    assert len(active) > 0
    for each in active:
        assert each.extras <= pins[canonicalize_name(each.name)].extras, str(each)


def _asked_by(name: str) -> list[str]:
    """What an installed package requires; nothing of one for another platform."""
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []


def test_no_file_names_a_package_source() -> None:
    files = [ROOT / name for name in ("README.md", "pyproject.toml", "requirements.txt", ".ci/run")]
    for folder in ("requirements", ".github"):
        files += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    naming = [path.name for path in files if FOREIGN_SOURCE.search(path.read_text(encoding="utf-8"))]
    assert naming == []


def test_the_space_runs_the_gradio_of_requirements_txt() -> None:
    gradio = next(need for need in needs("requirements.txt") if need.name == "gradio")
    assert front_matter()["sdk"] == "gradio"
    assert gradio.specifier == Requirement(f"gradio=={front_matter()['sdk_version']}").specifier
    assert gradio.extras == {"mcp"}


def test_the_front_matter_is_valid_for_the_hub() -> None:
    matter = front_matter()
    colors = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {matter["colorFrom"], matter["colorTo"]} <= colors
    assert len(str(matter["short_description"])) <= SHORT_DESCRIPTION_LIMIT
    assert matter["license"] == "mit"
    assert isinstance(matter["tags"], list)
    assert "mcp-server" in matter["tags"]
    assert (ROOT / str(matter["app_file"])).is_file()


def test_the_space_uses_a_python_version_of_the_checks() -> None:
    tested = re.search(r"python: \[(.*)\]", text(".github/workflows/ci.yml"))
    assert tested
    assert f'"{front_matter()["python_version"]}"' in tested[1].split(", ")


def test_the_staged_space_has_the_pins_of_the_locks_and_imports_from_itself_alone(tmp_path: Path) -> None:
    space = tmp_path / "space"
    subprocess.run([sys.executable, ROOT / ".github" / "stage_space.py", space], check=True)
    pins = (space / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert pins == sorted({*lock_pins(LOCKS["app"]), *lock_pins(LOCKS["train"])})
    assert len(versions([Requirement(pin) for pin in pins])) == len(pins)
    assert re.fullmatch(r"([0-9a-f]{40})?\n", (space / "COMMIT").read_text(encoding="utf-8"))
    for name in ("app.py", "artifacts/model.onnx", "README.md", "LICENSE"):
        assert (space / name).read_bytes() == (ROOT / name).read_bytes()
    assert list(space.rglob("*.pyc")) == []
    subprocess.run([sys.executable, "-c", "import app, trainer.training"], cwd=space, check=True)


def test_the_staged_front_matter_names_the_model_and_a_picture_of_the_owner(tmp_path: Path) -> None:
    env = {**os.environ, "SPACE": "owner/space", "MODEL_REPO": "owner/model", "GITHUB_SHA": "0" * 40}
    stage = [sys.executable, str(ROOT / ".github" / "stage_space.py")]
    subprocess.run([*stage, str(tmp_path / "space")], check=True, env=env)
    matter = metadata_load(tmp_path / "space" / "README.md") or {}
    assert matter["models"] == ["owner/model"]
    picture = str(matter["thumbnail"]).partition("/resolve/main/")[2]
    assert (tmp_path / "space" / picture).is_file()
    assert (tmp_path / "space" / "COMMIT").read_text(encoding="utf-8") == "0" * 40 + "\n"
    wrong = subprocess.run([*stage, str(tmp_path / "x")], env={**env, "GITHUB_SHA": "main"}, check=False)
    assert wrong.returncode != 0


@pytest.mark.parametrize(
    ("mark", "file", "ending"),
    [
        ("app", "requirements.txt", "app.py"),
        ("tests", "requirements/dev.lock", "-m pytest -n auto --dist loadfile"),
    ],
)
def test_the_readme_installs_and_runs_in_one_line(mark: str, file: str, ending: str) -> None:
    line = readme_line(mark)
    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert f" -r {file} && " in line
    assert line.endswith(f" && .venv/bin/python {ending}")


def test_licences_are_listed_and_none_binds_whoever_passes_the_software_on() -> None:
    command = [sys.executable, "docs/licences.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_licence_that_binds_is_found() -> None:
    found = runpy.run_path(str(ROOT / "docs" / "licences.py"))
    assert [bool(found["DENIED"].search(text)) for text in ("GPL-3.0-only", "AGPLv3", "MIT", "BSL-1.0")] == [
        True,
        True,
        False,
        False,
    ]
    assert found["LESSER"].search("LGPL-3.0-only")
