"""Checks what holds for every answer on the port: hosts, other origins, frames, and security headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import build_app
from service.api.http.http_policy import is_allowed_host, is_local
from service.settings import Settings, StoreSettings
from tests.free_port import free_port
from tests.server import ask

ELSEWHERE = "https://elsewhere.example"
FRIEND = "https://friend.example"
SEVERAL = [
    "/",
    "/config",
    "/v1/health",
    "/v1/nothing",
    "/gradio_api/info",
    "/metrics",
    "/llms.txt",
    "/nothing",
]


@contextmanager
def served(**settings: object) -> Iterator[str]:
    """The app with these settings; its address."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), **settings))  # type: ignore[arg-type]  # any setting
    try:
        yield site.launch(prevent_thread_lock=True, quiet=True)
    finally:
        site.close()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(cors_origins=("*", FRIEND)) as address:
        yield address


@pytest.mark.parametrize("path", SEVERAL)
def test_every_answer_has_security_headers(url: str, path: str) -> None:
    _, headers, _ = ask(url, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]
    assert headers["referrer-policy"] in ("no-referrer", "strict-origin-when-cross-origin")
    assert "strict-transport-security" not in headers  # a browser would ignore it without TLS


@pytest.mark.parametrize("path", SEVERAL)
def test_a_name_of_another_site_is_not_answered(url: str, path: str) -> None:
    """A site could otherwise let its own name lead to this machine (DNS rebinding)."""
    for name, text in (("Host", "evil.example:7860"), ("X_Forwarded_Host", "evil.example, localhost")):
        status, headers, body = ask(url, path, **{name: text})
        assert (status, headers["content-type"]) == (421, "application/problem+json")
        assert b"ALLOWED_HOSTS" in body


@pytest.mark.parametrize(
    "host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "10.1.2.3:80", "app.localhost"]
)
def test_numeric_addresses_and_this_machine_are_answered(url: str, host: str) -> None:
    assert ask(url, "/v1/health", Host=host)[0] == 200


@pytest.mark.parametrize("path", ["/", "/v1/health", "/gradio_api/info"])
def test_any_origin_may_read_without_credentials_and_named_ones_with(url: str, path: str) -> None:
    _, headers, _ = ask(url, path, Origin=ELSEWHERE, Host="10.1.2.3")
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    _, headers, _ = ask(url, path, Origin=FRIEND, Host="10.1.2.3")
    assert headers["access-control-allow-origin"] == FRIEND
    assert headers["access-control-allow-credentials"] == "true"
    assert "origin" in headers["vary"].lower()
    _, headers, _ = ask(url, path)
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/v1/predict", "/gradio_api/call/predict"])
def test_a_preflight_follows_the_same_rule(url: str, path: str) -> None:
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type"}
    _, headers, _ = ask(url, path, "OPTIONS", Origin=ELSEWHERE, Host="10.1.2.3", **asked)
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert headers["access-control-allow-headers"] == "content-type"


def test_a_page_elsewhere_cannot_read_from_this_machine(url: str) -> None:
    _, headers, _ = ask(url, "/v1/health", Origin=ELSEWHERE)
    assert "access-control-allow-origin" not in headers
    _, headers, _ = ask(url, "/v1/health", Origin="http://localhost:5173")
    assert headers["access-control-allow-origin"] == "*"


def test_with_a_store_no_other_origin_may_read_unless_named(tmp_path: Path) -> None:
    assert Settings.from_environment({"STORE": "on", "STORE_PATH": "a.sqlite"}).cors_origins == ()
    assert Settings.from_environment({}).cors_origins == ("*",)
    store = StoreSettings(address=f"sqlite:///{tmp_path}/customers.sqlite")
    with served(cors_origins=(), store=store) as url:
        _, headers, _ = ask(url, "/v1/customers", Origin=ELSEWHERE, Host="10.1.2.3")
        assert "access-control-allow-origin" not in headers


def test_frames_are_of_this_site_of_named_ones_and_of_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as url:
        _, headers, _ = ask(url, "/")
        assert headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert headers["x-frame-options"] == "SAMEORIGIN"
    monkeypatch.setenv("SPACE_ID", "owner/name")
    with served(frame_ancestors=(FRIEND,)) as url:
        _, headers, _ = ask(url, "/")
        assert headers["content-security-policy"].endswith(
            f"frame-ancestors 'self' https://huggingface.co https://*.hf.space {FRIEND}"
        )
        assert "x-frame-options" not in headers
        assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_without_a_page_programs_are_answered_and_nobody_else() -> None:
    with served(page=False) as url:
        for path in (
            "/config",
            "/gradio_api/info",
            "/gradio_api/call/predict",
            "/gradio_api/upload",
            "/assets/a",
        ):
            for method in ("GET", "POST"):
                status, _, body = ask(url, path, method)
                assert (status, b"/v1/docs" in body) == (404, True), path
        status, headers, _ = ask(url, "/")
        assert (status, headers["location"]) == (307, "/v1/docs")
        for path in ("/v1/health", "/v1/docs", "/metrics", "/llms.txt", "/gradio_api/mcp/server-card"):
            assert ask(url, path)[0] == 200, path


@pytest.mark.parametrize(
    ("host", "allowed", "expected"),
    [
        ("shop.example", ("shop.example",), True),
        ("Shop.Example.:443", ("shop.example",), True),
        ("a.shop.example", ("shop.example",), False),
        ("a.shop.example", ("*.shop.example",), True),
        ("shop.example", ("*.shop.example",), False),
        ("evilshop.example", ("*.shop.example",), False),
        ("anything.example", ("*",), True),
        ("[fe80::1]", ("shop.example",), True),
        ("127.0.0.1.evil.example", ("shop.example",), False),
        ("localhost.evil.example", ("shop.example",), False),
        ("shop.example/evil", ("shop.example",), False),
        ("", ("shop.example",), False),
    ],
)
def test_which_hosts_are_allowed(host: str, allowed: tuple[str, ...], *, expected: bool) -> None:
    assert is_allowed_host(host, allowed) is expected


def test_this_machine_by_its_names() -> None:
    names = ["localhost", "localhost:80", "127.0.0.1:7860", "127.9.9.9", "[::1]:1", "0.0.0.0:7860"]
    assert all(is_local(each) for each in names)
    assert not any(is_local(each) for each in ["10.0.0.1", "localhost.example", "", "[::2]"])
