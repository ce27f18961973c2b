"""Checks the webhook against receivers that misbehave: nothing is lost, and nothing private is called."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from customers.engine import StoreError
from customers.records import Sent
from customers.store import Store, open_store
from customers.webhooks.public_address import WebhookError, check_url, is_public, public_connection
from customers.webhooks.webhook import CURSOR, Deliveries, signer
from service.remember.switch import desk_of
from service.settings import Settings, SettingsError, StoreSettings

SENT = Sent(id="7", inputs={"age": 31}, segment_id=0, segment="low", probability=0.9, route="partial")
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cw=="
MODEL = "a" * 64
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with three changes."""
    made = open_store(f"sqlite:///{tmp_path / 'customers.sqlite'}")
    made.save([replace(SENT, id=each) for each in ("1", "2", "3")], model=MODEL)
    yield made
    made.close()


class Receiver:
    """A server that gives prepared answers, one for each connection, and the last one again and again."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.requests: list[bytes] = []
        self.changed = threading.Condition()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                asked = b""
                while b"\r\n\r\n" not in asked or not asked.endswith(b"}"):
                    part = connection.recv(65536)
                    if not part:
                        break
                    asked += part
                connection.sendall(self._answers[0])
                if len(self._answers) > 1:
                    self._answers.pop(0)
            with self.changed:
                self.requests.append(asked)
                self.changed.notify_all()

    def wait(self, count: int) -> None:
        """Until so many requests have come."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.requests) >= count, timeout=30)

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    @property
    def ids(self) -> list[str]:
        """The customers of the changes that came."""
        return [json.loads(each.partition(b"\r\n\r\n")[2])["data"]["id"] for each in self.requests]


@contextmanager
def receiving(*answers: bytes) -> Iterator[Receiver]:
    """A receiver while it runs."""
    receiver = Receiver(*answers)
    try:
        yield receiver
    finally:
        receiver.close()


@contextmanager
def delivering(store: Store, receiver: Receiver) -> Iterator[Deliveries]:
    """Deliveries to a receiver while they run."""
    made = Deliveries(
        lambda: store, f"http://127.0.0.1:{receiver.port}/in?key=k", SECRET, private=True, every=0.01
    )
    try:
        yield made
    finally:
        made.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    waiting = threading.Event()
    for _ in range(1_000):
        if condition():
            return
        waiting.wait(0.01)
    pytest.fail("it did not happen in ten seconds")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 308 Permanent Redirect\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n" + b"x: y\r\n" * 200 + b"\r\n",
    ],
    ids=["nothing", "nonsense", "500", "302", "308", "too many headers"],
)
def test_a_delivery_that_fails_is_repeated_and_nothing_is_left_out(
    store: Store, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(answer, answer, DONE) as receiver, delivering(store, receiver) as deliveries:
        receiver.wait(5)
        until(lambda: deliveries.problem == "")
        assert receiver.ids == ["1", "1", "1", "2", "3"]
        names = [line for each in receiver.requests for line in each.split(b"\r\n") if b"webhook-id" in line]
        assert len(set(names[:3])) == 1
        assert {each.split(b" ")[1] for each in receiver.requests} == {b"/in?key=k"}
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "key=k" not in warnings[0]
    assert "the webhook must answer with 2xx" in warnings[0]


def test_a_restart_goes_on_where_it_ended(store: Store) -> None:
    with receiving(DONE) as receiver:
        with delivering(store, receiver):
            receiver.wait(3)
            until(lambda: store.cursor(CURSOR) == 3)
        store.save([replace(SENT, id="4")], model=MODEL)
        with delivering(store, receiver):
            receiver.wait(4)
        assert receiver.ids == ["1", "2", "3", "4"]


def test_changes_wait_while_the_store_is_down(store: Store) -> None:
    down = [True]

    def opened() -> Store:
        if down[0]:
            raise StoreError("the customer store must be there, but it is not")
        return store

    with receiving(DONE) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/"
        deliveries = Deliveries(opened, url, SECRET, private=True, every=0.01)
        until(lambda: deliveries.failures > 2)
        down[0] = False
        receiver.wait(3)
        deliveries.close()
        assert receiver.ids == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d822", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 - an address that is refused
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_addresses_of_private_networks_are_known(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_is_looked_up_once_and_what_was_checked_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]  # the name points elsewhere the second time
    called: list[str] = []

    def looked_up(host: str, port: int, **_: Any) -> list[Any]:
        assert host == "hook.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in answers.pop(0)]

    def connected(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        called.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", connected)
    connection, path = public_connection("https://hook.example/in", timeout=1)
    with pytest.raises(ConnectionRefusedError):
        connection.request("POST", path, b"{}")
    assert called == ["93.184.216.34"]
    assert len(answers) == 1


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(WebhookError, match="private network"):
        public_connection("https://hook.example/", timeout=1)


@pytest.mark.parametrize(
    "url", ["https://[::1", "https://host:99999/", "https://", "https://host:0/", "hook"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(WebhookError, match="WEBHOOK_URL"):
        check_url(url)


@pytest.mark.parametrize(
    "secret", ["", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%"]
)
def test_a_secret_that_cannot_sign_is_refused(secret: str) -> None:
    with pytest.raises(WebhookError, match="at least 16 bytes"):
        signer(secret)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"webhook_url": "http://example.org", "webhook_secret": SECRET}, "must begin with https"),
        ({"webhook_url": "https://example.org", "webhook_secret": "x"}, "WEBHOOK_SECRET"),
    ],
)
def test_an_app_with_a_wrong_webhook_does_not_start(
    tmp_path: Path, given: dict[str, str], message: str
) -> None:
    store = StoreSettings(address=f"sqlite:///{tmp_path / 'c.sqlite'}", **given)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=message):
        desk_of(Settings(store=store))
    assert not {"customer-store", "webhook"} & {thread.name for thread in threading.enumerate()}
    assert given["webhook_secret"] not in repr(store)
