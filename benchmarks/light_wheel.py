"""Builds the light wheel, installs it with numpy and onnxruntime only, and measures size and start.

    python -m benchmarks.light_wheel

Processor time and memory are those of a fresh process that loads the published model, with its self-test, and
answers once. Other work on the machine can only make a run slower, so the best of many counts; the median
is given next to it. Exit status 1 when a bound is missed. Writes ``results/light_wheel.json``.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "light_wheel.json"
MODEL = ROOT / "artifacts" / "model.onnx"
RUNS = 30
ANSWER = f"from inference import Segmenter; Segmenter.load({str(MODEL)!r}).predict(age=31, annual_income=17)"
BOUNDS = {"wheel_kb": 150, "environment_mb": 130, "first_answer_cpu_ms": 200, "first_answer_memory_mb": 65}
OLDEST = (
    "numpy==1.26.4",
    "onnxruntime==1.16.3",
)  # the oldest that the wheel takes and Python 3.11 has wheels for


def main() -> int:
    """Measure, print and write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = _build(folder / "dist")
        locked = [f"{package}=={_locked(package)}" for package in ("numpy", "onnxruntime")]
        installed = _environment(folder / "locked", wheel, locked)
        report = {
            "wheel": wheel.name,
            "wheel_kb": wheel.stat().st_size / 1e3,
            "environment_mb": installed["mb"],
            "environment": installed,
            "start": (start := _starts(folder / "locked", {})),
            "start_with_one_blas_thread": _starts(folder / "locked", {"OPENBLAS_NUM_THREADS": "1"}),
            "start_with_numpy_as_it_comes": _starts(folder / "locked", {}, f"import numpy; {ANSWER}"),
            "first_answer_cpu_ms": start["cpu_ms"],
            "first_answer_memory_mb": start["memory_mb"],
            "python": sys.version.split()[0],
            "load_of_the_machine": os.getloadavg(),
        }
        if sys.version_info[:2] == (3, 11):
            report["oldest_environment"] = _environment(folder / "oldest", wheel, OLDEST)
            report["oldest_start"] = _starts(folder / "oldest", {})
    missed = [name for name, bound in BOUNDS.items() if report[name] > bound]
    report |= {"bounds": BOUNDS, "missed": missed}
    text = json.dumps(report, indent=1) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return int(bool(missed))


def _build(folder: Path) -> Path:
    build: list[str | Path] = [
        "build",
        "--quiet",
        "--wheel",
        "--no-build-isolation",
        "--out-dir",
        folder,
        ROOT,
    ]
    subprocess.run([sys.executable, "-m", "uv", *build], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _locked(package: str) -> str:
    """The version of a package in requirements/light.txt."""
    lines = (ROOT / "requirements" / "light.txt").read_text(encoding="utf-8").splitlines()
    (version,) = (line.partition("==")[2] for line in lines if line.startswith(f"{package}=="))
    return version


def _environment(folder: Path, wheel: Path, packages: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Install the wheel and what it needs with pip; returns the packages, and their size in megabytes."""
    venv.create(folder)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "bin" / "python",
        "install",
        "--quiet",
    ]
    subprocess.run([*pip, "--compile", wheel, *packages], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    files = [path for path in site.rglob("*") if path.is_file()]
    return {
        "packages": sorted(path.name.removesuffix(".dist-info") for path in site.glob("*.dist-info")),
        "mb": _megabytes(path for path in files if path.suffix != ".pyc"),
        "mb_with_byte_code": _megabytes(files),
    }


def _megabytes(files: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in files) / 1e6


def _starts(folder: Path, settings: dict[str, str], script: str = ANSWER) -> dict[str, float]:
    """Processor time and memory of fresh processes that answer once."""
    cpu, memory = [], []
    for _ in range(RUNS + 1):
        process = subprocess.Popen(
            [folder / "bin" / "python", "-c", script], env={**os.environ, **settings}, cwd=folder
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the answer must come, but the process ended with {process.returncode}")
        cpu.append((used.ru_utime + used.ru_stime) * 1e3)
        memory.append(used.ru_maxrss * 1024 / 1e6)
    return {
        "cpu_ms": min(cpu[1:]),
        "median_cpu_ms": statistics.median(cpu[1:]),
        "memory_mb": statistics.median(memory[1:]),
        "runs": RUNS,
    }


if __name__ == "__main__":
    sys.exit(main())
