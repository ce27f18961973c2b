"""The REST API in this process, for its tests."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.http.rate_limit import rate_limit
from service.api.operations import OPERATIONS
from service.gradio_api.endpoints import endpoint
from service.gradio_api.signature import Described
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import WorkerPools


def predict_endpoint(segmenter: Segmenter) -> Described:
    """The function of Gradio's ``/predict`` about one model, and its labels."""
    (operation,) = (each for each in OPERATIONS if each.gradio == "predict")
    return endpoint(operation, Predictor(segmenter), WorkerPools.of(Settings()))


def client(segmenter: Segmenter, settings: Settings | None = None) -> TestClient:
    """A client of the REST API about one model."""
    settings = settings or Settings()
    rest = rest_api(
        Predictor(segmenter), settings, pools=WorkerPools.of(settings), limit=rate_limit(settings.rate_limit)
    )
    return TestClient(Starlette(routes=[Mount("/v1", app=rest)]))
