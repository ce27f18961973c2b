"""Checks the description of remembered customers against the served API, by requests made from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import build_app
from service.settings import Settings, StoreSettings
from tests.conftest import ROOT
from tests.free_port import free_port


@pytest.mark.server
def test_any_request_about_customers_gets_an_answer_that_is_in_the_document(store_url: str) -> None:
    store = StoreSettings(address=store_url)
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, store=store))
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        program = Path(sys.executable).with_name("schemathesis")
        settings = ["--config-file", str(ROOT / "tests" / "schemathesis.toml")]
        chosen = ["--include-tag", "customers"]
        done = subprocess.run(
            [program, *settings, "run", *chosen, f"{url}/v1/openapi.json"],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        site.close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Selected: 9/19" in done.stdout
