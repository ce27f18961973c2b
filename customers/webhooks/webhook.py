"""Sends changes of segments to another system: https://www.standardwebhooks.com.

Each change is one POST, signed, in the order of changes. What was delivered is remembered in the store, so
that a restart goes on where it ended; a delivery that fails is repeated, later each time. When the app ends
between a delivery and remembering it, a receiver gets the change twice, with the same ``webhook-id``.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException

from standardwebhooks.webhooks import Webhook

from customers.engine import StoreError
from customers.records import Change
from customers.store import Store
from customers.webhooks.public_address import WebhookError, check_url, public_connection

CURSOR = "webhook"
EVERY_SECONDS, LONGEST_WAIT, TIMEOUT = 2.0, 600.0, 10.0
BATCH = 100
ACCEPTED = range(200, 300)
SHORTEST_SECRET = 16  # bytes; a shorter one could be guessed
_ENCODED = "whsec_"

_log = logging.getLogger(__name__)


def signer(secret: str) -> Webhook:
    """What signs deliveries.

    Args:
        secret: ``whsec_`` and base64, or any text.

    Raises:
        WebhookError: when it cannot be used.
    """
    try:
        if secret.startswith(_ENCODED):
            encoded = secret.removeprefix(_ENCODED)
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        else:
            key = secret.encode()
    except ValueError:
        key = b""
    if len(key) < SHORTEST_SECRET:
        raise WebhookError(
            f"WEBHOOK_SECRET must be text or, after whsec_, base64, of at least {SHORTEST_SECRET} bytes, but "
            'it is not; `echo "whsec_$(openssl rand -base64 32)"` makes one'
        )
    return Webhook(key)


class Deliveries:
    """A thread that delivers every change once it is committed.

    Attributes:
        failures: in a row; 0 after a success.
        problem: why the last delivery failed; empty after a success.
    """

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
            secret: see ``signer``.
            private: also allow addresses of private networks and plain HTTP.
            every: seconds between two looks for changes.

        Raises:
            WebhookError: when the address or the secret cannot be used.
        """
        check_url(url, private=private)
        self._store, self._url, self._private, self._every = store, url, private, every
        self._signer = signer(secret)
        self._stopped = threading.Event()
        self.failures, self.problem = 0, ""
        self._thread = threading.Thread(target=self._work, name="webhook", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End after the delivery under way."""
        self._stopped.set()
        self._thread.join(TIMEOUT)

    def _work(self) -> None:
        while not self._stopped.is_set():
            more = False
            try:
                more = self._deliver_some()
            except (StoreError, WebhookError) as error:
                self._failed(str(error))
            except (OSError, HTTPException) as error:
                self._failed(f"the webhook must answer with 2xx, but: {_reason(error)}")
            except Exception as error:  # the thread must go on, and nobody else would say it
                self._failed(f"a delivery must not fail, but: {type(error).__name__}")
            else:
                self.failures, self.problem = 0, ""
            if not more:
                self._stopped.wait(min(self._every * 2 ** min(self.failures, 30), LONGEST_WAIT))

    def _failed(self, problem: str) -> None:
        self.failures += 1
        if problem != self.problem:
            _log.warning("%s; it is tried again, at last every %d minutes", problem, LONGEST_WAIT // 60)
        self.problem = problem

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
            self.failures, self.problem = 0, ""
        return len(changes) == BATCH

    def _deliver(self, change: Change) -> None:
        now = datetime.now(UTC)
        body = json.dumps({"type": "segment_changed", "timestamp": now.isoformat(), "data": change.to_dict()})
        name = f"segment_changed_{change.sequence}"
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(name, now, body),
        }
        connection, path = public_connection(self._url, private=self._private, timeout=TIMEOUT)
        try:
            connection.request("POST", path, body.encode(), headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if status not in ACCEPTED:
            raise _RefusedError(f"it answered with {status}")


class _RefusedError(OSError):
    """The other system answered, but not with 2xx."""


def _reason(error: Exception) -> str:
    """What happened, without the address, which may contain a key."""
    if isinstance(error, _RefusedError):
        return str(error)
    words = error.strerror if isinstance(error, OSError) else None
    return words or type(error).__name__
