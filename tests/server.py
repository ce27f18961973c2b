"""How the tests reach a server on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from service.gradio_api.gradio_environment import UPLOADS
from tests.conftest import ROOT


def post(address: str, body: object) -> tuple[int, Any]:
    """Send JSON; returns the status and the JSON of the answer."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return int(answer.status), json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code), json.load(error)


def get(address: str) -> tuple[int, bytes]:
    """Fetch an address; returns the status and the content."""
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code), error.read()


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request without a body; returns status, headers in small letters, and the body as it is sent."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    found = {name.lower(): text for name, text in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, found, body


def untouched() -> dict[str, str]:
    """The environment without the variables that an app of this process has set."""
    return {name: text for name, text in os.environ.items() if name != UPLOADS}


def run_app(**environment: str) -> subprocess.Popen[str]:
    """``python app.py`` with these variables."""
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**untouched(), "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
