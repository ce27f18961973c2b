"""Keeps the app under load for minutes and measures what a user would notice.

    python -m benchmarks.endurance [seconds]

Sixteen connections send predictions without a pause, a tenth of them invalid; every 20 seconds a file of
100,000 rows is scored; four times per second a client cuts its connection, within its headers, a customer or
a file; every 15 seconds the other one of two models is taken; ``/v1/health`` is called twenty times a second.
Exit status 1 when the server returns an error, memory grows after the warm-up, or health is slow. Writes
``results/endurance.json``.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import AbstractContextManager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import onnx

from benchmarks.served import LOAD, ROOT, Server, app
from inference.loading.seal import add_seal

RESULTS = Path(__file__).parent / "results" / "endurance.json"
CONNECTIONS, ROWS, UPLOAD_EVERY = 16, 100_000, 20.0
BETWEEN_CUTS, RELOAD_EVERY = 0.25, 15.0  # seconds
RELOAD_KEY = "endurance-" + secrets.token_urlsafe(32)
BETWEEN_LOOKS = 0.05  # seconds between two health checks: 20 per second, in addition to the load
WARM_UP = 0.2  # share of the time
BOUNDS = {"server_errors": 0, "memory_drift_percent": 5, "health_p99_ms": 100}


class Watch:
    """Checks health, uploads files and measures during the load, until the time is over."""

    def __init__(self, server: Server, seconds: int, models: Sequence[bytes], path: Path) -> None:
        self._server = server
        self._models, self._path = models, path
        self._end = time.monotonic() + seconds
        self.health: list[float] = []
        self.machine: list[float] = []
        self.memory: list[float] = []
        self.uploads: list[float] = []
        self.errors: list[str] = []
        self.cut = self.reloads = 0

    def run(self) -> None:
        """Watch and disturb, each from a thread of its own, until the time is over."""
        threads = [
            threading.Thread(target=work)
            for work in (
                self._ask,
                self._upload,
                self._cut,
                self._reload,
                self._measure_memory,
                self._measure_delay,
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self) -> None:
        place = urlsplit(self._server.url)
        connection = HTTPConnection(str(place.hostname), int(place.port or 80), timeout=30)
        while time.monotonic() < self._end:
            started = time.perf_counter()
            connection.request("GET", "/v1/health")
            answer = connection.getresponse()
            answer.read()
            self.health.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                self.errors.append(f"health {answer.status}")
            time.sleep(BETWEEN_LOOKS)  # the load that one watcher adds is kept small

    def _upload(self) -> None:
        table = b"gender,age,annual_income,spending_score\n" + b"".join(
            f"Female,{18 + at % 50},{15 + at % 120},{1 + at % 99}\n".encode() for at in range(ROWS)
        )
        headers = {"Content-Type": "text/csv"}
        while time.monotonic() < self._end:
            request = urllib.request.Request(f"{self._server.url}/v1/score", table, headers)  # noqa: S310 - loopback
            started = time.perf_counter()
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - loopback
                    lines = answer.read().count(b"\n")
            except OSError as error:
                self.errors.append(f"upload: {error}")
                lines = 0
            if lines != ROWS + 1:
                self.errors.append(f"upload: {lines} lines came back")
            taken = time.perf_counter() - started
            self.uploads.append(taken)
            rest = max(0.0, min(UPLOAD_EVERY - taken, self._end - time.monotonic()))
            time.sleep(rest)  # the requested rate

    def _cut(self) -> None:
        """Send a part of a request, and leave."""
        place = urlsplit(self._server.url)
        head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: 1000000\r\n\r\n"
        parts = [
            b"GET /v1/hea",
            head % (b"/v1/predict", b"application/json") + b'{"age": 3',
            head % (b"/v1/score", b"text/csv") + b"age,annual_income,spending_score\n31,17,40\n" * 500,
            head % (b"/gradio_api/upload", b"multipart/form-data; boundary=x") + b"--x\r\nContent-Dispos",
        ]
        while time.monotonic() < self._end:
            try:
                with socket.create_connection(
                    (str(place.hostname), int(place.port or 80)), timeout=30
                ) as gone:
                    gone.sendall(parts[self.cut % len(parts)])
            except OSError as error:
                self.errors.append(f"cut: {error}")
            self.cut += 1
            time.sleep(BETWEEN_CUTS)  # the requested rate

    def _reload(self) -> None:
        """Let the server take the other model."""
        while time.monotonic() < self._end - RELOAD_EVERY:
            time.sleep(RELOAD_EVERY)  # the requested rate
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(self._models[(self.reloads + 1) % len(self._models)])
            fresh.replace(self._path)
            headers = {"Authorization": f"Bearer {RELOAD_KEY}"}
            asked = urllib.request.Request(  # noqa: S310 - loopback
                f"{self._server.url}/v1/reload", b"", headers, method="POST"
            )
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - loopback
                    if not json.load(answer)["changed"]:
                        self.errors.append("reload: nothing changed")
            except OSError as error:
                self.errors.append(f"reload: {error}")
            self.reloads += 1

    def _measure_delay(self) -> None:
        """Measure how late a sleeping thread wakes: the delay that other work adds to every answer."""
        while time.monotonic() < self._end:
            started = time.perf_counter()
            time.sleep(BETWEEN_LOOKS)  # how late it ends is what is measured
            self.machine.append((time.perf_counter() - started - BETWEEN_LOOKS) * 1000)

    def _measure_memory(self) -> None:
        while time.monotonic() < self._end:
            self.memory.append(self._server.resident_mb())
            time.sleep(1)  # memory changes slowly, and reading it slows the server down


def main() -> int:
    """Load, watch, print and write."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder) / "model.onnx") as server:
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        command += ["-s", str(LOAD / "mixed.lua"), f"{server.url}/v1/predict"]
        load = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        watch = Watch(server, seconds, _models(), Path(folder) / "model.onnx")
        watch.run()
        output, _ = load.communicate()
    report = _report(output, watch, seconds)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(bool(report["missed"]))


