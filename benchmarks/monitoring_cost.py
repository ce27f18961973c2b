"""Measures what counting every answer costs a single prediction by REST, on a server that does nothing else.

    python -m benchmarks.monitoring_cost [pairs]

Two servers run, one with ``MONITORING=on`` and one with ``off``, and are asked in turn: 400 requests each, on
one connection. A pair's figure is the ratio of the two medians; the result is the median over all pairs, so
that other work on the machine, which changes slowly, falls out. Two servers that are both off show what the
method itself finds. Exit status 1 above the bound. Writes ``results/monitoring_cost.json``.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.served import Server, cpu_seconds, running

RESULTS = Path(__file__).parent / "results" / "monitoring_cost.json"
PAIRS, REQUESTS = 60, 400
MOST = 1.05  # times the median without monitoring
BODY = json.dumps({"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}).encode()


def main() -> int:
    """Measure, print and write."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    with _app("on") as on, _app("off") as off, _app("off") as other:
        begun = [cpu_seconds(each.pid) for each in (on, off)]
        counted = [_pair(on, off, swapped=bool(turn % 2)) for turn in range(pairs)]
        used = [cpu_seconds(each.pid) - at for each, at in zip((on, off), begun, strict=True)]
        control = [_pair(other, off, swapped=bool(turn % 2)) for turn in range(pairs)]
    ratio = statistics.median(one / two for one, two in counted)
    report = {
        "ratio_of_p50": round(ratio, 4),
        "quartiles": [round(each, 4) for each in _quartiles([one / two for one, two in counted])],
        "two_without": round(statistics.median(one / two for one, two in control), 4),
        "p50_us_on": round(statistics.median(one for one, _ in counted), 1),
        "p50_us_off": round(statistics.median(two for _, two in counted), 1),
        "cpu_us_on": round(used[0] / (pairs * REQUESTS) * 1e6, 1),
        "cpu_us_off": round(used[1] / (pairs * REQUESTS) * 1e6, 1),
        "bound": f"at most {MOST}",
        "pairs": pairs,
        "requests": REQUESTS,
        "load_of_the_machine": os.getloadavg(),
        "processors": os.cpu_count(),
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(ratio > MOST)


def _app(monitoring: str) -> AbstractContextManager[Server]:
    return running("app.py", path="/v1/ready", PORT="{port}", HOST="127.0.0.1", MONITORING=monitoring)


def _pair(one: Server, two: Server, *, swapped: bool) -> tuple[float, float]:
    """The medians of two servers in microseconds, asked one after the other."""
    if swapped:
        second = _median(two)
        return _median(one), second
    return _median(one), _median(two)


def _median(server: Server) -> float:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    took = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        connection.request("POST", "/v1/predict", BODY, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - started)
        if answer.status != 200:
            raise RuntimeError(f"the answer has status {answer.status}")
    connection.close()
    return statistics.median(took) * 1e6


def _quartiles(values: list[float]) -> list[float]:
    return statistics.quantiles(values, n=4)


if __name__ == "__main__":
    sys.exit(main())
