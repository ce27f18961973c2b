"""The app in this process, with a model file of its own that a test may replace."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app import build_app
from inference import Segmenter
from service.server import Site
from service.settings import Settings
from tests.conftest import ROOT
from tests.free_port import free_port

KEY = "a key that nobody would guess".replace(" ", "-")
CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
PUBLISHED = ROOT / "artifacts" / "model.onnx"


class Running:
    """The app about the published model, on a free port."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.path = folder / "artifacts" / "model.onnx"
        self.path.parent.mkdir()
        shutil.copy(PUBLISHED, self.path)
        port = free_port()
        given = {"host": "127.0.0.1", "port": port, "model_path": self.path, "reload_key": KEY, **settings}
        self.site: Site = build_app(Settings(**given))
        self.url = self.site.launch(prevent_thread_lock=True, quiet=True)
        self.port = port

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: Any
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            return asked(connection, method, path, body, **headers)
        finally:
            connection.close()

    def reload(self, query: str = "", key: str = KEY) -> tuple[int, Any]:
        """Ask for the model file as it is now."""
        status, _, answer = self.ask("POST", f"/v1/reload{query}", Authorization=f"Bearer {key}")
        return status, answer

    @property
    def version(self) -> str:
        """Of the model that answers."""
        return str(self.ask("GET", "/v1/health")[2]["model_version"])


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Status, headers (lower case) and JSON of an answer."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    content = answer.read()
    found = {name.lower(): text for name, text in answer.getheaders()}
    plain = json.loads(content) if "json" in found.get("content-type", "") else content
    return answer.status, found, plain


def put(segmenter: Segmenter, path: Path) -> None:
    """Replace a file in one step, as the trainer does."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(segmenter.content)
    fresh.replace(path)


@contextmanager
def running_app(folder: Path, **settings: Any) -> Iterator[Running]:
    """The app as long as it is needed."""
    started = Running(folder, **settings)
    try:
        yield started
    finally:
        started.site.close()
