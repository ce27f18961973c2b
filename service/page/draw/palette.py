"""One colour for each segment, the same everywhere, and the page's own colours.

The ten segment colours were chosen by their smallest distance in OKLab over normal sight, protanopia,
deuteranopia and tritanopia (Machado 2009): at least 0.07 among the first five and 0.06 among all ten,
each with a contrast of 3:1 or more against the cards of its mode. Names are always next to them.
"""

from __future__ import annotations

LIGHT = (
    "#0f8674", "#2244b4", "#c67d0a", "#8c0f4e", "#7a8aa2",
    "#a15acf", "#b84412", "#40a35c", "#246d85", "#44360d",
)  # fmt: skip
DARK = (
    "#66e6c4", "#6484ea", "#f0a132", "#dc4674", "#a3adc2",
    "#9358ac", "#de7949", "#e1f169", "#9deff3", "#c8ac87",
)  # fmt: skip


def segment_style(segment_id: int) -> str:
    """A style attribute that gives an element the segment's colour as ``--seg``."""
    return f"--seg:var(--seg-{segment_id % len(LIGHT)})"


def segment_variables() -> str:
    """CSS that defines ``--seg-0`` to ``--seg-9`` for the light and the dark page."""
    modes = {":root": LIGHT, ".dark": DARK}
    return "\n".join(
        f"{selector} {{ {' '.join(f'--seg-{index}: {colour};' for index, colour in enumerate(colours))} }}"
        for selector, colours in modes.items()
    )
