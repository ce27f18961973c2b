"""Checks that no value that a client sends to Gradio's API is logged, and that sessions are bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app import build_app
from service.server import SESSIONS, Site
from service.settings import Settings
from tests.server import free_port, get, post

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
    _, begun = post(f"{site[1]}/gradio_api/call/score_file", {"data": [value, *[None] * 9]})
    _, events = get(f"{site[1]}/gradio_api/call/score_file/{begun['event_id']}")
    assert b"event: error" in events
    assert b"/gradio_api/info" in events
    assert SECRET not in "".join(capfd.readouterr()) + events.decode()


def test_only_so_many_sessions_are_remembered(site: tuple[Site, str]) -> None:
    row = ["Female", 31, 17, 40]
    for number in range(SESSIONS + 20):
        body = {"data": row, "session_hash": f"session{number}"}
        assert post(f"{site[1]}/gradio_api/run/predict", body)[0] == 200
    assert len(site[0].page.app.state_holder.session_data) <= SESSIONS
