"""Builds and runs every example: all of them must give the same answers.

    python examples/run.py                   every language; a missing toolchain is a failure
    python examples/run.py python javascript only these
    python examples/run.py --write           also writes the table of examples/README.md

example.json in each folder defines what it needs ("a|b" is one of two programs), and how it is built, tested
and run. The toolchain of an "optional" example may be missing. Every example checks
artifacts/test_vectors.json, scores sample.csv as the example in Python does (one that "scores_like" the
package, as `python -m inference score` does), and takes at most three times as long per row as Python in the
same run.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE / "README.md"
SAMPLE = HERE / "sample.csv"
SLOWEST = 3.0  # times Python's p50, in a language that runs outside a browser
PYTHON, BROWSER, PACKAGE = "python", "browser", "package"
SCORED_DIGIT = 2e-6  # scored files have six digits
_MARKS = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- /results -->)", re.DOTALL)
_HINT = re.compile(r" Did you mean .*\?$")


@dataclass
class Example:
    """One folder and the results of running it."""

    folder: Path
    settings: dict[str, Any]
    found: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def missing(self) -> list[str]:
        """What it needs and this machine does not have."""
        needs = self.settings["needs"]
        return [each for each in needs if not any(shutil.which(name) for name in each.split("|"))]

    def call(
        self, command: list[str], environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder."""
        command = [sys.executable if word == "{python}" else word for word in command]
        surroundings = os.environ | {"ORT_LIB": str(runtime_library())} | (environment or {})
        return subprocess.run(
            command, cwd=self.folder, env=surroundings, capture_output=True, text=True, check=False
        )

    def must(self, command: list[str]) -> str:
        """Run a command that must succeed; a failure is recorded with its last lines."""
        done = self.call(command)
        if done.returncode != 0:
            tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            self.faults.append(f"{' '.join(command)} ended with status {done.returncode}:\n{tail}")
        return done.stdout

    def build(self) -> bool:
        """Build it; whether that worked."""
        for command in self.settings["build"]:
            self.must(command)
        return not self.faults

    def check(self, scored: Path) -> None:
        """Run its tests, the vectors and the sample."""
        for command in self.settings.get("test", []):
            self.must(command)
        told = self.must([*self.settings["run"], "vectors"])
        if told.strip():
            self.found = json.loads(told.strip().splitlines()[-1])
        self.must([*self.settings["run"], "score", str(SAMPLE), str(scored)])

    def time_again(self) -> None:
        """Measure once more, in case the machine was busy; the shorter time counts."""
        told = self.must([*self.settings["run"], "vectors"])
        if told.strip():
            self.found["p50_us"] = min(self.found["p50_us"], json.loads(told)["p50_us"])


def examples(names: list[str]) -> list[Example]:
    """Every example, or the named ones and Python, which comes first."""
    files = sorted(HERE.glob("*/example.json"), key=lambda path: (path.parent.name != PYTHON, path))
    known = [Example(path.parent, json.loads(path.read_text(encoding="utf-8"))) for path in files]
    unknown = set(names) - {each.name for each in known}
    if unknown:
        sys.exit(f"no such example: {', '.join(sorted(unknown))}; known: {[each.name for each in known]}")
    return [each for each in known if not names or each.name in (*names, PYTHON)]


def runtime_library() -> Path:
    """The shared library of the installed Python package, for languages without their own."""
    found = importlib.util.find_spec("onnxruntime")
    if found is None or found.origin is None:
        raise FileNotFoundError("onnxruntime must be installed in this Python; see requirements.txt")
    folder = Path(found.origin).parent / "capi"
    for pattern in ("libonnxruntime.so*", "libonnxruntime*.dylib", "onnxruntime.dll"):
        for path in sorted(folder.glob(pattern)):
            return path
    raise FileNotFoundError(
        f"{folder} must hold onnxruntime's shared library; install onnxruntime 1.19 or later"
    )


def main() -> int:
    """Run the command line; 1 when any example is wrong, slow or cannot be built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="folders of examples (default: all)")
    parser.add_argument("--write", action="store_true", help="write the table of README.md")
    parser.add_argument("--apt", action="store_true", help="only print the Debian packages that are needed")
    options = parser.parse_args()
    chosen = examples(options.names)
    if options.apt:
        print(*sorted({package for each in chosen for package in each.settings.get("apt", [])}))
        return 0
    with tempfile.TemporaryDirectory() as name:
        ran = [each for each in chosen if run(each, Path(name))]
    for each in ran:
        compare_times(each, ran[0])
    lines = table(ran)
    print("\n" + lines)
    for each in chosen:
        for fault in each.faults:
            print(f"FAULT {each.name}: {fault}", file=sys.stderr)
    if options.write:
        README.write_text(_MARKS.sub(lambda _: lines, README.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if any(each.faults for each in chosen) else 0


def run(example: Example, folder: Path) -> bool:
    """Build and check one example; returns whether it ran."""
    missing = example.missing()
    if missing:
        sentence = f"needs {', '.join(missing)}, which this machine does not have"
        if example.settings.get("optional"):
            print(f"{example.name}: left out: {sentence}")
        else:
            example.faults.append(sentence)
        return False
    start = time.monotonic()
    if example.build():
        example.check(folder / f"{example.name}.csv")
        compare_scored(example, folder)
    print(
        f"{example.name}: {'FAULTY' if example.faults else 'ok'}, {time.monotonic() - start:.0f} s",
        flush=True,
    )
    return bool(example.found)


def compare_scored(example: Example, folder: Path) -> None:
    """Every cell of the scored sample must equal Python's, or that of the package."""
    if example.faults:
        return
    like = example.settings.get("scores_like", PYTHON)
    if like == PACKAGE:
        _score_by_package(folder / f"{PACKAGE}.csv")
    wanted, found = (_cells(folder / f"{name}.csv") for name in (like, example.name))
    if len(wanted) != len(found):
        example.faults.append(f"the scored sample must have {len(wanted)} cells, but it has {len(found)}")
    for one, other in zip(wanted, found, strict=False):
        if not _alike(one, other):
            example.faults.append(f"a cell of the scored sample must be {one!r}, but it is {other!r}")


def _score_by_package(target: Path) -> None:
    command = [sys.executable, "-m", "inference", "score", str(SAMPLE), str(target)]
    subprocess.run(command, cwd=HERE.parent, check=False, capture_output=True)  # 1 because rows are refused


def _cells(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [_HINT.sub("", cell) for row in csv.reader(file) for cell in row]


def _alike(one: str, other: str) -> bool:
    try:
        return one == other or abs(float(one) - float(other)) <= SCORED_DIGIT
    except ValueError:
        return False


def compare_times(example: Example, python: Example) -> None:
    """A row must not take more than three times as long as in Python."""
    if example.name == BROWSER:
        return
    limit = SLOWEST * python.found["p50_us"]
    if example.found["p50_us"] > limit:
        example.time_again()
    if example.found["p50_us"] > limit:
        took = example.found["p50_us"]
        example.faults.append(
            f"a row must take at most {limit:.0f} us, {SLOWEST:g} times Python's; it takes {took}"
        )


def table(ran: list[Example]) -> str:
    """The measurements as a Markdown table."""
    lines = [
        "| language | onnxruntime | rows checked | mismatches | p50 of one row |",
        "|---|---|---|---|---|",
    ]
    for each in ran:
        language, runtime, rows, mismatches, p50 = (
            each.found[key] for key in ("language", "runtime", "rows", "mismatches", "p50_us")
        )
        lines.append(f"| [{language}]({each.name}/) | {runtime} | {rows} | {mismatches} | {p50:.0f} µs |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
