"""The order of what a browser gets of the page: the first screen, and then what Gradio needs."""

from __future__ import annotations

import re

from service.page.theme import first_head

_GRADIO = b"<script>window.gradio_config"  # where the long part of Gradio's head begins
_END_OF_HEAD = b"</head>"
_SHEET = re.compile(rb'<link rel="stylesheet" crossorigin href="([^"]+)">')
# Before those that Gradio's scripts add there.
_LATE_SHEET = rb"""<script>document.head.append(Object.assign(document.createElement("link"), {
rel: "stylesheet", crossOrigin: "", href: "\1" }));</script>"""

# A proxy may serve the page below a path that Gradio does not know: it asks where the page is.
_ROOT = b"""<script>Object.assign(window.gradio_config, {
root: new URL(".", location.href).href.slice(0, -1) });</script>"""


def first_screen_first(page: bytes, screen: str) -> tuple[bytes, ...]:
    """The page in two parts: all that is needed to see and use the first screen, and the rest.

    Gradio has its configuration in the head, so nothing could be drawn before it has come.

    Args:
        page: as Gradio sends it.
        screen: markup for the beginning of its body; without one the page stays in one part.
    """
    head, gradio, rest = page.partition(_GRADIO)
    scripts, end_of_head, body = rest.partition(_END_OF_HEAD)
    if not (screen and end_of_head):
        return (page,)
    before, opened, content = body.partition(b">")
    first = (head, first_head().encode(), end_of_head, before, opened, screen.encode())
    return b"".join(first), b"".join((gradio, _SHEET.sub(_LATE_SHEET, scripts), _ROOT, content))
