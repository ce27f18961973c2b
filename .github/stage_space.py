"""Copies into a new folder what a Hugging Face Space needs: app, trainer, model and their tested versions.

A Space installs only requirements.txt, in one command together with a Gradio without a hash, so this file can
neither name another file nor list hashes. It gets the pins of the locks of app and trainer without hashes.

    python .github/stage_space.py FOLDER
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", *(path.name for path in (ROOT / "docs").glob("*.py")))
CONTENT = (
    *("app.py", "inference", "service", "trainer", "customers"),
    *("artifacts", "docs", "README.md", "LICENSE"),
)
LOCKS = ("app.lock", "train.lock")


def pins(lock: str) -> str:
    """The pins of locks with their markers, one per line and once, without comments and hashes."""
    lines = (line.removesuffix("\\").rstrip() for line in lock.splitlines() if line[:1].isalnum())
    return "".join(f"{line}\n" for line in sorted(set(lines)))


def stage(folder: Path) -> None:
    """Copy the content into ``folder``, which must not exist yet, and write its requirements.txt."""
    folder.mkdir(parents=True)
    for name in CONTENT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, folder / name)
    readme = folder / "README.md"
    readme.write_text(with_addresses(readme.read_text(encoding="utf-8"), os.environ), encoding="utf-8")
    locks = "".join((ROOT / "requirements" / name).read_text(encoding="utf-8") for name in LOCKS)
    (folder / "requirements.txt").write_text(pins(locks), encoding="utf-8")
    (folder / "COMMIT").write_text(f"{commit()}\n", encoding="utf-8")


def with_addresses(readme: str, environment: Mapping[str, str]) -> str:
    """The README with the front matter that depends on the owner: SPACE and MODEL_REPO (owner/name)."""
    lines = []
    if space := environment.get("SPACE"):
        lines.append(
            f"thumbnail: https://huggingface.co/spaces/{space}/resolve/main/docs/page-prediction.png\n"
        )
    if model := environment.get("MODEL_REPO"):
        lines.append(f"models:\n  - {model}\n")
    opening, matter, rest = readme.split("---\n", 2)
    return "---\n".join((opening, matter + "".join(lines), rest))


def commit() -> str:
    """The commit that is staged: GITHUB_SHA of a workflow, or that of the clone; empty outside both."""
    given = os.environ.get("GITHUB_SHA", "")
    if not given and (ROOT / ".git").exists():
        asked = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
        given = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    if given and not re.fullmatch("[0-9a-f]{40,64}", given):
        raise ValueError(f"GITHUB_SHA must be a commit of 40 hexadecimal digits, but it is {given!r}")
    return given


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python .github/stage_space.py FOLDER")
    stage(Path(sys.argv[1]))
