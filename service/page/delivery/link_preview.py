"""What other sites show of a link to the page: its title, a sentence and a picture, in place of Gradio's own.

The tags are those of https://ogp.me; messengers and social networks read them.
"""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from service.languages.language import ENGLISH, LANGUAGES, Language
from service.page.draw.markup import Markup, element
from service.page.texts import frame_texts

PICTURE = Path(__file__).with_name("preview.png")
PICTURE_PATH = "/preview.png"
PICTURE_SIZE = (1200, 630)  # pixels, as most readers want it
_THEIRS = re.compile(rb'<meta\s+(?:property="og:|name="(?:twitter:|description"))[^>]*>\s*')
_HEAD = b"<head>"


def with_link_preview(
    page: bytes, address: str, language: Language = ENGLISH, *, in_languages: bool = False
) -> bytes:
    """The page with our tags in place of those it has.

    Args:
        address: of the English page, absolute and without a slash at its end.
        language: of the page.
        in_languages: whether the page is there in every language; it then links to the others.
    """
    width, height = PICTURE_SIZE
    named = {
        "og:type": "website",
        "og:title": frame_texts.HEADING,
        "og:description": frame_texts.LEAD,
        "og:url": address_in(address, language),
        "og:image": f"{address}{PICTURE_PATH}",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": frame_texts.PREVIEW_ALT,
    }
    tags = [element("title", frame_texts.PAGE_TITLE)]
    tags += [element("meta", property=name, content=text) for name, text in named.items()]
    tags += [
        element("meta", name="description", content=frame_texts.LEAD),
        element("meta", name="twitter:card", content="summary_large_image"),
    ]
    tags += _alternates(address) if in_languages else []
    ours = "".join(tags).encode()
    return _THEIRS.sub(b"", page).replace(_HEAD, _HEAD + ours, 1)


def address_in(address: str, language: Language) -> str:
    """The address of the page in a language."""
    return f"{address}/" if language is ENGLISH else f"{address}/{language.code}/"


def _alternates(address: str) -> list[Markup]:
    """Links to the page in each language, for search engines; others get the one that chooses."""
    links = [(each.code, address_in(address, each)) for each in LANGUAGES.values()]
    return [
        element("link", rel="alternate", hreflang=code, href=href)
        for code, href in (*links, ("x-default", f"{address}/"))
    ]


async def picture(_: Request) -> Response:
    """The picture of the link preview."""
    return FileResponse(PICTURE, headers={"Cache-Control": "public, max-age=86400"})
