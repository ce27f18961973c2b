"""Copies into a new folder what a Hugging Face Space needs: the app, its model and their tested versions.

A Space installs only requirements.txt, in one command together with a Gradio without a hash, so this file can
neither name another file nor list hashes. It gets the pins of requirements/app.lock without their hashes.

    python .github/stage_space.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", "screenshots.py")
CONTENT = ("app.py", "inference", "service", "artifacts", "docs", "README.md", "LICENSE")


def pins(lock: str) -> str:
    """The pins of a lock with their markers, one per line, without comments and hashes."""
    lines = (line.removesuffix("\\").rstrip() for line in lock.splitlines() if line[:1].isalnum())
    return "".join(f"{line}\n" for line in lines)


def stage(folder: Path) -> None:
    """Copy the content into ``folder``, which must not exist yet, and write its requirements.txt."""
    folder.mkdir(parents=True)
    for name in CONTENT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, folder / name)
    lock = (ROOT / "requirements" / "app.lock").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(pins(lock), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python .github/stage_space.py FOLDER")
    stage(Path(sys.argv[1]))
