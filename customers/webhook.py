"""Tells another system about changes of segments: https://www.standardwebhooks.com.

Each change is one POST, signed, in the order of changes. What was delivered is remembered in the store, so
that a restart goes on where it ended; a delivery that fails is repeated, later each time.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook

from customers.engine import StoreError
from customers.records import Change
from customers.store import Store

CURSOR = "webhook"
EVERY_SECONDS, LONGEST_WAIT, TIMEOUT = 2.0, 600.0, 10.0
BATCH = 100
ACCEPTED = range(200, 300)


class WebhookError(ValueError):
    """The address must not be called; the message says why."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect is an answer like any other that is not 2xx."""


def check_address(url: str, *, private: bool = False) -> None:
    """Refuse an address that is not of the public internet.

    Args:
        private: also allow addresses of this machine and of private networks, and plain HTTP.

    Raises:
        WebhookError: when it must not be called.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise WebhookError("WEBHOOK_URL must begin with https://, but it does not; correct it")
    if not parts.hostname or parts.username or parts.password:
        raise WebhookError("WEBHOOK_URL must have a host and no user, but it has not; correct it")
    if private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise WebhookError(
            f"the host of WEBHOOK_URL must have an address, but it has none ({error})"
        ) from None
    for address in {each[4][0] for each in found}:
        if not ipaddress.ip_address(address).is_global:
            raise WebhookError(
                "WEBHOOK_URL must be an address of the public internet, but it is one of a private network; "
                "set WEBHOOK_PRIVATE=on if that is meant"
            )


class Deliveries:
    """A thread that delivers every change once it is committed."""

    def __init__(
        self,
        store: Callable[[], Store],
        url: str,
        secret: str,
        *,
        private: bool = False,
        every: float = EVERY_SECONDS,
    ) -> None:
        """Start the thread.

        Args:
            store: gives the store, or raises ``StoreError`` while there is none.
            secret: ``whsec_`` and base64, or any text; signs each delivery.
            every: seconds between two looks for changes.
        """
        self._store, self._url, self._private, self._every = store, url, private, every
        self._signer = Webhook(secret.encode() if not secret.startswith("whsec_") else secret)
        self._opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))
        self._stopped = threading.Event()
        self.failures = 0  # in a row
        self._thread = threading.Thread(target=self._work, name="webhook", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End after the delivery under way."""
        self._stopped.set()
        self._thread.join(TIMEOUT)

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                more = self._deliver_some()
                self.failures = 0
            except (StoreError, WebhookError, OSError):
                self.failures += 1
                more = False
            wait = min(self._every * 2**self.failures, LONGEST_WAIT)
            if not more:
                self._stopped.wait(wait)

    def _deliver_some(self) -> bool:
        """Deliver the next changes; whether there may be more."""
        store = self._store()
        done = store.cursor(CURSOR)
        changes = store.changes(after=done, limit=BATCH)
        for change in changes:
            if self._stopped.is_set():
                return False
            self._deliver(change)
            store.set_cursor(CURSOR, change.sequence)
        return len(changes) == BATCH

    def _deliver(self, change: Change) -> None:
        check_address(self._url, private=self._private)  # at each time: a name may point elsewhere by now
        now = datetime.now(UTC)
        body = json.dumps({"type": "segment_changed", "timestamp": now.isoformat(), "data": change.to_dict()})
        name = f"segment_changed_{change.sequence}"
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(name, now, body),
        }
        request = urllib.request.Request(self._url, body.encode(), headers, method="POST")  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                status = response.status
        except urllib.error.HTTPError as error:
            status = error.code
        if status not in ACCEPTED:
            raise OSError(f"the webhook answered with {status}")
