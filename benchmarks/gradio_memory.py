"""Whether memory stays the same while the endpoints of Gradio are called, each time in a new session.

    python -m benchmarks.gradio_memory [CALLS] [ENDPOINT ...]

Each endpoint is called 300 times to warm up, then CALLS times (10,000), one after the other. A call is a
request to ``run``, or the requests to ``call`` and ``queue`` with the stream of their answer; a file is
uploaded for each call that scores one. Exit status 1 when memory grows by more than 5 %. Writes
benchmarks/results/gradio_memory.json.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx

from benchmarks.served import Server, app

RESULTS = Path(__file__).parent / "results" / "gradio_memory.json"
CALLS, WARM_UP, BOUND = 10_000, 300, 5.0
CUSTOMER = ["Female", 31, 17, 40]
ROWS = [{"annual_income": 17, "spending_score": 40}, {"annual_income": 80}]
TABLE = b"Annual Income (k$),Spending Score (1-100)\n17,40\n80,90\n"

Call = Callable[[httpx.Client], httpx.Response]


def _run(endpoint: str, data: list[Any]) -> Call:
    return lambda client: client.post(
        f"/gradio_api/run/{endpoint}", json={"data": data, "session_hash": token_hex(8)}
    )


def _call(endpoint: str, data: list[Any]) -> Call:
    """A call in two steps: it begins, then the stream of its answer is read."""

    def ask(client: httpx.Client) -> httpx.Response:
        body = {"data": data, "session_hash": token_hex(8)}
        begun = client.post(f"/gradio_api/call/{endpoint}", json=body).raise_for_status()
        return client.get(f"/gradio_api/call/{endpoint}/{begun.json()['event_id']}")

    return ask


def _queue(place: int) -> Call:
    """A call through the queue, as Gradio's own page makes it; ``place`` of the endpoint."""

    def ask(client: httpx.Client) -> httpx.Response:
        session = token_hex(8)
        body = {"data": CUSTOMER, "fn_index": place, "session_hash": session}
        client.post("/gradio_api/queue/join", json=body).raise_for_status()
        return client.get("/gradio_api/queue/data", params={"session_hash": session})

    return ask


def _score(client: httpx.Client) -> httpx.Response:
    sent = client.post("/gradio_api/upload", files={"files": ("customers.csv", TABLE)})
    file = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
    return _call("score_file", [file, *[""] * 10])(client)


def _calls(server: Server) -> dict[str, Call]:
    """Every way to call an endpoint of Gradio, by name."""
    known = httpx.get(f"{server.url}/config", timeout=60).json()["dependencies"]
    place = next(each["id"] for each in known if each["api_name"] == "predict")
    return {
        "run/predict": _run("predict", CUSTOMER),
        "run/predict_many": _run("predict_many", [ROWS]),
        "run/explain": _run("explain", [*CUSTOMER, None]),
        "run/model": _run("model", []),
        "call/score_file": _score,
        "call/predict": _call("predict", CUSTOMER),
        "queue/join": _queue(place),
    }


def _measured(name: str, calls: int) -> dict[str, float]:
    """Memory before and after, in a server of its own."""
    with tempfile.TemporaryDirectory() as uploads, app(GRADIO_TEMP_DIR=uploads) as server:
        call = _calls(server)[name]
        with httpx.Client(base_url=server.url, timeout=60) as client:
            for number in range(WARM_UP + calls):
                if number == WARM_UP:
                    before = server.resident_mb()
                answer = call(client).raise_for_status()
                if b"error" in answer.content[:200]:
                    raise RuntimeError(f"{name} must answer, but it returned {answer.text[:300]}")
        after = server.resident_mb()
    return {"before_mb": before, "after_mb": after, "growth_percent": (after / before - 1) * 100}


def main() -> int:
    """Measure, print and write; exit status 1 when memory grows beyond the bound."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with app() as server:
        names = sys.argv[2:] or list(_calls(server))
    report: dict[str, Any] = {"calls": calls, "warm_up": WARM_UP, "bound_percent": BOUND}
    for name in names:
        report[name] = _measured(name, calls)
        print(name, json.dumps(report[name]), flush=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(any(report[name]["growth_percent"] > BOUND for name in names))


if __name__ == "__main__":
    sys.exit(main())
