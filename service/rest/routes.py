"""The routes of the REST API, one for each operation of the table, and what each does with a request."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from inference import InputError
from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.described_route import DescribedRoute
from service.api.http.access import Access
from service.api.http.query_names import only_known_names, query_names
from service.api.http.rate_limit import Limit
from service.api.http.request_body import (
    JSON,
    accepts_gzip,
    parse_json,
    read_body,
    require_object,
    require_type,
)
from service.api.http.upload_shares import UploadShares
from service.api.operations import LARGEST, OPERATIONS, Operation, Takes
from service.api.problems import Problem
from service.rest.batch_endpoint import BatchEndpoint
from service.rest.compressed import packed
from service.rest.docs_page import docs_routes
from service.rest.index import INDEX, index
from service.rest.openapi import document
from service.rest.openapi_security import require_keys
from service.rest.rest_middleware import RestMiddleware
from service.rest.score_upload import score_file_route
from service.settings import Settings
from service.thread_pools import WorkerPools

CURL_HINT = "--json instead of -d"


def rest_api(
    predictor: Predictor,
    settings: Settings,
    *,
    pools: WorkerPools,
    limit: Limit | None = None,
    operations: Sequence[Operation | Route] = OPERATIONS,
    shares: UploadShares | None = None,
) -> ASGIApp:
    """The REST API about one model, to be mounted at ``/v1``.

    Args:
        predictor: with the model.
        settings: how much is taken.
        pools: the workers for everything that takes long.
        limit: asked before each request, see ``rate_limit``.
        operations: what is offered; a ready route is described in the OpenAPI document
            where it describes itself.
        shares: of uploads and scoring, where other interfaces have them, too.
    """
    ready = [each for each in operations if isinstance(each, Route)]
    described_ones = [each for each in operations if isinstance(each, Operation)]
    uncounted = Predictor(predictor.segmenter)  # the examples in the document are no customers
    whole = document(uncounted, settings, described_ones)
    for each in ready:
        if isinstance(each, DescribedRoute):
            whole["paths"].setdefault(each.path, {})[each.method.lower()] = each.description
            for name in each.description["tags"]:
                tag = {"name": name, "description": texts.TAGS[name]}
                whole["tags"] = [known for known in whole["tags"] if known["name"] != name] + [tag]
    if settings.api_keys:
        require_keys(whole)

    def route(path: str, method: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        names = query_names(whole["paths"].get(path, {}).get(method.lower(), {}))
        return Route(path, only_known_names(endpoint, names), methods=[method])

    routes = [
        *(
            route(
                each.rest, each.method, _announced(each, _endpoint(each, predictor, settings, pools, shares))
            )
            for each in described_ones
            if each.rest
        ),
        *ready,
        route("/openapi.json", "GET", fixed(orjson.dumps(whole))),
        *docs_routes(whole["info"]["title"]),
        route(INDEX, "GET", fixed(orjson.dumps(index(predictor, whole)))),
    ]
    router = Router(routes, redirect_slashes=False, default=_not_found)
    return RestMiddleware(router, limit=limit, access=Access.of(settings), version=predictor.version)


def _endpoint(
    operation: Operation,
    predictor: Predictor,
    settings: Settings,
    pools: WorkerPools,
    shares: UploadShares | None,
) -> Callable[[Request], Awaitable[Response]]:
    if operation.takes is Takes.FILE:
        return score_file_route(operation, predictor, settings, pools, shares)
    if operation.constant:
        return fixed(orjson.dumps(operation.call(predictor)))
    if operation.takes is Takes.ROWS:
        return BatchEndpoint(operation, predictor, pools).answer
    return Endpoint(operation, predictor, pools).answer


def _announced(
    operation: Operation, endpoint: Callable[[Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint; of a deprecated operation with the headers that say so."""
    deprecation = operation.deprecated
    if deprecation is None:
        return endpoint

    async def answer(request: Request) -> Response:
        response = await endpoint(request)
        response.headers.update(deprecation.headers())
        return response

    return answer


class Endpoint:
    """Answers the requests for one operation on one model."""

    def __init__(self, operation: Operation, predictor: Predictor, pools: WorkerPools) -> None:
        self._operation = operation
        self._predictor = predictor
        self._workers = operation.cost.workers(pools)

    async def answer(self, request: Request) -> Response:
        """Read the request, then answer it in the workers, or at once where that takes no longer."""
        body = b""
        if self._operation.takes is not Takes.NOTHING:
            require_type(request, (JSON,), CURL_HINT)
            body = await read_body(request, LARGEST[self._operation.takes])
        given = _given(self._operation, request)
        if self._workers is None:
            return self._answer(body, given)
        return await self._workers.run(lambda: self._answer(body, given))

    def _answer(self, body: bytes, given: Mapping[str, Any]) -> Response:
        sent = self._sent(body)
        try:
            answer = orjson.dumps(self._operation.call(self._predictor, *sent, **given))
        except InputError as error:
            raise self._problem(error, sent, given) from None
        except RecursionError:
            raise Problem(422, texts.TOO_DEEP) from None
        return json_response(answer)

    def _sent(self, body: bytes) -> list[Any]:
        """What the operation is called with: a customer or nothing.

        Raises:
            Problem: for a body that is something else.
        """
        if self._operation.takes is Takes.NOTHING:
            return []
        return [require_object(parse_json(body))]

    def _problem(self, error: InputError, sent: Sequence[Any], given: Mapping[str, Any]) -> Problem:
        """What is wrong, field by field; what is not in the customer is in a parameter."""
        wrong = self._predictor.refusals(sent[0]) if self._operation.takes is Takes.CUSTOMER else []
        if wrong:
            detail = texts.REFUSED_ONE if len(wrong) == 1 else texts.REFUSED.format(count=len(wrong))
            return Problem(422, detail, errors=wrong)
        field = next(iter(given), None)
        return Problem(422, str(error), errors=[{"field": field, "message": str(error)}])


def _given(operation: Operation, request: Request) -> dict[str, Any]:
    """The parameters of the operation that are in the query."""
    query = request.query_params
    return {
        each.name: [each.read(text) for text in query.getlist(each.name)]
        if each.repeated
        else each.read(query[each.name])
        for each in operation.parameters
        if each.name in query
    }


def json_response(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that is written already."""
    return Response(body, 200, headers, JSON)


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
