"""The REST routes of remembered customers, below ``/v1``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from customers.letter import STYLE_HASH
from customers.records import ID_RULE, is_id
from inference import InputError
from service.api.described_route import DescribedRoute
from service.api.http.request_body import JSON, parse_json, read_body, require_object, require_type
from service.api.operations import LARGEST, Takes
from service.api.problems import Problem
from service.remember import customer_openapi
from service.remember.remembered import MOST_LISTED, Remembered, check_rows

CURL_HINT = "--json instead of -d"
LONGEST_KEY = 200
_LETTER_POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'"


def customer_routes(remembered: Remembered) -> list[DescribedRoute]:
    """The routes of one store."""
    made = _Routes(remembered)
    table = [
        ("/customers", made.listed, "GET", customer_openapi.LISTED),
        ("/customers", made.saved_many, "POST", customer_openapi.SAVED_MANY),
        ("/customers/{id}", made.one, "GET", customer_openapi.ONE),
        ("/customers/{id}", made.saved, "PUT", customer_openapi.SAVED),
        ("/customers/{id}", made.erased, "DELETE", customer_openapi.ERASED),
        ("/customers/{id}/export", made.exported, "GET", customer_openapi.EXPORTED),
        ("/customers/{id}/letter", made.letter, "GET", customer_openapi.LETTER),
        ("/customer-events", made.events, "GET", customer_openapi.EVENTS),
        ("/movement", made.movement, "GET", customer_openapi.MOVEMENT),
    ]
    routes = [
        DescribedRoute(path, endpoint, method=method, description=description)
        for path, endpoint, method, description in table
    ]
    for route in routes:
        route.allowed = sorted(
            {method for each in routes if each.path == route.path for method in each.methods or ()}
        )
    return routes


class _Routes:
    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered

    async def _run(self, work: Callable[[], Any]) -> Response:
        """Work that waits for the database, in the threads for it."""
        return _json(await self._remembered.readers.run(work))

    async def _by_id(self, request: Request, work: Callable[[str], Any]) -> Response:
        id = _id(request)
        return await self._run(lambda: work(id))

    async def listed(self, request: Request) -> Response:
        query = request.query_params
        after, segment, search = (query.get(name, "") for name in ("after", "segment", "search"))
        limit = _whole(request, "limit", 100, 1, MOST_LISTED)
        for name, text in (("after", after), ("search", search)):
            if not text.isprintable():
                raise Problem(422, f"{name} must be printable characters, but it is not; correct it")
        return await self._run(
            lambda: self._remembered.page(after=after, limit=limit, segment=segment, search=search)
        )

    async def one(self, request: Request) -> Response:
        return await self._by_id(request, self._remembered.one)

    async def exported(self, request: Request) -> Response:
        return await self._by_id(request, self._remembered.everything)

    async def letter(self, request: Request) -> Response:
        html = "text/html" in request.headers.get("accept", "")
        id = _id(request)
        text = await self._remembered.readers.run(lambda: self._remembered.letter(id, html=html))
        headers = {"Vary": "Accept"}
        if html:
            headers["Content-Security-Policy"] = _LETTER_POLICY
        return Response(text, headers=headers, media_type="text/html" if html else "text/plain")

    async def erased(self, request: Request) -> Response:
        return await self._by_id(request, self._remembered.erase)

    async def events(self, request: Request) -> Response:
        after = _whole(request, "after", 0, 0, 2**62)
        limit = _whole(request, "limit", 100, 1, MOST_LISTED)
        return await self._run(lambda: self._remembered.events(after=after, limit=limit))

    async def movement(self, request: Request) -> Response:
        first, last = _moment(request, "from"), _moment(request, "to")
        return await self._run(lambda: self._remembered.movement_as_json(first, last))

    async def saved(self, request: Request) -> Response:
        customer = _object(await _body(request, Takes.CUSTOMER))
        try:
            return _json(await self._remembered.save(_id(request), customer))
        except InputError as error:
            raise _refusal(error) from None

    async def saved_many(self, request: Request) -> Response:
        body = await _body(request, Takes.ROWS)
        key = request.headers.get("idempotency-key", "")
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise Problem(422, f"Idempotency-Key must be at most {LONGEST_KEY} printable characters")
        try:
            return _json(await self._remembered.save_many(lambda: check_rows(_object(body)), key=key))
        except InputError as error:
            raise _refusal(error) from None


async def _body(request: Request, takes: Takes) -> bytes:
    require_type(request, (JSON,), CURL_HINT)
    return await read_body(request, LARGEST[takes])


def _object(body: bytes) -> dict[str, Any]:
    return require_object(parse_json(body))


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), media_type=JSON)


def _refusal(error: InputError) -> Problem:
    return Problem(422, str(error), errors=[{"field": error.column, "message": str(error)}])


def _id(request: Request) -> str:
    found: str = request.path_params["id"]
    if not is_id(found):
        raise Problem(422, f"an id must be {ID_RULE}; correct it")
    return found


def _whole(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not low <= int(text[:20]) <= high:
        raise Problem(422, f"{name} must be a whole number from {low} to {high}, but it is not; correct it")
    return int(text)


def _moment(request: Request, name: str) -> datetime:
    text = request.query_params.get(name, "")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(
            422, f"{name} must be a day or a time such as 2026-05-31 or 2026-05-31T12:00:00Z; correct it"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
