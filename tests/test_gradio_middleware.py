"""Checks that Gradio's own API limits bodies and rates, and returns the right status."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from service.api.http.rate_limit import rate_limit
from service.gradio_api.gradio_middleware import LARGEST_CALL, GradioMiddleware, refuse_with

CALL = "/gradio_api/run/predict"


def client(rate: str = "") -> TestClient:
    """An application behind the middleware that returns 500, marked as its query requests."""

    async def fail(request: Request) -> PlainTextResponse:
        await request.body()
        if status := request.query_params.get("status"):
            refuse_with(int(status))
        return PlainTextResponse("no", 500)

    routes = [Route(path, fail, methods=["POST"]) for path in (CALL, "/gradio_api/upload")]
    return TestClient(
        Starlette(routes=routes, middleware=[Middleware(GradioMiddleware, limit=rate_limit(rate))])
    )


@pytest.mark.parametrize(("marked", "status"), [("422", 422), ("503", 503), ("500", 500), ("", 422)])
def test_a_refusal_has_the_right_status(marked: str, status: int) -> None:
    assert client().post(CALL, params={"status": marked}).status_code == status


def test_one_call_does_not_mark_the_next() -> None:
    asking = client()
    assert asking.post(CALL, params={"status": "503"}).status_code == 503
    assert asking.post(CALL).status_code == 422


def test_other_paths_are_left_alone() -> None:
    assert client().post("/gradio_api/upload", params={"status": "422"}).status_code == 500
    assert client().post("/gradio_api/upload", content=b"x" * (LARGEST_CALL + 1)).status_code == 500


def test_a_body_over_the_limit_is_refused_with_and_without_a_length() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(LARGEST_CALL // 1_000_000 + 2):
            yield b"x" * 1_000_000

    assert client().post(CALL, content=b"x" * (LARGEST_CALL + 1)).status_code == 413
    assert client().post(CALL, content=pieces()).status_code == 413


def test_the_rate_limit_counts_calls() -> None:
    asking = client("2/minute")
    assert [asking.post(CALL).status_code for _ in range(3)] == [422, 422, 429]


def test_the_rate_limit_counts_uploads_too() -> None:
    asking = client("2/minute")
    assert [asking.post("/gradio_api/upload").status_code for _ in range(3)] == [500, 500, 429]
