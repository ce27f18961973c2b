"""A route that is not an operation of the table, with its own description for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.routing import Route


class DescribedRoute(Route):
    """A route with one method, and what the OpenAPI document says of it.

    Attributes:
        method: its HTTP method.
        description: the OpenAPI operation object.
    """

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, method: str, description: Mapping[str, Any]
    ) -> None:
        super().__init__(path, endpoint, methods=[method])
        self.method = method
        self.description = description
