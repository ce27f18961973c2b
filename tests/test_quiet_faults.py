"""Checks that no value that a client sends to Gradio's API is logged, and that sessions are bounded."""

from __future__ import annotations

import gc
import json
import logging
import os
import socket
import time
import warnings
from asyncio import Queue as AsyncQueue
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app import build_app
from service.models.served_model import SESSIONS_WITH_MESSAGES
from service.server import SESSIONS, Site
from service.settings import Settings
from tests.free_port import free_port
from tests.server import get, post

SECRET = "Sensitive-7319"  # noqa: S105 - a customer's value


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Site, str]]:
    made = build_app(Settings(host="127.0.0.1", port=free_port()))
    yield made, made.launch(prevent_thread_lock=True, quiet=True)
    made.close()


@pytest.mark.parametrize("data", [[SECRET], [SECRET, 31, 17], []])
def test_too_few_values_are_counted_and_not_repeated(
    site: tuple[Site, str], capfd: pytest.CaptureFixture[str], data: list[object]
) -> None:
    status, answer = post(f"{site[1]}/gradio_api/run/predict", {"data": data})
    assert status == 422
    assert answer["error"].startswith(f"The endpoint takes 4 values, but {len(data)} were sent")
    seen = "".join(capfd.readouterr()) + json.dumps(answer)
    assert SECRET not in seen
    assert "Traceback" not in seen


def test_the_queue_repeats_nothing_either(site: tuple[Site, str], capfd: pytest.CaptureFixture[str]) -> None:
    _, begun = post(f"{site[1]}/gradio_api/call/predict", {"data": [SECRET]})
    _, events = get(f"{site[1]}/gradio_api/call/predict/{begun['event_id']}")
    assert b"event: error" in events
    assert SECRET not in "".join(capfd.readouterr()) + events.decode()


@pytest.mark.parametrize(
    "value", [{"path": f"/etc/{SECRET}"}, {"path": SECRET}, {"url": f"file:///{SECRET}"}, SECRET]
)
def test_a_value_that_gradio_refuses_is_not_repeated(
    site: tuple[Site, str], capfd: pytest.CaptureFixture[str], value: object
) -> None:
    _, begun = post(f"{site[1]}/gradio_api/call/score_file", {"data": [value, *[None] * 10]})
    _, events = get(f"{site[1]}/gradio_api/call/score_file/{begun['event_id']}")
    assert b"event: error" in events
    assert b"/gradio_api/info" in events
    assert SECRET not in "".join(capfd.readouterr()) + events.decode()


def test_a_cut_upload_is_not_in_the_log(site: tuple[Site, str], caplog: pytest.LogCaptureFixture) -> None:
    server = logging.getLogger("uvicorn.error")
    server.addHandler(caplog.handler)
    place = urlsplit(site[1])
    head = "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    part = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{SECRET}"\r\n\r\n{SECRET}'
    for sent in (head + kind, head + kind + part):
        with socket.create_connection((str(place.hostname), int(place.port or 80))) as gone:
            gone.sendall(sent.encode())
            time.sleep(0.2)  # so that the server has begun to read
    assert get(f"{site[1]}/v1/health")[0] == 200
    time.sleep(0.2)
    server.removeHandler(caplog.handler)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Gradio leaves the file to the garbage collector
        gc.collect()
    assert not caplog.records


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what the server does by itself; fails after a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # between two looks


def test_two_hundred_cut_uploads_leave_nothing_on_the_disk(site: tuple[Site, str]) -> None:
    address = urlsplit(site[1])
    kept = Path(os.environ["GRADIO_TEMP_DIR"])
    before = set(kept.rglob("*"))
    head = "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    part = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n' + "x" * 400_000
    for number in range(200):
        with socket.create_connection((str(address.hostname), int(address.port or 80))) as gone:
            gone.sendall((head + kind + part).encode())
            if number == 0:  # or the test would find nothing wherever uploads are kept
                _wait_until(lambda: bool(set(kept.rglob("*")) - before))
    _wait_until(lambda: not set(kept.rglob("*")) - before)
    sent = httpx.post(f"{site[1]}/gradio_api/upload", files={"files": ("a.csv", b"a\n1\n")})
    assert sent.status_code == 200


def test_a_part_of_an_upload_that_is_no_file_is_refused(
    site: tuple[Site, str], caplog: pytest.LogCaptureFixture
) -> None:
    server = logging.getLogger("uvicorn.error")
    server.addHandler(caplog.handler)
    body = f'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n{SECRET}\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = httpx.post(f"{site[1]}/gradio_api/upload", content=body, headers=kind)
    server.removeHandler(caplog.handler)
    assert answer.status_code == 422
    assert "must be a file with a name" in answer.json()["error"]
    assert not caplog.records


def test_only_so_many_sessions_are_remembered(site: tuple[Site, str]) -> None:
    row = ["Female", 31, 17, 40]
    for number in range(SESSIONS + 20):
        body = {"data": row, "session_hash": f"session{number}"}
        assert post(f"{site[1]}/gradio_api/run/predict", body)[0] == 200
    assert len(site[0].page.app.state_holder.session_data) <= SESSIONS


def test_the_queue_keeps_messages_of_a_bounded_number_of_sessions(site: tuple[Site, str]) -> None:
    kept = site[0].page._queue.pending_messages_per_session
    for number in range(SESSIONS_WITH_MESSAGES + 20):
        kept[f"gone{number}"] = AsyncQueue()
    assert len(kept) == SESSIONS_WITH_MESSAGES
    kept.clear()
