"""A limit of requests by client, off unless ``RATE_LIMIT`` is set."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import Scope

from service.api import api_texts as texts
from service.api.problems import Problem

if TYPE_CHECKING:
    from limits import RateLimitItem

_NEVER_LIMITED = ("/health", "/ready")  # whoever watches the server asks these


def rate_limit(rate: str) -> Callable[[Scope], None] | None:
    """What to ask before each request, or ``None`` without a limit.

    Args:
        rate: such as ``600/minute``, as the library ``limits`` reads it; empty for none.
    """
    if not rate:
        return None
    import limits  # slow to import, and most never need it

    item = limits.parse(rate)
    strategy = limits.strategies.MovingWindowRateLimiter(limits.storage.MemoryStorage())

    def check(scope: Scope) -> None:
        client = (scope.get("client") or ("unknown", 0))[0]
        if scope["path"].endswith(_NEVER_LIMITED) or strategy.hit(item, client):
            return
        free_at = strategy.get_window_stats(item, client).reset_time
        seconds = max(1, math.ceil(free_at - time.time()))
        detail = texts.TOO_MANY.format(limit=_written(item), seconds=seconds)
        raise Problem(429, detail, headers={"Retry-After": str(seconds)})

    return check


def _written(item: RateLimitItem) -> str:
    """Such as ``600 requests per minute``."""
    requests = "1 request" if item.amount == 1 else f"{item.amount:,} requests"
    unit = item.GRANULARITY.name
    span = unit if item.multiples == 1 else f"{item.multiples} {unit}s"
    return f"{requests} per {span}"
