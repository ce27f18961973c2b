"""Checks that a client that never ends its headers is not waited for."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from app import build_app
from service.api.http import header_deadline
from service.settings import Settings
from tests.free_port import free_port

pytestmark = pytest.mark.server

SOON = 0.6  # seconds


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of an app that waits only a moment."""
    patch = pytest.MonkeyPatch()
    patch.setattr(header_deadline, "PATIENCE", SOON)
    port = free_port()
    site = build_app(Settings(host="127.0.0.1", port=port, mcp=False))
    site.launch(prevent_thread_lock=True, quiet=True)
    yield port
    site.close()
    patch.undo()


def everything(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    connection.settimeout(20 * SOON)
    found = b""
    while part := connection.recv(65536):
        found += part
    return found


@pytest.mark.parametrize("sent", [b"", b"GET /v1/hea", b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nX-A: b"])
def test_a_half_sent_request_is_closed_in_time(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        begun = time.monotonic()
        connection.sendall(sent)
        answer = everything(connection)
        assert time.monotonic() - begun >= SOON * 0.9
    assert answer.startswith(b"HTTP/1.1 408") if sent else answer == b""


def test_a_drop_now_and_then_does_not_keep_it_open(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n")
        begun = time.monotonic()
        with suppress(OSError):  # the connection is reset
            while time.monotonic() - begun < 20 * SOON:
                connection.sendall(b"X-A: 1\r\n")
                time.sleep(SOON / 10)
        assert time.monotonic() - begun < 10 * SOON


def test_a_further_request_on_the_connection_must_end_its_headers_too(port: int) -> None:
    whole = b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(3):
            connection.sendall(whole)
            answer = b""
            while not answer.endswith(b'"}'):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
        connection.sendall(whole[:20])
        assert everything(connection).startswith(b"HTTP/1.1 408")


def test_headers_without_end_are_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"b" * 70_000)
        assert everything(connection).startswith(b"HTTP/1.1 4")


def test_an_answer_that_takes_longer_than_headers_may_is_not_cut(port: int) -> None:
    body = b"age,annual_income,spending_score\n31,17,40\n"
    head = (
        b"POST /v1/score HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head + body[:20])
        time.sleep(2 * SOON)
        connection.sendall(body[20:])
        assert everything(connection).startswith(b"HTTP/1.1 200")
