"""The look: Gradio's theme with the page's accent and fonts, and the style sheet."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from service.page.draw.palette import segment_variables

_SHEET = Path(__file__).with_name("page.css")
_DELIVERY = Path(__file__).parent / "delivery"
_SHEETS = (
    _SHEET,
    Path(__file__).parent / "segments" / "segments.css",
    Path(__file__).with_name("own_data.css"),
    *(_DELIVERY / f"{name}.css" for name in ("first_paint", "other_media")),
)
_FIRST_PAINT = _DELIVERY / "first_paint.js"


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
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in _SHEETS)
    script = _FIRST_PAINT.read_text(encoding="utf-8")
    return f"<style>{segment_variables()}\n{sheets}</style><script>{script}</script>"
