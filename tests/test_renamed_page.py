"""Checks that a new name is on the whole page at once and in no answer of the API, by REST and by Gradio."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inference import Segmenter
from service.settings import ADMIN, ApiKey, StoreSettings, digest_of
from tests.running_app import Running, put

pytestmark = pytest.mark.server

OWNER = "cs_owner"
RICH = {"annual_income": 80, "spending_score": 80}
KEYS = (
    ApiKey(name="owner", scopes=frozenset({ADMIN, "predict", "customers"}), digest=digest_of(OWNER)),
)  # fmt: skip


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The app with a file of names, and a key that is needed to rename."""
    started = started_in(tmp_path)
    yield started
    started.site.close()


def started_in(folder: Path) -> Running:
    store = StoreSettings(address=f"sqlite:///{folder / 'c.sqlite'}")
    return Running(folder, api_keys=KEYS, segment_names_file=folder / "names.json", store=store)


def rename(running: Running, segment: int, name: str, key: str = OWNER, **headers: str) -> str:
    """Send what a form on the page sends; returns the refusal, or nothing."""
    page = running.site.page.get_config_file()
    carrier = next(
        each["id"] for each in page["components"] if each["props"].get("elem_id") == "rename-carrier"
    )
    event = next(
        each["id"] for each in page["dependencies"] if [carrier, "input"] in map(list, each["targets"])
    )
    model = running.site.reloading.now.model.segmenter.fingerprint
    sent = {"segment": segment, "model": model, "name": name, "key": key}
    body = {"fn_index": event, "data": [sent], "session_hash": "somebody"}
    status, _, answer = running.ask(
        "POST",
        "/gradio_api/run/predict",
        json.dumps(body).encode(),
        Content_Type="application/json",
        **headers,
    )
    assert status == 200, answer
    return str(answer["data"][0]["refused"])


def asked(running: Running, method: str, path: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    headers = {"X_API_Key": OWNER, **({} if body is None else {"Content_Type": "application/json"})}
    return running.ask(method, path, content, **headers)[2]


def page_in(running: Running, path: str = "/") -> str:
    content = running.ask("GET", path)[2]
    return content.decode() if isinstance(content, bytes) else json.dumps(content)


def test_a_new_name_is_on_the_page_in_every_language_and_not_in_the_api(
    running: Running, published: Segmenter
) -> None:
    own = published.contract.segments[0].name
    paths = ("/v1/model", "/v1/monitoring", "/v1/openapi.json")
    before = {path: asked(running, "GET", path) for path in paths[:1]}
    assert rename(running, 0, "Champions") == ""
    for path in ("/?lang=en", "/de/", "/ar/"):
        assert "Champions" in page_in(running, path), path
        assert own in page_in(running, path)
    assert {path: asked(running, "GET", path) for path in before} == before
    assert asked(running, "POST", "/v1/predict", RICH)["segment"] == own
    saved = asked(running, "PUT", "/v1/customers/7", RICH)
    assert saved["prediction"]["segment"] == own
    assert (
        asked(running, "GET", f"/v1/customers?segment={own.replace(' ', '%20')}")["customers"][0]["id"] == "7"
    )
    assert f'["Champions", "{own}"]' in json.dumps(running.site.page.get_config_file(), default=str)
    for path in paths:
        assert "Champions" not in json.dumps(asked(running, "GET", path)), path


def test_a_new_name_survives_another_training_and_a_restart(
    running: Running, tmp_path: Path, segmenter: Segmenter
) -> None:
    assert rename(running, 0, "Champions") == ""
    put(segmenter, running.path)
    status, answer = running.reload()
    assert (status, answer["changed"]) == (200, True)
    assert "Champions" in page_in(running, "/?lang=en")
    running.site.close()
    (tmp_path / "artifacts").rename(tmp_path / "before")
    again = started_in(tmp_path)
    try:
        assert "Champions" in page_in(again, "/?lang=en")
    finally:
        again.site.close()


def test_a_file_that_another_process_changed_is_read_at_a_reload(running: Running, tmp_path: Path) -> None:
    assert rename(running, 0, "Champions") == ""
    path = tmp_path / "names.json"
    path.write_text(path.read_text("utf-8").replace("Champions", "Guests"), encoding="utf-8")
    status, answer = running.reload()
    assert (status, answer["changed"]) == (200, False)
    assert "Guests" in page_in(running, "/?lang=en")
    assert "Champions" not in page_in(running, "/?lang=en")


def test_nobody_renames_without_the_key_or_from_another_site(running: Running, tmp_path: Path) -> None:
    assert "key may not rename" in rename(running, 0, "Champions", key="")
    assert "key may not rename" in rename(running, 0, "Champions", key="cs_guess")
    assert "this page itself" in rename(running, 0, "Champions", Origin="https://evil.example")
    assert "this page itself" in rename(running, 0, "Champions", Sec_Fetch_Site="cross-site")
    assert "Another model is served" in rename(running, 99, "Champions")
    assert "printable characters" in rename(running, 0, "<b>x</b>")
    assert not (tmp_path / "names.json").exists()


def test_a_key_is_in_no_log_and_no_file(
    running: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert rename(running, 0, "Champions") == ""
    assert rename(running, 0, "Guests", key="cs_guess") != ""
    assert "cs_" not in caplog.text + (tmp_path / "names.json").read_text("utf-8")
