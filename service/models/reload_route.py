"""``/v1/reload``: takes the model file as it is now, or the model before; for who has the key."""

from __future__ import annotations

import asyncio
import hmac

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api import api_texts as texts
from service.api.http.access import is_admin
from service.api.problems import Problem
from service.api.schemas import Reloaded
from service.api.schemas import Reloading as State
from service.models.reloading import RefusedError, Reloading
from service.monitor.drift_state import iso
from service.rest import QUERY, json_response

PREVIOUS, ANY = "previous", "any"


class ReloadRoute:
    """Answers the requests for another model.

    Args:
        key: that clients without an API key for administration must send as a bearer token; empty: they may
            not ask.
    """

    def __init__(self, reloading: Reloading, key: str) -> None:
        self._reloading, self._key = reloading, key.encode()

    def routes(self) -> list[Route]:
        """Asking what is served, and asking for another model."""
        return [Route("/reload", self._tell, methods=["GET"]), Route("/reload", self._take, methods=["POST"])]

    async def _tell(self, request: Request) -> Response:
        self._admit(request)
        return json_response(orjson.dumps(self._state()))

    async def _take(self, request: Request) -> Response:
        self._admit(request)
        model, columns = (_chosen(request, name) for name in QUERY)
        try:
            changed = await asyncio.to_thread(
                self._reloading.reload, previous=model == PREVIOUS, other_columns=columns == ANY
            )
        except RefusedError as error:
            raise Problem(422, str(error)) from None
        return json_response(orjson.dumps(Reloaded(**self._state(), changed=changed)))

    def _admit(self, request: Request) -> None:
        """Let in who has the key; how long it takes says nothing about the key."""
        if is_admin(request.scope):
            return
        if not self._key:
            raise Problem(403, texts.RELOAD_OFF)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._key):
            raise Problem(401, texts.RELOAD_KEY, headers={"WWW-Authenticate": "Bearer"})

    def _state(self) -> State:
        now = self._reloading.now
        before = now.previous
        return State(
            model_version=now.model.predictor.version,
            model_sha256=now.model.segmenter.fingerprint,
            served_since=iso(now.since),
            previous_sha256=None if before is None else before.fingerprint,
            problem=self._reloading.problem,
        )


def _chosen(request: Request, name: str) -> str:
    allowed = QUERY[name]
    given = request.query_params.get(name, allowed[0])
    if given not in allowed:
        message = texts.RELOAD_QUERY.format(name=name, first=allowed[0], second=allowed[1])
        raise Problem(422, message, errors=[{"field": name, "message": message}])
    return given
