"""A middleware for what a browser loads of the page: smaller, and only once.

Gradio sends the page and its configuration uncompressed, and its scripts without a word on how long they
stay the same. Their names contain their hash, so a browser may keep them for ever.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.languages.language import LANGUAGES, Language, current
from service.page.delivery.link_preview import with_link_preview
from service.page.delivery.page_order import first_screen_first

FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
_PACKED = re.compile(r"/(?:config|theme\.css|gradio_api/info)?")  # whole answers; streams are left alone
_ASKED = "/gradio_api/run/predict"  # by the page itself, for cards of some 20 kB
_ENGLISH = b'lang="en"'  # as Gradio writes it at the page's beginning
_HEAD = b"<head>"
_LANGUAGE = Path(__file__).with_name("page_language.js")
_SMALL = 1024  # bytes; below, packing gains nothing
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:]+\](?::\d{1,5})?")


class PageDelivery:
    """Packs the page, puts its first screen first, and says how long files may be kept.

    Args:
        first_screen: of the page that is served.
        in_languages: whether the page is there in every language.
    """

    def __init__(
        self, app: ASGIApp, *, first_screen: Callable[[], str] = str, in_languages: bool = False
    ) -> None:
        self._app, self._first_screen, self._in_languages = app, first_screen, in_languages
        self._host = os.environ.get("SPACE_HOST", "")  # of a Space, which is behind a proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        method = scope.get("method", "")
        if method in ("GET", "HEAD") and path.startswith(("/assets/", "/static/")):
            await self._app(scope, receive, _kept(send, FOR_EVER if path.startswith("/assets/") else A_DAY))
        elif (method == "GET" and _PACKED.fullmatch(path)) or (method == "POST" and path == _ASKED):
            packing = _Packing(
                self._app, self._address(scope), self._first_screen, in_languages=self._in_languages
            )
            await packing.answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _address(self, scope: Scope) -> str:
        """The page's own address; empty where the request does not say a usable one."""
        if self._host:
            return f"https://{self._host}"
        host = Headers(scope=scope).get("host", "")
        return f"{scope['scheme']}://{host}" if _HOST.fullmatch(host) else ""


def _kept(send: Send, how_long: str) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 206, 304):
            MutableHeaders(scope=message)["Cache-Control"] = how_long
        await send(message)

    return answer


class _Packing:
    """One answer, collected, changed and packed."""

    def __init__(
        self, app: ASGIApp, address: str, first_screen: Callable[[], str], *, in_languages: bool
    ) -> None:
        self._app, self._address, self._in_languages = app, address, in_languages
        self._first_screen = first_screen
        self._pack: Callable[[tuple[bytes, ...], str], tuple[bytes, ...]] = _packed
        self._start: Message = {}
        self._parts: list[bytes] = []

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and send what it answers."""
        self._pack = _pack if scope["method"] == "POST" else _packed

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._start = message
                return
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send(Headers(scope=scope), send)

        await self._app(scope, receive, collect)

    async def _send(self, asked: Mapping[str, str], send: Send) -> None:
        parts: tuple[bytes, ...] = (b"".join(self._parts),)
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html"):
            parts = self._page(parts[0])
        coding = _coding(asked.get("accept-encoding", ""))
        if "content-encoding" not in headers and sum(map(len, parts)) >= _SMALL:
            headers.add_vary_header("Accept-Encoding")
            if coding:
                parts = self._pack(parts, coding)
                headers["Content-Encoding"] = coding
        headers["Content-Length"] = str(sum(map(len, parts)))
        await send(self._start)
        for part in parts:  # a browser may draw the first one while it reads the next
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body"})

    def _page(self, page: bytes) -> tuple[bytes, ...]:
        """The page in its language, in parts of which each is of use without the next."""
        if self._address:
            page = _previewed(page, self._address, current(), in_languages=self._in_languages)
        return first_screen_first(page, self._first_screen())


def _coding(accepted: str) -> str:
    """The better coding of those a client accepts; empty for none."""
    offered = {
        name.strip(): weight.replace(" ", "")
        for name, _, weight in (each.lower().partition(";") for each in accepted.split(","))
    }
    usable = [name for name in ("br", "gzip") if offered.get(name, "q=0") not in ("q=0", "q=0.0")]
    return usable[0] if usable else ""


@cache
def _script() -> bytes:
    """Gradio's language; without its comment."""
    _, script = _LANGUAGE.read_bytes().split(b"\n", 1)
    return b"<script>%b</script>" % script


@lru_cache(maxsize=len(LANGUAGES))
def _previewed(page: bytes, address: str, language: Language, *, in_languages: bool) -> bytes:
    """The page with its language, its link preview and links to the same page in other languages."""
    named = page.replace(_ENGLISH, f'lang="{language.code}" dir="{language.direction}"'.encode(), 1)
    named = named.replace(_HEAD, _HEAD + _script(), 1)
    return with_link_preview(named, address, language, in_languages=in_languages)


def _pack(parts: tuple[bytes, ...], coding: str) -> tuple[bytes, ...]:
    """The parts packed as one body, so that a browser can unpack each before the next has come."""
    if coding == "br":
        finer = brotli.Compressor(quality=7)
        return *(finer.process(each) + finer.flush() for each in parts), bytes(finer.finish())
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return *(packer.compress(each) + packer.flush(zlib.Z_SYNC_FLUSH) for each in parts), packer.flush()


_packed = lru_cache(maxsize=32)(_pack)  # of the page, which is the same for many
