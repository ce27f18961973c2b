"""Starts a server, waits for its first answer, and loads it with wrk (Debian package ``wrk``)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOAD = Path(__file__).parent / "load"
PATIENCE = 120  # seconds
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the elapsed and CPU time until its first answer."""

    url: str
    pid: int
    first_answer_seconds: float
    first_answer_cpu_seconds: float

    def resident_mb(self) -> float:
        """Resident memory now, in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*command: str, path: str, **environment: str) -> Iterator[Server]:
    """A server started with ``{port}`` in its command or variables, once it answers at ``path``."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": str(ROOT)}
        | {name: value.format(port=port) for name, value in environment.items()},
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        while not _answers(url + path):
            if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                raise RuntimeError(f"{' '.join(command)} did not answer at {path}")
            time.sleep(0.01)  # the resolution of the measured start time
        yield Server(url, process.pid, time.perf_counter() - started, cpu_seconds(process.pid))
    finally:
        process.terminate()
        process.wait()


def app(**environment: str) -> AbstractContextManager[Server]:
    """The app of this project, with further variables of its environment."""
    return running("app.py", path="/v1/ready", PORT="{port}", HOST="127.0.0.1", **environment)


def wrk(
    url: str, script: str, *, connections: int, threads: int = 1, seconds: int, key: str = ""
) -> dict[str, float]:
    """Requests per second and percentiles in milliseconds, after a warm-up of the same length.

    Args:
        key: of the API, sent along with each request.
    """
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    command += ["-s", str(LOAD / script), url, "--", *([key] if key else [])]
    subprocess.run(command, capture_output=True, check=True)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if rate is None:
        raise RuntimeError(done.stdout)
    found = re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)\b", done.stdout)
    return {"requests_per_second": float(rate[1])} | {
        f"p{share}_ms": float(value) * _UNITS[unit] for share, value, unit in found
    }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
