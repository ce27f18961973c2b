"""Refuses a query with a name that an operation does not have; a misspelled one would do nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from inference.wording import did_you_mean, nearest, quoted, quoted_names
from service.api import api_texts as texts
from service.api.problems import Problem

Endpoint = Callable[[Request], Awaitable[Response]]


def query_names(described: Mapping[str, Any]) -> frozenset[str]:
    """The names in the query of an operation, from its description in the OpenAPI document."""
    return frozenset(each["name"] for each in described.get("parameters", ()) if each["in"] == "query")


def only_known_names(endpoint: Endpoint, known: Collection[str]) -> Endpoint:
    """The endpoint, for requests without other names in the query."""

    async def answer(request: Request) -> Response:
        if request.scope["query_string"]:
            refuse_unknown_names(request, known)
        return await endpoint(request)

    return answer


def refuse_unknown_names(request: Request, known: Collection[str]) -> None:
    """Refuse a query with other names.

    Raises:
        Problem: 422, with an error for each of them.
    """
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        errors = [{"field": name[:100], "message": _message(name, known)} for name in unknown[:20]]
        raise Problem(422, errors[0]["message"], errors=errors)


def _message(name: str, known: Collection[str]) -> str:
    names = quoted_names(sorted(known)) if known else texts.NO_PARAMETERS
    sentence = texts.UNKNOWN_PARAMETER.format(name=quoted(name), known=names)
    return f"{sentence}{did_you_mean(nearest(name, known))}"
