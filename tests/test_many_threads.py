"""Checks that 24 threads at once are all answered, as docs/api.md recommends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from gradio_client import Client

from app import build_app
from inference import Segmenter
from service.settings import Settings
from tests.free_port import free_port
from tests.server import post

pytestmark = pytest.mark.server

THREADS, CALLS = 24, 3
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def at_once(prepare: Callable[[], Callable[[], Any]]) -> list[Any]:
    """What all calls of all threads return; each thread prepares, and all of them begin together."""
    together = Barrier(THREADS, timeout=60)  # so that one failure is no endless wait

    def calls(_: int) -> list[Any]:
        call = prepare()
        together.wait()
        return [call() for _ in range(CALLS)]

    with ThreadPoolExecutor(THREADS) as pool:
        return [answer for answers in pool.map(calls, range(THREADS)) for answer in answers]


def test_rest_answers_every_thread(url: str, published: Segmenter) -> None:
    answers = at_once(lambda: lambda: post(f"{url}/v1/predict", CUSTOMER))
    assert len(answers) == THREADS * CALLS
    assert {status for status, _ in answers} == {200}
    assert {answer["segment"] for _, answer in answers} == {published.predict(**CUSTOMER).segment}


def test_a_gradio_client_in_each_thread_has_no_call_cancelled(url: str, published: Segmenter) -> None:
    def prepare() -> Callable[[], Any]:
        client = Client(url, verbose=False, ssl_verify=False)
        return lambda: client.predict(**CUSTOMER, api_name="/predict")

    answers = at_once(prepare)
    assert len(answers) == THREADS * CALLS
    assert {answer["segment"] for answer in answers} == {published.predict(**CUSTOMER).segment}
