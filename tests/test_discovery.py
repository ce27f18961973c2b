"""Checks that what programs find at well-known addresses is there and true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest

from app import build_app
from inference import Segmenter
from service.api.operations import OPERATIONS
from service.mcp.stateless import VERSIONS
from service.settings import Settings
from tests.free_port import free_port
from tests.server import get

pytestmark = pytest.mark.server

CONTACT = "mailto:security@example.com"
PROXY = "segments.shop.example"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app with everything that can be found."""
    site = build_app(
        Settings(host="127.0.0.1", port=free_port(), security_contact=CONTACT, allowed_hosts=(PROXY,))
    )
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def fetched(address: str, **headers: str) -> tuple[str, str]:
    """The text at an address, and its media type."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urlopen(Request(address, headers=named)) as answer:  # noqa: S310 - loopback
        return answer.read().decode(), answer.headers.get_content_type()


@pytest.mark.parametrize("path", ["/llms.txt", "/agents.md"])
def test_every_link_to_read_is_answered(url: str, path: str) -> None:
    text = fetched(f"{url}{path}")[0]
    links = set(re.findall(rf"{re.escape(url)}/[A-Za-z0-9._/-]+", text)) - {f"{url}/v1/predict"}
    assert f"{url}/v1/openapi.json" in links
    for link in links - {f"{url}/gradio_api/mcp/"}:
        assert get(link)[0] == 200, link


def test_agents_find_every_operation_tool_and_column(url: str, published: Segmenter) -> None:
    text, kind = fetched(f"{url}/agents.md")
    assert kind == "text/markdown"
    for each in OPERATIONS:
        assert f"`{each.method} /v1{each.rest}`" in text
        assert not each.mcp or f"`{each.mcp}`" in text
    for name in published.contract.names:
        assert f"- `{name}`: " in text


def test_the_catalog_leads_to_the_card_and_the_card_to_the_tools(url: str) -> None:
    text, kind = fetched(f"{url}/.well-known/ai-catalog.json")
    assert kind == "application/ai-catalog+json"
    (entry,) = json.loads(text)["entries"]
    assert entry["type"] == "application/mcp-server-card+json"
    text, kind = fetched(entry["url"], Accept=entry["type"])
    card = json.loads(text)
    assert kind == entry["type"]
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", card["name"])
    assert len(card["description"]) <= 100
    (remote,) = card["remotes"]
    assert remote["url"] == f"{url}/gradio_api/mcp/"
    assert remote["supportedProtocolVersions"] == list(VERSIONS)
    assert card["version"] == json.loads(get(f"{url}/v1/model")[1])["model_version"]


def test_behind_a_proxy_addresses_are_those_of_the_proxy(url: str) -> None:
    behind = {"X_Forwarded_Host": PROXY, "X_Forwarded_Proto": "https"}
    card = json.loads(fetched(f"{url}/gradio_api/mcp/server-card", **behind)[0])
    assert card["name"] == "example.shop.segments/customer-segments"
    assert card["remotes"][0]["url"] == "https://segments.shop.example/gradio_api/mcp/"
    assert "https://segments.shop.example/v1/openapi.json" in fetched(f"{url}/llms.txt", **behind)[0]


def test_faults_are_reported_where_the_operator_says(url: str) -> None:
    text, kind = fetched(f"{url}/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert kind == "text/plain"
    assert fields["Contact"] == CONTACT
    assert fields["Canonical"] == f"{url}/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=1) < left < timedelta(days=365)


def test_what_is_switched_off_is_not_found() -> None:
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False))
    address = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        for path in (
            "/.well-known/ai-catalog.json",
            "/.well-known/security.txt",
            "/gradio_api/mcp/server-card",
        ):
            assert get(f"{address}{path}")[0] == 404
        assert "/gradio_api/mcp" not in fetched(f"{address}/llms.txt")[0]
        agents = fetched(f"{address}/agents.md")[0]
        assert "/gradio_api/mcp" not in agents
        assert "predict_segment" not in agents
    finally:
        site.close()
