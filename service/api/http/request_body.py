"""Reads a request's body: bounded while it streams in, and strict about what counts as JSON."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request

from inference.wording import QUOTED, quoted
from service.api import api_texts as texts
from service.api.problems import Problem

JSON = "application/json"
PATIENCE = 60  # seconds in which the whole body must come
_KINDS = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


class Constant:
    """``NaN`` or ``Infinity`` in a body: no JSON, and no value of any column, so the field is refused."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def media_type(request: Request) -> str:
    """The media type of the body, without its parameters."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def accepts_gzip(request: Request) -> bool:
    """Whether the client takes compressed answers."""
    offered = request.headers.get("accept-encoding", "").lower().split(",")
    return any(
        each.split(";")[0].strip() == "gzip" and "q=0" not in each.replace("q=0.", "") for each in offered
    )


def require_type(request: Request, allowed: tuple[str, ...], hint: str) -> str:
    """The media type of the body.

    Raises:
        Problem: 415 when it is none of these, or the body is compressed.
    """
    seen = media_type(request)
    if seen not in allowed:
        detail = texts.WRONG_TYPE.format(allowed=" or ".join(allowed), seen=quoted(seen), hint=hint)
        raise Problem(415, detail, headers={"Accept": ", ".join(allowed)})
    encoding = request.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise Problem(
            415, texts.ENCODED.format(seen=quoted(encoding)), headers={"Accept-Encoding": "identity"}
        )
    return seen


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body of at most ``limit`` bytes.

    Raises:
        Problem: 413 as soon as it is larger, 408 when it does not come in time.
    """
    refuse_announced(request, limit)
    try:
        async with asyncio.timeout(PATIENCE):
            return await _all_of(request, limit)
    except TimeoutError:
        raise Problem(408, texts.TOO_SLOW.format(seconds=PATIENCE)) from None


async def _all_of(request: Request, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise too_large(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def refuse_announced(request: Request, limit: int) -> None:
    """Refuse a body by the length it announces, before any of it is read."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise too_large(limit)


def too_large(limit: int) -> Problem:
    """The problem of a body over the limit; the rest of it is not read, so the connection ends."""
    return Problem(413, texts.TOO_LARGE.format(limit=limit), headers={"Connection": "close"})


def parse_json(body: bytes) -> Any:
    """The JSON value in a body; ``NaN`` and ``Infinity`` come out as a ``Constant``.

    Raises:
        Problem: 400 when it is not JSON, 422 when a key occurs twice in an object.
    """
    if not body.strip():
        raise Problem(400, texts.EMPTY.format())
    try:
        value = _decode(body.decode("utf-8"))
        if b"\\ud" in body.lower():  # else every character is whole
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, texts.NO_TEXT) from None
    except UnicodeEncodeError:
        raise Problem(400, texts.HALF_CHARACTER) from None
    except RecursionError:
        raise Problem(400, texts.TOO_DEEP) from None
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise Problem(400, texts.NO_JSON.format(reason=reason)) from None
    except ValueError:  # a whole number of more digits than Python converts
        raise Problem(400, texts.NO_JSON.format(reason="a number has too many digits")) from None
    return value


def require_object(value: Any) -> dict[str, Any]:
    """The value, which must be an object.

    Raises:
        Problem: 422 when it is something else.
    """
    if not isinstance(value, dict):
        raise Problem(422, texts.NO_OBJECT.format(seen=_KINDS.get(type(value), "a number")))
    return value


def require_rows(value: Any) -> list[Any]:
    """The list in an object whose only key is ``rows``.

    Raises:
        Problem: 422 when it is something else.
    """
    found = require_object(value)
    if set(found) != {"rows"} or not isinstance(found["rows"], list):
        raise Problem(422, texts.NO_ROWS, errors=[{"field": "rows", "message": texts.NO_ROWS}])
    rows: list[Any] = found["rows"]
    return rows


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)[:80]
        name = twice.encode("utf-8", "backslashreplace").decode()  # half a character cannot be sent back
        message = texts.TWICE.format(name=name[:QUOTED])
        raise Problem(422, message, errors=[{"field": name, "message": message}])
    return found


_decode: Callable[[str], Any] = json.JSONDecoder(object_pairs_hook=_once, parse_constant=Constant).decode
