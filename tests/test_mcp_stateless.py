"""Checks revision 2026-07-28 of MCP on the wire, and what holds for every revision: numbers and origins."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from app import build_app
from service.mcp.stateless import VERSION, VERSIONS
from service.settings import Settings
from tests.free_port import free_port

pytestmark = pytest.mark.server

FRIEND = "https://friend.example"
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}
Answer = tuple[int, Any]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, which one other origin may call."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp_allowed_origins=(FRIEND,)))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


def send(url: str, body: str, headers: dict[str, str], method: str = "POST") -> Answer:
    """The status and the JSON that come back; ``None`` without a body."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request(method, "/gradio_api/mcp/", body, kinds | headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(content) if content else None


def request(method: str, **params: Any) -> dict[str, Any]:
    """A whole request of this revision."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": META}}


def headers(method: str, name: str = "") -> dict[str, str]:
    """The headers that go with it."""
    named = {"Mcp-Name": name} if name else {}
    return {"MCP-Protocol-Version": VERSION, "Mcp-Method": method} | named


def ask(url: str, method: str, *, name: str = "", **params: Any) -> Answer:
    """Send one request of this revision."""
    return send(url, json.dumps(request(method, **params)), headers(method, name))


def test_a_client_discovers_the_server_without_a_handshake(url: str) -> None:
    status, answer = ask(url, "server/discover")
    result = answer["result"]
    assert status == 200
    assert result["supportedVersions"] == list(VERSIONS)
    assert {"2026-07-28", "2025-11-25"} <= set(VERSIONS)
    assert {"tools", "resources", "prompts"} <= result["capabilities"].keys()
    assert "describe_segments" in result["instructions"]


@pytest.mark.parametrize(
    ("method", "list_name"),
    [
        ("tools/list", "tools"),
        ("resources/list", "resources"),
        ("prompts/list", "prompts"),
    ],
)
def test_lists_say_how_long_they_are_fresh(url: str, method: str, list_name: str) -> None:
    result = ask(url, method)[1]["result"]
    assert result[list_name]
    assert result["resultType"] == "complete"
    assert result["ttlMs"] > 0
    assert result["cacheScope"] == "public"


def test_every_listed_resource_can_be_read(url: str) -> None:
    listed = ask(url, "resources/list")[1]["result"]["resources"]
    assert len(listed) == 4
    for each in listed:
        status, answer = ask(url, "resources/read", name=each["uri"], uri=each["uri"])
        (content,) = answer["result"]["contents"]
        assert status == 200
        assert content["mimeType"] == each["mimeType"]
        assert content["text"]
        if each["mimeType"] == "application/json":
            json.loads(content["text"])


@pytest.mark.parametrize(
    ("body", "given", "status", "code"),
    [
        (request("tools/list"), headers("tools/call"), 400, -32020),
        (request("tools/list"), {"MCP-Protocol-Version": VERSION}, 400, -32020),
        (request("tools/call", name="predict_segment"), headers("tools/call", "other"), 400, -32020),
        (request("tools/list"), {"Mcp-Method": "tools/list"}, 400, -32020),
        (request("nothing/here"), headers("nothing/here"), 404, -32601),
        (request("tools/call"), headers("tools/call"), 400, -32602),
        (
            request("tools/call", name="predict_segment", arguments=[1]),
            headers("tools/call", "predict_segment"),
            400,
            -32602,
        ),
        (
            request("resources/read", uri="file:///etc/passwd"),
            headers("resources/read", "file:///etc/passwd"),
            400,
            -32602,
        ),
        (
            request("prompts/get", name="advise_on_customer"),
            headers("prompts/get", "advise_on_customer"),
            400,
            -32602,
        ),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers("tools/list"), 400, -32602),
        ({"jsonrpc": "2.0", "id": True, "method": "tools/list"}, headers("tools/list"), 400, -32600),
        ([request("tools/list")], headers("tools/list"), 400, -32600),
    ],
)
def test_a_wrong_request_gets_the_code_of_the_specification(
    url: str, body: Any, given: dict[str, str], status: int, code: int
) -> None:
    found, answer = send(url, json.dumps(body), given)
    assert (found, answer["error"]["code"]) == (status, code)
    assert len(answer["error"]["message"]) <= 300


def test_another_revision_is_answered_with_those_that_are_known(url: str) -> None:
    body = request("tools/list")
    body["params"]["_meta"] = META | {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}
    given = headers("tools/list") | {"MCP-Protocol-Version": "2099-01-01"}
    status, answer = send(url, json.dumps(body), given)
    assert (status, answer["error"]["code"]) == (400, -32022)
    assert answer["error"]["data"] == {"supported": list(VERSIONS), "requested": "2099-01-01"}


def test_a_name_beyond_ascii_is_read_from_base64(url: str) -> None:
    body = json.dumps(request("tools/call", name="größe", arguments={}))
    status, answer = send(url, body, headers("tools/call", "=?base64?Z3LDtsOfZQ==?="))
    assert status == 200
    assert answer["result"]["isError"]
    status, answer = send(url, body, headers("tools/call", "=?base64?!?="))
    assert (status, answer["error"]["code"]) == (400, -32020)


def test_a_notification_is_accepted_and_a_stream_is_not_offered(url: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled"})
    assert send(url, body, {"MCP-Protocol-Version": VERSION}) == (202, None)
    assert send(url, "", {"MCP-Protocol-Version": VERSION}, "GET") == (405, None)


def called(number: str, revision: str) -> tuple[str, dict[str, str]]:
    """A call of predict_segment with a number as it is written, and its headers."""
    name = "predict_segment"
    arguments = {"age": "NUMBER", "annual_income": 17, "spending_score": 40}
    if revision == VERSION:
        body, given = request("tools/call", name=name, arguments=arguments), headers("tools/call", name)
    else:
        params = {"name": name, "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        given = {"MCP-Protocol-Version": revision}
    return json.dumps(body).replace('"NUMBER"', number), given


@pytest.mark.parametrize("revision", [VERSION, "2025-11-25"])
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_no_number_is_refused_and_not_taken_for_unknown(url: str, number: str, revision: str) -> None:
    status, answer = send(url, *called(number, revision))
    assert status == 200
    assert answer["result"]["isError"]
    assert "'age'" in answer["result"]["content"][0]["text"]


@pytest.mark.parametrize("revision", [VERSION, "2025-11-25"])
def test_null_is_unknown_and_a_number_is_known(url: str, revision: str) -> None:
    for number in ("null", "31"):
        answer = send(url, *called(number, revision))[1]
        assert not answer["result"].get("isError"), number


@pytest.mark.parametrize("revision", [VERSION, "2025-11-25"])
def test_a_web_page_needs_an_origin_that_is_allowed(url: str, revision: str) -> None:
    body, given = called("31", revision)
    assert send(url, body, given | {"Origin": FRIEND})[0] == 200
    for origin in ("https://evil.example", "null", f"{FRIEND}.evil.example", url):
        status, answer = send(url, body, given | {"Origin": origin})
        assert status == 403
        assert "MCP_ALLOWED_ORIGINS" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [("{", 400, -32700), ('{"id": 1, "id": 2}', 422, -32600), (" " * (1024 * 1024 + 1), 413, -32600)],
)
def test_what_is_not_one_json_message_is_refused(url: str, body: str, status: int, code: int) -> None:
    found, answer = send(url, body, headers("tools/list"))
    assert (found, answer["error"]["code"]) == (status, code)
