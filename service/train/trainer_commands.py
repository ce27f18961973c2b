"""The command lines that a training runs: the only place of the service that knows options of the trainer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = ("trainer", "sklearn", "xgboost", "skl2onnx", "onnxmltools", "matplotlib", "threadpoolctl")
INSTALL = "pip install -r requirements/train.txt"
CUSTOMERS, ROLES, NAMES, RESULT, SCORED = "customers.csv", "roles.json", "names.toml", "result", "scored.csv"
PAGE = "segments.pdf"
EXAMPLE = ROOT / "trainer" / "data" / "mall_customers.csv"


def missing_library() -> str:
    """The first library for training that is not installed; empty where training is possible."""
    return next((name for name in NEEDED if find_spec(name) is None), "")


def read_roles(table: Path, folder: Path, *, most_rows: int) -> list[str]:
    """Propose the roles of a table's columns, and make customers of order lines."""
    source = ["--data", str(table), "--max-rows", str(most_rows)]
    return ["trainer", "roles", *source, "--customers", str(folder / CUSTOMERS), "--progress", "json"]


def train(
    table: Path, folder: Path, *, most_rows: int, quick: bool, k: int | None, alternative: str
) -> list[str]:
    """Train on a table, with the files of roles and names that are in the folder."""
    given = ["--data", str(table), "--max-rows", str(most_rows)]
    given += ["--out", str(folder / RESULT), "--progress", "json"]
    if quick:
        given.append("--quick")
    if k is not None:
        given += ["--k", str(k)]
    if alternative:
        given += ["--alternative", alternative]
    for option, name in (("--config", ROLES), ("--names", NAMES)):
        if (folder / name).is_file():
            given += [option, str(folder / name)]
    return ["trainer", *given]


def score(table: Path, folder: Path) -> list[str]:
    """Score the same customers with the model."""
    model = folder / RESULT / "model.onnx"
    return ["inference", "score", str(table), str(folder / SCORED), "--quiet", "--model", str(model)]


def page(folder: Path) -> list[str]:
    """Write the segments on one page."""
    return ["trainer", "page", str(folder / RESULT / "model.onnx"), str(folder / PAGE)]


def names_file(names: Mapping[str, Mapping[str, str]]) -> str:
    """The user's own names and tiers of segments, by the name that each has without them, as TOML."""
    lines = []
    for segment, entry in names.items():
        lines.append(f"[segments.{_text(segment)}]")
        lines += [f"{key} = {_text(value)}" for key, value in entry.items()]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A text in TOML: with JSON's escapes, and DEL, which JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
