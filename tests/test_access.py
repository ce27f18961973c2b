"""Checks the keys of the API: what needs one, which one, and that nothing else answers in its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from app import build_app
from inference import Segmenter
from service.api.http.access import scope_of
from service.settings import SCOPES, ApiKey, Settings, SettingsError, StoreSettings, digest_of
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.web import client

KEYS = {scope: f"cs_{scope}_for_the_tests" for scope in SCOPES}
TABLE = tuple(
    ApiKey(name=f"who may {scope}", scopes=frozenset({scope}), digest=digest_of(key))
    for scope, key in KEYS.items()
)
PUBLIC = ["/health", "/ready", "/openapi.json", "/docs", "/docs/swagger-ui.css", "/docs/start.js", "/"]
CUSTOMER = {"age": 30, "annual_income": 60, "spending_score": 50}


def bearer(scope: str) -> dict[str, str]:
    """The header of the key for a scope."""
    return {"Authorization": f"Bearer {KEYS[scope]}"}


@pytest.fixture(scope="module")
def api(published: Segmenter) -> TestClient:
    return client(published, Settings(api_keys=TABLE))


@pytest.mark.parametrize("path", PUBLIC)
def test_what_says_how_to_get_in_needs_no_key(api: TestClient, path: str) -> None:
    assert api.get(f"/v1{path}").status_code == 200


def test_everything_else_in_the_document_needs_one(api: TestClient) -> None:
    document = api.get("/v1/openapi.json").json()
    asked = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path in PUBLIC:
                assert "security" not in operation
                continue
            answer = api.request(method, f"/v1{path}")
            if path == "/reload":  # answers by another route of the app
                continue
            assert answer.status_code == 401, path
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert {"apiKey": []} in operation["security"]
            assert {"401", "403"} <= operation["responses"].keys()
            asked += 1
    assert asked == 8


@pytest.mark.parametrize("path", ["/predict", "/predict/", "//predict", "/anything", "/Customers", "/docsx"])
def test_what_is_not_known_to_be_public_is_not(path: str) -> None:
    assert scope_of(path) != ""


def test_a_key_is_for_its_scope(api: TestClient) -> None:
    right = api.post("/v1/predict", json=CUSTOMER, headers=bearer("predict"))
    assert right.status_code == 200
    assert (
        api.post("/v1/predict", json=CUSTOMER, headers={"X-API-Key": KEYS["predict"]}).json() == right.json()
    )
    wrong = api.post("/v1/predict", json=CUSTOMER, headers=bearer("customers"))
    assert wrong.status_code == 403
    assert "'predict'" in wrong.json()["detail"]
    assert 'scope="predict"' in wrong.headers["WWW-Authenticate"]
    assert api.get("/v1/monitoring", headers=bearer("predict")).status_code == 403
    assert api.get("/v1/monitoring", headers=bearer("admin")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Basic {KEYS['predict']}"},
        {"Authorization": KEYS["predict"]},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {KEYS['predict']}x"},
        {"Authorization": f"Bearer {digest_of(KEYS['predict'])}"},
        {"X-API-Key": "x" * 100_000},
        {"X-API-Key": ""},
    ],
)
def test_what_is_no_key_opens_nothing(api: TestClient, headers: dict[str, str]) -> None:
    answer = api.post("/v1/predict", json=CUSTOMER, headers=headers)
    assert answer.status_code == 401
    assert "cs_" not in answer.text


def test_the_rate_limit_counts_by_key(published: Segmenter) -> None:
    with client(published, Settings(api_keys=TABLE, rate_limit="2/minute")) as api:
        for left in (1, 0):
            answer = api.post("/v1/predict", json=CUSTOMER, headers=bearer("predict"))
            assert answer.status_code == 200
            assert answer.headers["RateLimit-Policy"] == '"default";q=2;w=60'
            assert answer.headers["RateLimit"].startswith(f'"default";r={left};t=')
        refused = api.post("/v1/predict", json=CUSTOMER, headers=bearer("predict"))
        assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
        assert refused.headers["RateLimit"].startswith('"default";r=0;t=')
        assert api.get("/v1/monitoring", headers=bearer("admin")).status_code == 200
        guesses = [api.post("/v1/predict", json=CUSTOMER).status_code for _ in range(3)]
        assert guesses == [401, 401, 429]


def test_every_door_of_the_app_needs_the_key(tmp_path: Path) -> None:
    settings = Settings(
        host="127.0.0.1",
        port=free_port(),
        api_keys=TABLE,
        page=False,
        store=StoreSettings(address=f"sqlite:///{tmp_path}/customers.sqlite"),
    )
    site = build_app(settings)
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accept = {"Accept": "application/json, text/event-stream"}
        tools = f"{url}/gradio_api/mcp/"
        assert httpx.post(tools, json=message, headers=accept).status_code == 401
        assert httpx.post(tools, json=message, headers=accept | bearer("customers")).status_code == 403
        answer = httpx.post(tools, json=message, headers=accept | bearer("predict"))
        assert len(answer.json()["result"]["tools"]) == 4
        assert httpx.post(f"{url}/gradio_api/run/predict", json={"data": []}).status_code == 404
        for path in ("/customers", "/customers/A1", "/customer-events", "/movement"):
            assert httpx.get(f"{url}/v1{path}").status_code == 401
            assert httpx.get(f"{url}/v1{path}", headers=bearer("predict")).status_code == 403
        assert httpx.get(f"{url}/v1/customers", headers=bearer("customers")).status_code == 200
        assert httpx.get(f"{url}/v1/reload").status_code == 403
        assert httpx.get(f"{url}/v1/reload", headers=bearer("customers")).status_code == 403
        assert httpx.get(f"{url}/v1/reload", headers=bearer("admin")).status_code == 200
    finally:
        site.close()


def test_keys_close_the_page_unless_it_is_asked_for() -> None:
    entry = f"shop:predict:{'0' * 64}"
    assert not Settings.from_environment({"API_KEYS": entry}).page
    assert Settings.from_environment({"API_KEYS": entry, "PAGE": "on"}).page
    assert Settings.from_environment({}).page


def test_a_key_is_made_shown_once_and_read() -> None:
    command = [sys.executable, "-m", "service.settings"]
    done = subprocess.run(
        [*command, "shop", "predict,admin"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    key, entry = (line.split()[-1] for line in done.stdout.splitlines())
    (read,) = Settings.from_environment({"API_KEYS": entry}).api_keys
    assert read == ApiKey(name="shop", scopes=frozenset({"predict", "admin"}), digest=digest_of(key))
    assert key not in entry
    assert done.stderr == ""
    for wrong in (["shop", "everything"], ["shop"], ["a b", "predict"]):
        refused = subprocess.run([*command, *wrong], capture_output=True, text=True, check=False, cwd=ROOT)
        assert (refused.returncode, "predict" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    "entries",
    [
        "cs_a_whole_key",
        "shop:predict",
        f"shop::{'0' * 64}",
        f"shop:all:{'0' * 64}",
        f"shop:predict:{'0' * 64}:x",
    ],
)
def test_a_wrong_entry_is_named_by_its_number_and_never_quoted(entries: str) -> None:
    good = f"first:predict:{'1' * 64}"
    with pytest.raises(SettingsError, match="entry 2 is not") as raised:
        Settings.from_environment({"API_KEYS": f"{good} {entries}"})
    assert entries not in str(raised.value)
    with pytest.raises(SettingsError, match="entry 2 is a second"):
        Settings.from_environment({"API_KEYS": f"{good}\n{good}"})


def test_no_setting_shows_a_key() -> None:
    assert TABLE[0].digest not in repr(Settings(api_keys=TABLE))
