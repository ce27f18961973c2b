"""The app as a process of another environment, for tests that do not have its libraries."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.free_port import free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 60  # seconds for the app to start


@contextmanager
def served(**variables: str) -> Iterator[str]:
    """The address of the app, run by ``APP_PYTHON`` with these variables, once it answers."""
    port = str(free_port())
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": port, **variables}
    process = subprocess.Popen([os.environ["APP_PYTHON"], "app.py"], cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/v1/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    last = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 - loopback
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)  # between two looks whether it has started
        else:
            return
