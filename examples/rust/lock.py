"""Makes Cargo.lock out of locked.toml: its versions and checksums, from the registry cargo is set up with."""

import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "Cargo.lock"


def main() -> None:
    """Let cargo say where it takes packages from, and hold it to the versions that were checked."""
    subprocess.run(["cargo", "generate-lockfile", "--quiet"], cwd=HERE, check=True)
    sources = set(re.findall(r'^source = ".*"$', LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE))
    (source,) = sources
    pinned = (HERE / "locked.toml").read_text(encoding="utf-8")
    whole = re.sub("^checksum", lambda _: f"{source}\nchecksum", pinned, flags=re.MULTILINE)
    LOCK.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
