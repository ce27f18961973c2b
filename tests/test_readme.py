"""Checks that README and docs run as shown, name what exists, and stay short."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import pytest

import customers.__main__
import inference.__main__
import inference.files.spark.__main__
import service.monitor.__main__
import trainer.__main__
from tests.conftest import ROOT, quick_config
from trainer import TrainConfig

README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[\w-]+) -->\n)?^```(?P<language>bash|python)\n(?P<code>.*?)^```$", re.S | re.M
)
ELSEWHERE = {  # mark of a block -> what runs it
    "app": ".ci/run",
    "tests": ".ci/run",
    "curl": "tests/test_clients.py",
    "curl-file": "tests/test_clients.py",
    "curl-lines": "tests/test_clients.py",
    "curl-train": "tests/test_training_rest.py",
    "gradio-client": "tests/test_clients.py",
    "set-up": "nothing but a new clone",
    "deploy": "deploy/run_dockerfile.py, and nothing for what needs an engine: docs/deploy.md lists it",
    "publish": "tests/test_hub.py",
    "wheels": "tests/test_wheels.py",
    "spark-training": "tests/test_spark_training.py",
    "spark": "tests/test_spark.py and tests/test_spark_killed.py",
    "one-test": "test_the_line_for_one_test_selects_some",
}
ORDERS = "customer,order,date,amount\n1,a,2024-01-03,5\n1,b,2024-02-03,7\n2,c,2024-01-09,3\n"
COMMANDS = {
    "customers": customers.__main__.main,
    "trainer": trainer.__main__.main,
    "inference": inference.__main__.main,
    "service.monitor": service.monitor.__main__.main,
}


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    """Page and code of each block that is run here."""
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            assert found["mark"] is None or found["mark"] in ELSEWHERE, f"{page}: {found['mark']}"
            if found["language"] == language and found["mark"] is None:
                yield _name(page), found["code"]


def _lines() -> list[tuple[str, str]]:
    return [(page, line) for page, code in _blocks("bash") for line in code.splitlines() if line]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone as users have it, with their own table and orders."""
    for name in ("artifacts", "trainer", "inference", "customers"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "trainer" / "data" / "mall_customers.csv", tmp_path / "customers.csv")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _train_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every step of a training run, with few repetitions."""
    whole = trainer.train
    quick = quick_config()

    def train(data: Any, config: TrainConfig, **named: Any) -> Any:
        choice = replace(quick.choice, user_k=config.choice.user_k)
        return whole(data, replace(quick, roles=config.roles, choice=choice), **named)

    monkeypatch.setattr(trainer, "train", train)
    monkeypatch.setattr(trainer.__main__, "train", train)


def _run(line: str, folder: Path) -> None:
    """Run one command line; commands that install are skipped here."""
    program, *arguments = shlex.split(line, comments=True)
    if program == ".venv/bin/pip":
        assert (ROOT / arguments[-1]).is_file()
        return
    assert (program, arguments[0]) == (".venv/bin/python", "-m"), line
    module, given = arguments[1], arguments[2:]
    if module == "trainer" and "--out" not in given and given[:1] != ["rfm"]:
        given += ["--out", str(folder / "published")]  # never the artifacts of the project
    assert COMMANDS[module](given) == 0, line


@pytest.mark.parametrize("page", sorted({page for page, _ in _lines()}))
def test_every_command_runs_as_shown(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _train_quickly(monkeypatch)
    for name, line in _lines():
        if name == page:
            _run(line, folder)


@pytest.mark.parametrize(("page", "code"), list(_blocks("python")))
def test_every_python_snippet_runs_as_shown(
    page: str, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _train_quickly(monkeypatch)
    names: dict[str, Any] = {}
    exec(compile(code, page, "exec"), names)  # noqa: S102 - the project's own pages
    shown = capsys.readouterr().out.splitlines()
    if page == "README.md":
        assert shown[0].startswith("Low income, low score low-spending ")
        assert shown[1].count(" score") == 5
    if "model" in names:
        keys = [entry.key for entry in onnx.load_from_string(names["model"]).metadata_props]
        one = ["one_complete_row", "one_incomplete_row", "one_pattern"]
        assert keys == [
            "customer_segmentation",
            "complete_rows",
            "incomplete_rows",
            "pattern_rows",
            *one,
            "seal",
        ]


def test_the_line_for_one_test_selects_some() -> None:
    (line,) = re.findall(r"<!-- one-test -->\n```bash\n(.*)\n", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    _, *arguments = shlex.split(line)
    run = [sys.executable, *arguments, "--collect-only", "-q", "-p", "no:cacheprovider"]
    subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)


def test_code_comes_first_and_the_readme_fits_on_a_few_screens() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    end_of_front_matter = lines.index("---", 1)
    assert lines.index("```python") - end_of_front_matter <= 15
    assert len(lines) <= 200


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_file_it_names_exists(page: Path) -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [README]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            found = (page.parent / link).resolve()
            found = found / "README.md" if found.is_dir() else found
            if found.suffix == ".md" and found.is_file():
                waiting.append(found)
    assert set(PAGES) <= reached


def test_every_option_it_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    for command, name in (
        (trainer.__main__.main, []),
        (trainer.__main__.main, ["rfm"]),
        (trainer.__main__.main, ["publish"]),
        (inference.__main__.main, ["score"]),
        (inference.__main__.main, ["compare"]),
        (inference.__main__.main, ["sql"]),
        (inference.__main__.main, ["c"]),
        (inference.__main__.main, ["xlsx"]),
        (inference.__main__.main, ["float"]),
        (inference.files.spark.__main__.main, []),
        (customers.__main__.main, []),
        (customers.__main__.main, ["retain"]),
    ):
        with pytest.raises(SystemExit, match=r"^0$"):
            command([*name, "--help"])
    shown = capsys.readouterr().out
    pages = "".join(page.read_text("utf-8") for page in PAGES if page.name != "CHANGELOG.md")
    named = set(re.findall(r"`(--[a-z-]+)", pages))
    assert {"--k", "--quick", "--cluster", "--keep-formulas"} <= named
    assert not [option for option in named if option not in shown]


def test_the_glossary_defines_each_term_once() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", glossary, re.M)
    assert len(terms) == len(set(terms))
    required = {"customer", "segment", "tier", "contract", "novelty", "surrogate fidelity", "missing pattern"}
    required |= {f"{kind} column" for kind in ("clustering", "profile", "outcome")}
    required |= {f"{kind} answer" for kind in ("complete", "partial", "prior")}
    required |= {f"{kind} segmentation" for kind in ("natural", "reproducible", "constructive")}
    assert required <= set(terms)


def test_each_decision_has_its_context_and_consequences() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.M)
        needed = [heading for heading in headings if heading != "Considered"]
        assert needed == ["Context", "Decision", "Consequences"], record.name


def test_the_recipes_are_in_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    recipes = re.findall(r"^### A new (.+)$", page, re.M)
    assert recipes == [
        "column kind",
        "classifier",
        "file format",
        "cluster engine",
        "operation",
        "dialect of SQL",
        "page card",
        "graph output",
    ]
