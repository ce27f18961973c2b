"""What a command does when it is stopped: it ends by way of everything that removes unfinished files."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED, TERMINATED = 130, 143  # exit statuses


@contextmanager
def unfinished_removed() -> Iterator[None]:
    """Within this block SIGTERM raises ``SystemExit``; otherwise it would end the process on the spot."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminated(number: int, frame: Any) -> None:
    raise SystemExit(TERMINATED)
