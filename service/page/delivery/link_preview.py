"""What other sites show of a link to the page: its title, a sentence and a picture, in place of Gradio's own.

The tags are those of https://ogp.me; messengers and social networks read them.
"""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from service.page.draw.markup import element
from service.page.texts import frame_texts

PICTURE = Path(__file__).with_name("preview.png")
PICTURE_PATH = "/preview.png"
PICTURE_SIZE = (1200, 630)  # pixels, as most readers want it
_THEIRS = re.compile(rb'<meta\s+(?:property="og:|name="(?:twitter:|description"))[^>]*>\s*')
_HEAD = b"<head>"


def with_link_preview(page: bytes, address: str) -> bytes:
    """The page with our tags in place of those it has.

    Args:
        address: of the page, absolute and without a slash at its end.
    """
    width, height = PICTURE_SIZE
    named = {
        "og:type": "website",
        "og:title": frame_texts.HEADING,
        "og:description": frame_texts.LEAD,
        "og:url": f"{address}/",
        "og:image": f"{address}{PICTURE_PATH}",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": frame_texts.PREVIEW_ALT,
    }
    tags = [element("meta", property=name, content=text) for name, text in named.items()]
    tags += [
        element("meta", name="description", content=frame_texts.LEAD),
        element("meta", name="twitter:card", content="summary_large_image"),
    ]
    ours = "".join(tags).encode()
    return _THEIRS.sub(b"", page).replace(_HEAD, _HEAD + ours, 1)


async def picture(_: Request) -> Response:
    """The picture of the link preview."""
    return FileResponse(PICTURE, headers={"Cache-Control": "public, max-age=86400"})
