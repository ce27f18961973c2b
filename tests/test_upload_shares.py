"""One client cannot take the room or the workers for files from the others, whichever way in it uses."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.http.upload_shares import FILES_OF_ALL, FILES_OF_ONE, MOST_OPEN, UploadShares, upload_shares
from service.gradio_api import gradio_middleware
from service.gradio_api.gradio_middleware import GradioMiddleware
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import BusyError, WorkerPools

LIMIT = 1000


def shares(workers: int = 2) -> UploadShares:
    return UploadShares(workers=workers, limit=LIMIT)


def test_a_client_has_only_so_many_uploads_open() -> None:
    asked = shares()
    open_ones = [asked.upload("a") for _ in range(MOST_OPEN)]
    for each in open_ones:
        each.__enter__()
    with pytest.raises(BusyError), asked.upload("a"):
        pass
    with asked.upload("b") as other:
        other.store(b"x", io.BytesIO())
    open_ones[0].__exit__(None, None, None)
    with asked.upload("a"):
        pass


def test_the_bytes_of_a_client_and_of_all_are_bounded_and_given_back() -> None:
    asked, target = shares(), io.BytesIO()
    with asked.upload("a") as upload:
        upload.store(b"x" * LIMIT * FILES_OF_ONE, target)
        with pytest.raises(BusyError):
            upload.store(b"x", target)
        assert len(target.getvalue()) == upload.size == LIMIT * FILES_OF_ONE
    with asked.upload("a") as upload:
        upload.count(LIMIT * FILES_OF_ONE)
        for name in range(FILES_OF_ALL // FILES_OF_ONE - 1):
            asked.add(f"other {name}", LIMIT * FILES_OF_ONE)
        with pytest.raises(BusyError):
            asked.add("one more", 1)


@pytest.mark.parametrize(("workers", "most"), [(1, 1), (2, 1), (4, 3)])
def test_a_client_cannot_have_all_workers(workers: int, most: int) -> None:
    asked = shares(workers)
    held = [asked.scoring("a") for _ in range(most)]
    for each in held:
        each.__enter__()
    with pytest.raises(BusyError), asked.scoring("a"):
        pass
    with asked.scoring("b"):
        pass
    held[0].__exit__(None, None, None)
    with asked.scoring("a"):
        pass


async def sent_to(app: object, path: str, client: str, receive: Receive) -> list[Message]:
    """What is answered to one upload."""
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    scope: Scope = {
        "type": "http", "method": "POST", "path": path, "root_path": "", "query_string": b"",
        "headers": [(b"content-type", b"text/csv")], "client": (client, 1),
    }  # fmt: skip
    await app(scope, receive, send)  # type: ignore[operator]  # an ASGI application
    return answers


def pieces(*parts: bytes) -> Receive:
    left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    left.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return left.pop(0)

    return receive


async def whole_body(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that takes an upload as Gradio does."""
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def uploaded(middleware: GradioMiddleware, client: str, *parts: bytes) -> int:
    answers = asyncio.run(sent_to(middleware, "/gradio_api/upload", client, pieces(*parts)))
    return int(answers[0]["status"])


def test_uploads_of_the_page_count_with_those_of_rest(published: Segmenter) -> None:
    settings = Settings(max_upload_mb=1)
    both = upload_shares(settings)
    page = GradioMiddleware(whole_body, shares=both, largest=1_100_000)
    rest = rest_api(Predictor(published), settings, pools=WorkerPools.of(settings), shares=both)
    assert uploaded(page, "a", b"x" * 500_000, b"x" * 500_000) == 200
    both.add("a", 2_000_000)
    assert uploaded(page, "a", b"x") == 503
    assert asyncio.run(sent_to(rest, "/score", "a", pieces(b"x")))[0]["status"] == 503
    assert uploaded(page, "b", b"x") == 200


def test_an_upload_of_the_page_is_bounded_while_it_arrives() -> None:
    page = GradioMiddleware(whole_body, shares=shares(), largest=1500)
    assert uploaded(page, "a", b"x" * 800, b"x" * 800) == 413
    assert uploaded(page, "a", b"x" * 800) == 200


def test_a_slow_upload_of_the_page_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradio_middleware, "PATIENCE", 0.3)
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        await asyncio.sleep(0.05)
        sent += 1
        return {"type": "http.request", "body": b"x", "more_body": sent < 100}

    page = GradioMiddleware(whole_body, shares=shares(), largest=1500)
    answers = asyncio.run(sent_to(page, "/gradio_api/upload", "a", receive))
    assert answers[0]["status"] == 408


async def broken_off(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that leaves a part of the file, as Gradio does when an upload breaks off."""
    (Path(os.environ["GRADIO_TEMP_DIR"]) / "tmp1234").write_bytes(b"x")
    await whole_body(scope, receive, send)


def test_an_upload_that_ends_early_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "tmp.csv").write_bytes(b"x")
    counted = shares()
    page = GradioMiddleware(broken_off, shares=counted, largest=1500)
    with counted.upload("another"):  # whose file may be one of them
        assert uploaded(page, "a", b"x" * 2000) == 413
        assert (tmp_path / "tmp1234").exists()
    assert uploaded(page, "a", b"x" * 2000) == 413
    assert [path.name for path in tmp_path.rglob("tmp*")] == ["tmp.csv"]
