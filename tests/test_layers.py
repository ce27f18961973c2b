"""Promises that the stages of training import in one direction only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Each may import those before it, never itself by way of another or one after it.
LAYERS = (
    "wording", "parallel", "schema", "table", "roles", "rfm", "segments", "classifier", "config",
    "graph_outputs", "fitted", "results", "export", "report", "training_rows", "training", "cli", "__main__",
)  # fmt: skip


def _imports() -> Iterator[tuple[str, str, str]]:
    """Module, its stage, and the stage of every import from another one."""
    for path in sorted((ROOT / "trainer").rglob("*.py")):
        parts = path.relative_to(ROOT / "trainer").with_suffix("").parts
        if parts == ("__init__",):
            continue
        for node in _run_at_import(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trainer."):
                stage = str(node.module).split(".")[1]
                if stage != parts[0]:
                    yield ".".join(parts), parts[0], stage


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _run_at_import(child)


def test_no_stage_imports_a_later_one() -> None:
    later = [
        f"{module} imports {stage}"
        for module, own, stage in _imports()
        if LAYERS.index(stage) > LAYERS.index(own)
    ]
    assert later == []


def test_only_the_command_line_imports_the_run_itself() -> None:
    assert {module for module, _, stage in _imports() if stage == "training"} == {"__main__"}
