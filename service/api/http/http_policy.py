"""What holds for every answer on the port: for which hosts, to which other sites, and in which frames.

It stands outside everything else, also outside what Gradio answers itself: Gradio allows every origin, with
credentials, and sends no security headers. https://owasp.org/www-project-secure-headers/ explains them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inference.wording import quoted
from service.api import api_texts as texts
from service.api.problems import Problem
from service.settings import Settings

ANY = "*"
DOCS = "/v1/docs"  # where a visitor is sent who looks for a page
SPACE_FRAMES = ("https://huggingface.co", "https://*.hf.space")  # a Space is shown in a frame of these
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
_POLICY = (  # Gradio makes functions of texts, and its page has scripts inline
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
)
_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_HOST_HEADERS = (b"host", b"x-forwarded-host")
HSTS = b"max-age=31536000"  # where the browser used TLS; names below this one are not ours to decide


class HttpPolicy:
    """The ASGI application around all others.

    Args:
        settings: hosts, origins and frames that are allowed, and whether there is a page.
        on_a_space: whether Hugging Face shows the page in a frame, behind TLS.
    """

    def __init__(self, app: ASGIApp, settings: Settings, *, on_a_space: bool = False) -> None:
        self._app = app
        self._hosts = settings.served_hosts
        self._origins = settings.cors_origins
        self._page = settings.page
        self._secure = on_a_space
        frames = ("'self'", *(SPACE_FRAMES if on_a_space else ()), *settings.frame_ancestors)
        policy = _POLICY.format(ancestors=" ".join(frames))
        self._always = [*_ALWAYS, (b"content-security-policy", policy.encode())]
        if len(frames) == 1:
            self._always.append((b"x-frame-options", b"SAMEORIGIN"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        secure = self._secure or scope["scheme"] in ("https", "wss")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(message, scope, secure=secure)
            await send(message)

        refused = self._refusal(scope)
        if refused is None:
            await self._app(scope, receive, answer)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refused.response("")(scope, receive, answer)

    def _refusal(self, scope: Scope) -> Problem | None:
        """Why a request is not answered at all."""
        if self._hosts:
            for name, value in scope["headers"]:
                host = value.decode("latin-1") if name in _HOST_HEADERS else ""
                if name in _HOST_HEADERS and not is_allowed_host(host, self._hosts):
                    return Problem(421, texts.OTHER_HOST.format(seen=quoted(host)))
        if self._page or _for_programs(scope["path"]):
            return None
        if scope["path"] == "/":
            return Problem(307, texts.NO_PAGE, headers={"Location": DOCS})
        return Problem(404, texts.NO_PAGE)

    def _complete(self, message: Message, scope: Scope, *, secure: bool) -> None:
        own = {name for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(each for each in self._always if each[0] not in own)]
        if secure:
            message["headers"].append((b"strict-transport-security", HSTS))
        if any(name == b"origin" for name, _ in scope["headers"]):
            asked = Headers(scope=scope)
            self._allow_origin(MutableHeaders(scope=message), asked["origin"], asked.get("host", ""))

    def _allow_origin(self, headers: MutableHeaders, origin: str, host: str) -> None:
        """Let an origin of the list read the answer; any origin only without credentials."""
        del headers["Access-Control-Allow-Origin"]
        del headers["Access-Control-Allow-Credentials"]
        if origin.lower() in self._origins:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Credentials"] = "true"
            headers.add_vary_header("Origin")
        elif ANY in self._origins and not (is_local(host) and not is_local(origin.partition("://")[2])):
            headers["Access-Control-Allow-Origin"] = ANY
        if "Access-Control-Allow-Origin" in headers:
            headers["Access-Control-Expose-Headers"] = ", ".join(texts.READABLE_HEADERS)


@lru_cache(maxsize=256)
def is_allowed_host(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether the host of a request is served.

    Numeric addresses and names of this machine always are: another site's name cannot lead to them.

    Args:
        host: with or without a port; of several that proxies passed on, the first counts.
        allowed: names in small letters; ``*.example.com`` for all below; ``*`` for any.
    """
    found = _HOST.fullmatch(host.split(",", maxsplit=1)[0].strip())
    if found is None:
        return False
    name = found["name"].lower().rstrip(".")
    if ANY in allowed or name in allowed or is_local(name) or _is_number(name):
        return True
    return any(each.startswith("*.") and name.endswith(each[1:]) for each in allowed)


def is_local(host: str) -> bool:
    """Whether a host, with or without a port, is this machine by its name."""
    found = _HOST.fullmatch(host)
    name = found["name"].lower().rstrip(".") if found else ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_number(name) and (ip_address(name.strip("[]")).is_loopback or name == "0.0.0.0")  # noqa: S104 - a name seen, not bound


def _is_number(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _for_programs(path: str) -> bool:
    """Whether a path is of REST, MCP, metrics or discovery, and not of the page."""
    return (
        path in ("/v1", "/llms.txt", "/agents.md")
        or path.startswith(("/v1/", "/.well-known/", "/metrics"))
        or path.rstrip("/") == "/gradio_api/mcp"
        or path.startswith("/gradio_api/mcp/")
        or path == "/gradio_api/startup-events"  # by which Gradio starts itself
    )
