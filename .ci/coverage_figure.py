"""Writes the branch coverage of the last measured run into the README, or checks the figure there.

python .ci/coverage_figure.py          after `pytest --cov`, reads .coverage and writes the figure
python .ci/coverage_figure.py --check  exit status 1 when the README is more than one point off
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
MARKED = re.compile(r"(?<=<!-- coverage -->).*?(?=<!-- /coverage -->)")
TOLERANCE = 1.0  # points; the figure must be measured again when it differs more


def measured() -> float:
    """Percent of lines and branches that the last run executed."""
    command = [sys.executable, "-m", "coverage", "report", "--format=total", "--precision=1"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def written(text: str) -> float | None:
    """The figure in a README, or ``None`` where none was measured yet."""
    found = MARKED.search(text)
    number = re.search(r"[\d.]+", found[0]) if found else None
    return float(number[0]) if number else None


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit status."""
    text, now = README.read_text(encoding="utf-8"), measured()
    before = written(text)
    sys.stdout.write(f"coverage: {now:.1f}% measured, {before}% in the README\n")
    if arguments == ["--check"]:
        return int(before is None or abs(now - before) > TOLERANCE)
    README.write_text(MARKED.sub(f"{now:.1f}%", text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
