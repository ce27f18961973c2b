"""Copies what Docker would be sent for a build: the files that git knows and .dockerignore leaves in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = frozenset((".venv", "node_modules", "__pycache__", "docs-site"))


def known_files() -> list[str]:
    """The files that git knows or would add; in a copy without git, all but those that tools made."""
    if not (ROOT / ".git").exists():
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [str(path) for path in paths if not MADE.intersection(path.parts)]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.split("\0") if name]


def copy_context(folder: Path) -> None:
    """Copy what Docker would be sent: the files that git knows and .dockerignore leaves in."""
    rules = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    for name in known_files():
        if not ignored(name, rules) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def ignored(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore keeps a file, named from the root of the context, out of it."""
    out = False
    for rule in rules:
        pattern = rule.removeprefix("!").rstrip("/")
        if pattern.startswith("**/"):
            hit = pattern[3:] in path.split("/")
        else:
            hit = pattern in ("*", path) or path.startswith(f"{pattern}/")
        if hit:
            out = not rule.startswith("!")
    return out
