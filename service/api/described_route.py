"""A route that is not an operation of the table, with its own description for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from service.api.http.query_names import only_known_names, query_names


class DescribedRoute(Route):
    """A route with one method, and what the OpenAPI document says of it.

    A slash that a client encodes (``%2F``) is part of a parameter: an id such as ``A/12`` has an address.

    Attributes:
        method: its HTTP method.
        description: the OpenAPI operation object.
        allowed: the methods that its address has, also by other routes.
    """

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, method: str, description: Mapping[str, Any]
    ) -> None:
        super().__init__(path, only_known_names(endpoint, query_names(description)), methods=[method])
        self.method = method
        self.description = description
        self.allowed = sorted(self.methods or ())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, unless it is one for another method of the same address.

        Raises:
            HTTPException: 405, with the methods that the address has.
        """
        if scope["method"] not in (self.methods or ()):
            raise HTTPException(405, headers={"Allow": ", ".join(self.allowed)})
        await super().handle(scope, receive, send)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for this route, by its address as it was sent."""
        sent = scope.get("raw_path", b"").decode("latin-1")
        if scope["type"] != "http" or unquote(sent) != scope["path"]:  # something before has changed it
            return super().matches(scope)
        found = self.path_regex.match(sent.removeprefix(quote(scope.get("root_path", ""))))
        if found is None:
            return Match.NONE, {}
        parameters = {name: unquote(text) for name, text in found.groupdict().items()}
        child = {
            "endpoint": self.endpoint,
            "path_params": {**scope.get("path_params", {}), **parameters},
        }
        allowed = scope["method"] in (self.methods or ())
        return (Match.FULL if allowed else Match.PARTIAL), child
