"""Makes Cargo.lock from locked.toml: its versions and checksums, with cargo's own registry."""

import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "Cargo.lock"


def main() -> None:
    """Let cargo write where it gets packages from, and set the versions that were checked."""
    subprocess.run(["cargo", "generate-lockfile", "--quiet"], cwd=HERE, check=True)
    sources = set(re.findall(r'^source = ".*"$', LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE))
    (source,) = sources
    pinned = (HERE / "locked.toml").read_text(encoding="utf-8")
    whole = re.sub("^checksum", lambda _: f"{source}\nchecksum", pinned, flags=re.MULTILINE)
    LOCK.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
