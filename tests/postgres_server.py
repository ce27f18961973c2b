"""A PostgreSQL server of the machine, started for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.free_port import free_port


@contextmanager
def postgres_server(home: Path) -> Iterator[str]:
    """Start a server, as another user if the test runs as root; gives its address.

    Args:
        home: an empty folder for it.
    """
    found = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), shutil.which("pg_ctl")]
    tools = Path(str(next(each for each in found if each))).parent
    user = "postgres" if os.geteuid() == 0 else None
    for folder in (home, *list(home.parents)[:-2]):
        folder.chmod(0o755)
    if user is not None:
        shutil.chown(home, user)
    port = free_port()
    control = [str(tools / "pg_ctl"), "-D", str(home / "data"), "-w"]
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
    for command in (
        [*control, "init", "-o", "-A trust -U shop"],
        [*control, "start", "-l", str(home / "log"), "-o", options],
    ):
        subprocess.run(command, check=True, capture_output=True, user=user)
    try:
        yield f"postgresql://shop@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "stop", "-m", "immediate"], check=True, capture_output=True, user=user)
