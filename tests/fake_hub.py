"""A stand-in for the Hugging Face Hub on this machine: repositories in memory, and faults on demand."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

_API = re.compile(r"/api/(?:models|spaces)/(?P<repository>[^/]+/[^/]+)(?P<rest>.*)")
_ASIDE: dict[str, object] = {"/api/agent-harnesses": {}, "/api/validate-yaml": {"errors": [], "warnings": []}}
_FILE = re.compile(r"/(?:spaces/)?(?P<repository>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")


class FakeHub(ThreadingHTTPServer):
    """Files by repository; ``faults`` are statuses to answer next, ``0`` for a dropped connection.

    A Space is in the next of ``stages`` each time that it is asked about, then it runs.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.files: dict[str, dict[str, bytes]] = {}
        self.faults: list[int] = []
        self.asked: list[str] = []
        self.stages: list[str] = []

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Request(BaseHTTPRequestHandler):
    server: FakeHub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Make a repository, say how files are uploaded, or take a commit."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self._answered():
            return
        if self.path == "/api/repos/create":
            given = json.loads(body)
            name = f"{given.get('organization', 'owner')}/{given['name']}"
            self.server.files.setdefault(name, {})
            self._json({"url": f"{self.server.address}/{name}"})
            return
        found = _API.fullmatch(self.path)
        assert found, self.path
        if found["rest"].startswith("/preupload/"):
            asked = json.loads(body)["files"]
            self._json(
                {"files": [{**each, "uploadMode": "regular", "shouldIgnore": False} for each in asked]}
            )
            return
        assert found["rest"].startswith("/commit/"), self.path
        files = self.server.files[found["repository"]]
        for line in filter(None, body.decode().splitlines()):
            entry = json.loads(line)
            if entry["key"] == "file":
                files[entry["value"]["path"]] = base64.b64decode(entry["value"]["content"])
            elif entry["key"] == "deletedFile":
                del files[entry["value"]["path"]]
        self._json(
            {
                "commitUrl": f"{self.server.address}/{found['repository']}/commit/{_commit(files)}",
                "commitOid": _commit(files),
            }
        )

    def do_GET(self) -> None:
        """Describe a repository, or give a file."""
        if self._answered():
            return
        path = unquote(self.path.partition("?")[0])
        found = _API.fullmatch(path)
        if found:
            files = self.server.files.get(found["repository"])
            if files is None:
                self._json({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
            elif found["rest"] == "/runtime":
                stage = self.server.stages.pop(0) if self.server.stages else "RUNNING"
                self._json({"stage": stage, "hardware": {}, "sha": _commit(files)})
            elif found["rest"].startswith("/tree/"):
                entries = [
                    {"type": "file", "path": name, "size": len(content), "oid": _commit({name: content})}
                    for name, content in files.items()
                ]
                self._json(entries)
            else:
                siblings = [{"rfilename": name} for name in files]
                self._json({"id": found["repository"], "sha": _commit(files), "siblings": siblings})
            return
        found = _FILE.fullmatch(path)
        assert found, path
        files = self.server.files.get(found["repository"], {})
        if found["name"] not in files:
            code = "EntryNotFound" if files else "RepoNotFound"
            self._json({"error": code}, 404, {"X-Error-Code": code, "X-Repo-Commit": _commit(files)})
            return
        content = files[found["name"]]
        etag = hashlib.sha256(content).hexdigest()
        self._send(content, 200, {"ETag": f'"{etag}"', "X-Repo-Commit": _commit(files)})

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _answered(self) -> bool:
        """Answer what does not matter, and with the next fault if one is wanted."""
        if self.path in _ASIDE:
            self._json(_ASIDE[self.path])
            return True
        self.server.asked.append(f"{self.command} {self.path}")
        if not self.server.faults:
            return False
        status = self.server.faults.pop(0)
        if status:
            self._json({"error": "not now"}, status)
        else:
            self.close_connection = True
            self.connection.close()
        return True

    def _json(self, value: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._send(
            json.dumps(value).encode(), status, {"Content-Type": "application/json", **(headers or {})}
        )

    def _send(self, content: bytes, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _commit(files: dict[str, bytes]) -> str:
    """A commit that depends on the content."""
    whole = b"".join(name.encode() + content for name, content in sorted(files.items()))
    return hashlib.sha1(whole).hexdigest()  # noqa: S324 - as git names it


@contextmanager
def fake_hub() -> Iterator[FakeHub]:
    """A running one."""
    server = FakeHub()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
