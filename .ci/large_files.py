"""Refuses files that are too large for a repository: ``python .ci/large_files.py FILE...``."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400_000  # bytes; the largest file of the project, a lock, has about 280,000


def main(names: list[str]) -> int:
    """Name each file above the limit; returns the exit status."""
    large = [name for name in names if Path(name).is_file() and Path(name).stat().st_size > LIMIT]
    for name in large:
        size = Path(name).stat().st_size
        sys.stderr.write(
            f"{name} must be at most {LIMIT:,} bytes, but has {size:,}; make it smaller or leave it out\n"
        )
    return int(bool(large))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