def _served(path: Path) -> AbstractContextManager[Server]:
    """The app about a copy of the published model, which can be replaced."""
    path.write_bytes(_models()[0])
    return app(MODEL_PATH=str(path), RELOAD_KEY=RELOAD_KEY)


def _models() -> tuple[bytes, bytes]:
    """The published model, and another file with the same answers."""
    published = (ROOT / "artifacts" / "model.onnx").read_bytes()
    other = onnx.load_from_string(published)
    other.doc_string = "the same, as another file"
    del other.metadata_props[-1]  # the seal, which is put on again
    return published, add_seal(other.SerializeToString())


def _report(output: str, watch: Watch, seconds: int) -> dict[str, Any]:
    counts = re.search(r"statuses: (\d+) answered, (\d+) refused, (\d+) failed", output)
    if counts is None:
        raise RuntimeError(output)
    answered, refused, failed = (int(each) for each in counts.groups())
    warm = watch.memory[int(len(watch.memory) * WARM_UP) :]
    third = len(warm) // 3
    drift = (sum(warm[-third:]) / third / (sum(warm[:third]) / third) - 1) * 100
    figures = {
        "server_errors": failed + len(watch.errors) + ("Socket errors" in output),
        "memory_drift_percent": drift,
        "health_p99_ms": sorted(watch.health)[int(len(watch.health) * 0.99)],
    }
    return {
        "figures": figures,
        "bounds": BOUNDS,
        "missed": [name for name, bound in BOUNDS.items() if figures[name] > bound],
        "seconds": seconds,
        "answered": answered,
        "refused": refused,
        "predictions_per_second": (answered + refused) / seconds,
        "health_p50_ms": sorted(watch.health)[len(watch.health) // 2],
        "machine_late_p99_ms": sorted(watch.machine)[int(len(watch.machine) * 0.99)],
        "health_worst_ms": max(watch.health),
        "uploads": len(watch.uploads),
        "cut_connections": watch.cut,
        "reloads": watch.reloads,
        "upload_seconds_worst": max(watch.uploads),
        "resident_mb_warm": {"first": warm[0], "last": warm[-1], "largest": max(warm)},
        "errors": watch.errors[:20],
        "load_of_the_machine": os.getloadavg(),
    }


if __name__ == "__main__":
    sys.exit(main())
