"""The routes of the REST API, and what each does with a request."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from inference import InputError
from service.api import api_texts as texts
from service.api.api_predictions import Questions
from service.api.problems import Problem
from service.api.request_body import JSON, accepts_gzip, parse_json, read_body, require_object, require_type
from service.rest.openapi import document
from service.rest.rest_middleware import Door
from service.rest.score_upload import score_file_route
from service.settings import Settings
from service.thread_pools import Crews, Workers

LARGEST_CUSTOMER = 64 * 1024  # bytes; one customer has a few hundred
LARGEST_BATCH = 16 * 1024 * 1024  # bytes; 10,000 customers of some dozens of columns
WORTH_PACKING = 1024  # bytes; a smaller answer fits one packet anyway
CURL_HINT = "--json instead of -d"


def rest_api(
    questions: Questions,
    settings: Settings,
    *,
    crews: Crews,
    limit: Callable[[Scope], None] | None = None,
) -> ASGIApp:
    """The REST API about one model, to be mounted at ``/v1``.

    Args:
        questions: about the model.
        settings: how much is taken.
        crews: the workers for all that takes long.
        limit: asked before each request, see ``rate_limit``.
    """
    rest = Rest(questions, crews.batch)
    get = ["GET", "HEAD"]
    routes = [
        Route("/predict", rest.predict, methods=["POST"]),
        Route("/predict/batch", rest.predict_batch, methods=["POST"]),
        Route("/explain", rest.explain, methods=["POST"]),
        Route("/score", score_file_route(questions, settings, crews.score), methods=["POST"]),
        Route("/model", fixed(orjson.dumps(questions.model())), methods=get),
        Route("/openapi.json", fixed(orjson.dumps(document(questions, settings))), methods=get),
        Route("/health", rest.health, methods=get),
        Route("/ready", rest.ready, methods=get),
    ]
    router = Router(routes, redirect_slashes=False, default=_not_found)
    return Door(router, limit=limit)


class Rest:
    """Answers requests about one model."""

    def __init__(self, questions: Questions, workers: Workers) -> None:
        self._questions = questions
        self._workers = workers

    async def predict(self, request: Request) -> Response:
        """One customer, answered right in the event loop: it takes less time than handing it over."""
        customer = await self._customer(request)
        return self._answer(customer, lambda: orjson.dumps(self._questions.predict(customer)))

    async def explain(self, request: Request) -> Response:
        """One customer explained, in a worker thread."""
        customer = await self._customer(request)
        segment = request.query_params.get("segment")
        asked = int(segment) if segment is not None and segment.isdecimal() and len(segment) < 10 else segment
        return await self._workers.run(
            lambda: self._answer(
                customer, lambda: orjson.dumps(self._questions.explain(customer, segment=asked))
            )
        )

    async def predict_batch(self, request: Request) -> Response:
        """Many customers, read and answered in a worker thread."""
        require_type(request, (JSON,), CURL_HINT)
        body = await read_body(request, LARGEST_BATCH)
        packing = accepts_gzip(request)
        return await self._workers.run(lambda: self._batch(body, packing=packing))

    async def health(self, _: Request) -> Response:
        """The process answers."""
        return json_response(b'{"status":"ok"}')

    async def ready(self, _: Request) -> Response:
        """The model answers; a fault of it is a 500 like any other."""
        self._questions.predict({})
        return json_response(orjson.dumps({"status": "ready", "model_version": self._questions.version}))

    async def _customer(self, request: Request) -> dict[str, Any]:
        require_type(request, (JSON,), CURL_HINT)
        return require_object(parse_json(await read_body(request, LARGEST_CUSTOMER)))

    def _answer(self, customer: Mapping[str, Any], ask: Callable[[], bytes]) -> Response:
        try:
            return json_response(ask())
        except InputError as error:
            errors = self._questions.refusals(customer)
            if not errors:  # the customer is sound: the fault is in what was asked about it
                raise Problem(422, str(error), errors=[{"field": "segment", "message": str(error)}]) from None
            detail = texts.REFUSED_ONE if len(errors) == 1 else texts.REFUSED.format(count=len(errors))
            raise Problem(422, detail, errors=errors) from None
        except RecursionError:
            raise Problem(422, texts.TOO_DEEP) from None

    def _batch(self, body: bytes, *, packing: bool) -> Response:
        value = require_object(parse_json(body))
        rows = value.get("rows")
        if set(value) != {"rows"} or not isinstance(rows, list):
            raise Problem(422, texts.NO_ROWS, errors=[{"field": "rows", "message": texts.NO_ROWS}])
        try:
            answers = self._questions.predict_many(rows)
        except InputError as error:
            raise Problem(422, str(error), errors=[{"field": "rows", "message": str(error)}]) from None
        except RecursionError:
            raise Problem(422, texts.TOO_DEEP) from None
        return packed(orjson.dumps(answers), packing=packing)


def json_response(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that is written already."""
    return Response(body, 200, headers, JSON)


def packed(body: bytes, *, packing: bool) -> Response:
    """A JSON answer, compressed if the client takes it and it is worth it; called in a worker thread."""
    headers = {"Vary": "Accept-Encoding"}
    if not packing or len(body) < WORTH_PACKING:
        return json_response(body, headers)
    return json_response(gzip.compress(body, compresslevel=1), headers | {"Content-Encoding": "gzip"})


def fixed(body: bytes) -> Callable[[Request], Awaitable[Response]]:
    """A route for an answer that never changes while the process lives; a client may keep it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    plain, small = packed(body, packing=False), packed(body, packing=True)
    for response in (plain, small):
        response.headers.update(headers)
    unchanged = Response(status_code=304, headers=headers)

    async def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == tag:
            return unchanged
        return small if accepts_gzip(request) else plain

    return answer


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    raise Problem(404, texts.NOT_FOUND)
