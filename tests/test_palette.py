"""Checks that segment colours differ from the cards and from each other, for every colour vision."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from service.page.draw.palette import DARK, LIGHT, segment_style

CARDS = {"light": "#ffffff", "dark": "#171b22"}
PALETTES = {"light": LIGHT, "dark": DARK}


def linear(colours: tuple[str, ...]) -> NDArray[np.float64]:
    """Linear RGB ``[N, 3]`` of hexadecimal colours."""
    coded = (
        np.array([[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in colours]) / 255
    )
    return np.asarray(np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4))


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab (Ottosson 2020) of linear RGB ``[N, 3]``."""
    cones = np.cbrt(
        np.clip(rgb, 0, 1)
        @ np.array(
            [
                [0.4122214708, 0.2119034982, 0.0883024619],
                [0.5363325363, 0.6806995451, 0.2817188376],
                [0.0514459929, 0.1073969566, 0.6299787005],
            ]
        )
    )
    return np.asarray(
        cones
        @ np.array(
            [
                [0.2104542553, 1.9779984951, 0.0259040371],
                [0.7936177850, -2.4285922050, 0.7827717662],
                [-0.0040720468, 0.4505937099, -0.8086757660],
            ]
        )
    )


# Machado, Oliveira and Fernandes (2009), severity 1: normal, protanopia, deuteranopia, tritanopia.
SIGHTS = (
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_segment_colours_stand_out_from_the_cards(mode: str) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    card, colours = linear((CARDS[mode],)) @ weights, linear(PALETTES[mode]) @ weights
    contrast = (np.maximum(card, colours) + 0.05) / (np.minimum(card, colours) + 0.05)
    assert contrast.min() >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("first", "distance"), [(5, 0.07), (10, 0.06)])
def test_segment_colours_differ_for_every_kind_of_colour_vision(
    mode: str, first: int, distance: float
) -> None:
    rgb = linear(PALETTES[mode][:first])
    for sight in SIGHTS:
        seen = oklab(rgb @ np.array(sight).T)
        apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1) + np.eye(first)
        assert apart.min() >= distance


def test_a_segment_keeps_its_colour_whatever_its_number() -> None:
    assert segment_style(3) == "--seg:var(--seg-3)"
    assert segment_style(13) == segment_style(3)
