"""Promises that what the README shows runs and that the files it points at are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _python() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_the_six_lines_predict() -> None:
    code, _ = _python()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("Low Income, Low Score low-spending ")
    assert second.count("Score") == 4


def test_a_data_frame_is_trained_as_shown() -> None:
    _, code = _python()
    check = "import onnx\n"
    check += "print(*[node.key for node in onnx.load_from_string(model).metadata_props])"
    run = [sys.executable, "-c", code + check]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["customer_segmentation"]


def test_every_file_it_names_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert "artifacts/MODEL_CARD.md" in links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_option_it_names_is_known() -> None:
    told = ""
    for command in (["trainer"], ["trainer", "rfm"], ["inference", "score"]):
        run = [sys.executable, "-m", *command, "--help"]
        told += subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"`(--[a-z-]+)", README))
    assert {"--k", "--quick", "--cluster"} <= named
    assert not [option for option in named if option not in told]
