"""A limit of requests by client, off unless ``RATE_LIMIT`` is set.

Answers say how much is left, as in the tenth draft of
https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import Scope

from service.api import api_texts as texts
from service.api.http.access import key_of
from service.api.problems import Problem

if TYPE_CHECKING:
    from limits import RateLimitItem

_NEVER_LIMITED = ("/health", "/ready")  # whoever watches the server asks these
Limit = Callable[[Scope], dict[str, str]]


def rate_limit(rate: str) -> Limit | None:
    """What to ask before each request, or ``None`` without a limit; it returns headers for the answer.

    A client is the name of its key, or else its address.

    Args:
        rate: such as ``600/minute``, as the library ``limits`` reads it; empty for none.
    """
    if not rate:
        return None
    import limits  # slow to import, and most never need it

    item = limits.parse(rate)
    strategy = limits.strategies.MovingWindowRateLimiter(limits.storage.MemoryStorage())
    policy = f'"default";q={item.amount};w={item.get_expiry()}'

    def check(scope: Scope) -> dict[str, str]:
        if scope["path"].endswith(_NEVER_LIMITED):
            return {}
        key = key_of(scope)
        client = (scope.get("client") or ("unknown", 0))[0] if key is None else f"key {key.name}"
        admitted = strategy.hit(item, client)
        window = strategy.get_window_stats(item, client)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        left = window.remaining if admitted else 0
        headers = {"RateLimit-Policy": policy, "RateLimit": f'"default";r={left};t={seconds}'}
        if admitted:
            return headers
        detail = texts.TOO_MANY.format(limit=_written(item), seconds=seconds)
        raise Problem(429, detail, headers={"Retry-After": str(seconds), **headers})

    return check


def _written(item: RateLimitItem) -> str:
    """Such as ``600 requests per minute``."""
    requests = "1 request" if item.amount == 1 else f"{item.amount:,} requests"
    unit = item.GRANULARITY.name
    span = unit if item.multiples == 1 else f"{item.multiples} {unit}s"
    return f"{requests} per {span}"
