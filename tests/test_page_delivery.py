"""Checks how the page reaches a browser: packed, kept, and with its own link preview."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit

import brotli
import pytest

from inference import Segmenter
from service.page.delivery.page_delivery import PageDelivery
from service.page.delivery.page_order import first_screen_first
from service.page.texts import frame_texts
from tests.browsing import served
from tests.server import ask

FIRST_PACKETS = (
    10 * 1460
)  # bytes that a server sends before it waits for a browser; headers take some of them


@pytest.fixture(scope="module")
def url(published: Segmenter) -> Iterator[str]:
    with served(published) as address:
        yield address


async def nothing(*_: object) -> None:
    """An application that does nothing."""


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/info"])
@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_page_and_configuration_are_packed(
    url: str, path: str, accepted: str, coding: str, unpack: type[bytes]
) -> None:
    _, _, plain = ask(url, path, Accept_Encoding="identity")
    status, headers, body = ask(url, path, Accept_Encoding=accepted)
    assert (status, headers["content-encoding"]) == (200, coding)
    assert "accept-encoding" in headers["vary"].lower().split(", ")
    assert len(body) < len(plain) / 2
    assert len(unpack(body)) == len(plain)


def begun_brotli(body: bytes) -> bytes:
    """What the beginning of a packed body holds; it comes in pieces."""
    packed = brotli.Decompressor()
    found = bytes(packed.process(body))
    while piece := packed.process(b""):
        found += piece
    return found


@pytest.mark.parametrize(
    ("coding", "more", "unpack"),
    [
        ("br", 0, begun_brotli),
        ("gzip", 1024, lambda body: zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body)),
    ],
)
def test_the_first_packets_hold_all_of_the_first_screen(
    url: str, coding: str, more: int, unpack: Callable[[bytes], bytes]
) -> None:
    body = ask(url, "/", Accept_Encoding=coding)[2]
    begun = unpack(body[: FIRST_PACKETS + more]).decode(errors="ignore")
    screen = begun[begun.index('id="first-screen"') :]
    assert screen.index('data-name="annual_income"') < screen.index("</template>") < screen.index("</script>")


def test_every_page_names_its_files_below_the_path_of_a_proxy(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/shop")
    with served(published) as address:
        for path in ("/", "/de/"):
            page = ask(address, path, Accept_Encoding="identity")[2].decode()
            assert re.findall(r'"url":"https?://[^/"]+([^"]*)/file=', page) == [f"/shop{path}gradio_api"]


def test_the_first_screen_comes_before_everything_of_gradio(url: str) -> None:
    page = ask(url, "/de/")[2].decode()
    screen, gradio = page.split("<script>window.gradio_config")
    for late in ('<script type="module"', "/assets/", "<gradio-app"):
        assert late not in screen
        assert late in gradio
    assert "Was wissen Sie" in screen
    assert screen.count("<body") == page.count("<body") == page.count("</head>") == 1


def test_the_pages_own_answers_are_packed(url: str, published: Segmenter) -> None:
    page = ask(url, "/")[2].decode()
    found = re.search(r'data-asks="([^"]*)"', page)
    assert found is not None
    asks = json.loads(unescape(found[1]))
    body = {"fn_index": asks["shown"], "data": [*asks["before"], asks["customer"], *asks["after"]]}
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
    connection.request("POST", "/gradio_api/run/predict", json.dumps(body), headers)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-encoding")) == (200, "gzip")
    headline, *_ = json.loads(gzip.decompress(answer.read()))["data"]
    assert published.predict(**asks["customer"]).segment in headline
    connection.close()


def test_a_page_without_a_first_screen_stays_as_it_is() -> None:
    page = b"<head><script>window.gradio_config = {};</script></head><body></body>"
    assert first_screen_first(page, "") == (page,)
    assert first_screen_first(b"<p>Another page</p>", "<i>") == (b"<p>Another page</p>",)


def test_who_accepts_nothing_gets_it_plain(url: str) -> None:
    status, headers, body = ask(url, "/")
    assert (status, headers.get("content-encoding")) == (200, None)
    assert int(headers["content-length"]) == len(body)


def test_files_with_their_hash_in_the_name_are_kept_for_ever(url: str) -> None:
    page = ask(url, "/")[2].decode()
    name = re.findall(r"assets/[^\"']+\.js", page)[0]
    assert ask(url, f"/{name}")[1]["cache-control"] == "public, max-age=31536000, immutable"
    status, headers, _ = ask(url, "/assets/none-such.js")
    assert (status, headers.get("cache-control")) == (404, None)


def test_a_link_shows_our_title_sentence_and_picture(url: str) -> None:
    page = ask(url, "/")[2].decode()
    tags = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))
    assert tags["og:title"] == frame_texts.HEADING
    assert tags["og:description"] == tags["description"] == frame_texts.LEAD
    assert tags["og:url"] == f"{url}/"
    assert page.count("og:title") == page.count('og:image"') == 1
    assert "gradio-app" not in "".join(tags.values())
    assert "@" not in "".join(tags.values())
    picture = tags["og:image"].removeprefix(url)
    status, headers, body = ask(url, picture)
    assert (status, headers["content-type"]) == (200, "image/png")
    size = [int.from_bytes(body[at : at + 4], "big") for at in (16, 20)]
    assert size == [int(tags["og:image:width"]), int(tags["og:image:height"])]


def test_a_host_that_is_no_host_is_not_repeated() -> None:
    scope = {"scheme": "http", "headers": [(b"host", b'evil"><script>')]}
    assert PageDelivery(nothing)._address(scope) == ""


def test_on_a_space_the_address_is_that_of_the_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_HOST", "owner-name.hf.space")
    scope = {"scheme": "http", "headers": [(b"host", b"10.0.0.1:7860")]}
    assert PageDelivery(nothing)._address(scope) == "https://owner-name.hf.space"
