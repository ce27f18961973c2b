"""The REST API about the model that is served now, and the route for another one."""

from __future__ import annotations

from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from service.api.http.access import Access
from service.api.http.rate_limit import Limit
from service.models.reload_route import ReloadRoute
from service.models.reloading import Reloading
from service.rest import RestMiddleware

RELOAD_PATH = "/reload"  # below /v1


class CurrentRest:
    """Answers each request about the model that is served when it begins."""

    def __init__(
        self, reloading: Reloading, reload: ReloadRoute, *, limit: Limit | None, access: Access | None
    ) -> None:
        self._reloading = reloading
        self._reload = RestMiddleware(  # the route has a key of its own, too, so it decides itself
            Router(reload.routes(), redirect_slashes=False), limit=limit, access=access, needed=lambda _: ""
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].endswith(f"/v1{RELOAD_PATH}"):
            await self._reload(scope, receive, send)
        else:
            await self._reloading.now.model.rest(scope, receive, send)
