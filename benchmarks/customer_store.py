"""What remembering customers costs: an import, and requests with and without it.

    python -m benchmarks.customer_store [ROWS [SECONDS]]

The import is ``python -m customers import`` of a CSV file into a new SQLite file, then again with other
values. Then two apps run in turn, without and with ``STORE=on``: one connection asks ``/v1/predict``, alone
and beside 16 others, which ask the same, or save with ``PUT /v1/customers/{id}``. In the end every
acknowledged save must be in the file, once. Writes benchmarks/results/customer_store.json.
"""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import csv as arrow_csv

from benchmarks.served import running
from benchmarks.speed.made_customers import table
from benchmarks.speed.processes import measured

RESULTS = Path(__file__).parent / "results" / "customer_store.json"
ROWS, SECONDS, MANY = 1_000_000, 20.0, 16
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}
ROUNDS = 2


def main() -> int:
    """Measure, print and write; exit status 1 when an acknowledged save is lost."""
    given = sys.argv[1:]
    rows = int(float(given[0])) if given else ROWS
    seconds = float(given[1]) if len(given) > 1 else SECONDS
    report: dict[str, Any] = {"rows": rows, "seconds": seconds, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        report |= _imports(folder, rows)
        path = folder / "served.sqlite"
        settings = {"off": {}, "on": {"STORE": "on", "STORE_PATH": str(path)}}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in settings}
        acknowledged = 0
        for turn in range(ROUNDS):
            for name, environment in settings.items():
                with running(
                    "app.py", path="/v1/ready", PORT="{port}", HOST="127.0.0.1", **environment
                ) as app:
                    alone, _ = _asked(app.url, 0, seconds / 4, turn=turn)
                    beside, others = _asked(app.url, MANY, seconds, store=name == "on", turn=turn)
                acknowledged += len(others) if name == "on" else 0
                figures = {"alone": alone, "beside": beside, "others": others}
                found[name].append(
                    {key: value for of in figures.items() for key, value in _figures(*of).items()}
                )
        with sqlite3.connect(path) as connection:
            (stored,) = connection.execute("SELECT count(*) FROM customers").fetchone()
    report["requests"] = {
        name: {key: min(each[key] for each in rounds) for key in rounds[0]} for name, rounds in found.items()
    }
    on, off = report["requests"]["on"], report["requests"]["off"]
    report["on_over_off"] = {key: on[key] / off[key] for key in on}
    report["acknowledged"], report["stored"] = acknowledged, stored
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(acknowledged != stored)


def _imports(folder: Path, rows: int) -> dict[str, Any]:
    report = {}
    store = f"sqlite:///{folder / 'imported.sqlite'}"
    for name, first in (("import_new", 0), ("import_changed", 1)):
        path = folder / f"{name}.csv"
        content = table(rows, first=first)
        arrow_csv.write_csv(content.set_column(0, "CustomerID", [np.arange(rows)]), path)
        command = [sys.executable, "-m", "customers", "--store", store, "import", str(path), "--quiet"]
        report[name] = measured(command)
    return report


def _asked(
    url: str, connections: int, seconds: float, *, turn: int, store: bool = False
) -> tuple[list[float], list[float]]:
    """Seconds of every answered request: of one connection that predicts, and of others beside it."""
    beside: list[float] = []
    others: list[float] = []
    faults: list[str] = []
    until = time.perf_counter() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        body, done = json.dumps(CUSTOMER), 0
        times = others if number else beside
        while time.perf_counter() < until:
            method, path = "POST", "/v1/predict"
            if store and number:
                method, path = "PUT", f"/v1/customers/{turn}-{number}-{done}"
            started = time.perf_counter()
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                faults.append(f"{answer.status}")
                continue
            times.append(time.perf_counter() - started)
            done += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{len(faults)} requests failed, the first with {faults[0]}")
    return beside, others


def _figures(name: str, times: list[float]) -> dict[str, float]:
    middle, high = np.percentile(times, (50, 99)) * 1e3
    return {f"{name}_p50_ms": float(middle), f"{name}_p99_ms": float(high)}


if __name__ == "__main__":
    sys.exit(main())
