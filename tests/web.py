"""The REST API in this process, as the tests of it ask it."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from inference import Segmenter
from service.api.api_predictions import Questions
from service.api.rate_limit import rate_limit
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import Crews


def client(segmenter: Segmenter, settings: Settings | None = None) -> TestClient:
    """A client of the REST API about one model."""
    settings = settings or Settings()
    rest = rest_api(
        Questions(segmenter), settings, crews=Crews.of(settings), limit=rate_limit(settings.rate_limit)
    )
    return TestClient(Starlette(routes=[Mount("/v1", app=rest)]))
