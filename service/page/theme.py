"""The look: Gradio's theme with the page's accent and fonts, and the style sheet."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from service.page.draw.palette import segment_variables

_HERE = Path(__file__).parent
_DELIVERY = _HERE / "delivery"
_COLOURS, _PAGE = _HERE / "colours.css", _HERE / "page.css"
_OTHER_MEDIA = _DELIVERY / "other_media.css"
_SHEETS = (
    _COLOURS,
    _PAGE,
    _HERE / "tabs.css",
    _HERE / "segments" / "segments.css",
    _HERE / "own_data.css",
    _DELIVERY / "first_paint.css",
    _OTHER_MEDIA,
)
_FIRST_PAINT = _DELIVERY / "first_paint.js"
_UNTIL_GRADIO = """\
html:not(.arrived) gradio-app { position: absolute; inset: 0 0 auto; visibility: hidden; }
.arriving gradio-app * { transition: none !important; }
"""
# The page's fonts are 200 kB. Lines break alike in Arial, and in headings in Arial that is so much larger.
_LIKE_MONTSERRAT = """\
@font-face { font-family: Wide; font-weight: 600; size-adjust: 111%;
src: local("Arial Bold"), local("Arial-BoldMT"), local("Liberation Sans Bold"), local("Roboto Bold"); }
"""


def theme() -> gr.themes.Base:
    """Gradio's plain theme in the page's colours; the style sheet does the rest."""
    local = gr.themes.LocalFont  # these come with Gradio; their SemiBold files hold no Latin letters
    return gr.themes.Base(
        primary_hue=gr.themes.colors.violet,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_lg,
        font=[
            local("IBM Plex Sans", weights=(400, 700)),
            local("Montserrat", weights=(700,)),
            "system-ui",
            "sans-serif",
        ],
        font_mono=[local("IBM Plex Mono", weights=(400,)), "monospace"],
    ).set(
        body_background_fill="#f6f7f9",
        body_background_fill_dark="#0f1217",
        body_text_color="#1a2130",
        body_text_color_dark="#e8ebf0",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
    )


def head() -> str:
    """Style sheets and first script of the page's head; Gradio would prefix selectors passed as CSS."""
    sheets = "\n".join(map(_read, _SHEETS))
    return f"<style>{segment_variables()}\n{sheets}</style><script>{_read(_FIRST_PAINT)}</script>"


def first_head() -> str:
    """What the head needs for the first screen; Gradio adds ``head`` long after."""
    return f"<style>{segment_variables()}\n{_read(_COLOURS)}{_LIKE_MONTSERRAT}{_UNTIL_GRADIO}</style>"


def first_sheet() -> str:
    """The style sheet of what the first screen shows."""
    return f"{_read(_PAGE)}\n{_read(_OTHER_MEDIA)}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
