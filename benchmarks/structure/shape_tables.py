"""Simulated tables of one population in unusual shapes; those kept back were run only in the end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.structure.population_tables import cloud
from benchmarks.structure.scenario import Draw, Floats, Scenario


def curve(along: Callable[[Floats], tuple[Floats, Floats]], noise: float) -> Draw:
    """Draw rows uniformly along a curve given on [0, 1], with noise."""

    def draw(rng: Generator, rows: int) -> Floats:
        return np.column_stack(along(rng.random(rows))) + noise * rng.normal(size=(rows, 2))

    return draw


def cross(rng: Generator, rows: int) -> Floats:
    """Two lines that cross."""
    table: Floats = 0.07 * rng.normal(size=(rows, 2))
    table[np.arange(rows), rng.integers(0, 2, rows)] += rng.uniform(-1, 1, rows)
    return table


def shell(rng: Generator, rows: int) -> Floats:
    """The surface of a ball."""
    ball: Floats = unit_vectors(rng, rows, 3) * (1 + 0.08 * rng.normal(size=(rows, 1)))
    return ball


def disc(rng: Generator, rows: int) -> Floats:
    """Uniform in a circle."""
    filled: Floats = unit_vectors(rng, rows, 2) * np.sqrt(rng.random((rows, 1)))
    return filled


def unit_vectors(rng: Generator, rows: int, d: int) -> Floats:
    """Directions, all equally likely."""
    drawn = rng.normal(size=(rows, d))
    units: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return units


def spiral(along: Floats) -> tuple[Floats, Floats]:
    """One turn and a half, outwards."""
    angle = 3 * np.pi * along
    return (0.3 + along) * np.cos(angle), (0.3 + along) * np.sin(angle)


def s_curve(along: Floats) -> tuple[Floats, Floats]:
    """Two three-quarter circles of opposite turn."""
    angle = 3 * np.pi * (along - 0.5)
    return np.sin(angle), np.sign(angle) * (np.cos(angle) - 1)


def swiss_roll(rng: Generator, rows: int) -> Floats:
    """A rolled sheet in three columns."""
    angle = 1.5 * np.pi * (1 + 2 * rng.random(rows))
    return np.column_stack([angle * np.cos(angle), 20 * rng.random(rows), angle * np.sin(angle)])


def tee(rng: Generator, rows: int) -> Floats:
    """A bar and a stem that meet."""
    stem = rng.random(rows) < 0.4
    along = rng.uniform(-1, 1, rows)
    table = np.column_stack([np.where(stem, 0, along), np.where(stem, -(along + 1) / 2 * 1.4, 0)])
    return table + 0.07 * rng.normal(size=(rows, 2))


def comet(rng: Generator, rows: int) -> Floats:
    """A dense head with a long thin tail."""
    along = rng.exponential(1, rows)
    return np.column_stack([along, 0.15 * rng.normal(size=rows) * (1 + along)])


def own_shapes() -> list[Scenario]:
    """Further shapes of one population: ``"own"`` and ``"kept_back"``."""
    turn = 2 * np.pi
    listed: dict[str, Draw] = {
        "S-curve": curve(s_curve, 0.1),
        "half-moon": curve(lambda t: (np.cos(turn / 2 * t), np.sin(turn / 2 * t)), 0.1),
        "ring": curve(lambda t: (np.cos(turn * t), np.sin(turn * t)), 0.12),
        "cross of lines": cross,
        "V shape": curve(lambda t: (2 * t - 1, np.abs(2 * t - 1)), 0.08),
        "shell": shell,
        "saturating": curve(lambda t: (t, 1 - np.exp(-5 * t)), 0.08),
        "gamma": lambda rng, rows: rng.gamma(1.2, 1, (rows, 3)) + rng.gamma(1, 1, (rows, 1)),
        "t2": lambda rng, rows: rng.standard_t(2, (rows, 2)),
        "exponential": lambda rng, rows: rng.exponential(1, (rows, 2)),
    }
    kept_back: dict[str, Draw] = {
        "spiral": curve(spiral, 0.06),
        "horseshoe": curve(lambda t: (np.cos(0.8 * turn * t), np.sin(0.8 * turn * t)), 0.12),
        "L bend": curve(lambda t: (np.maximum(2 * t - 1, 0), np.maximum(1 - 2 * t, 0)), 0.08),
        "wave": curve(lambda t: (3 * t, np.sin(turn * 1.5 * t)), 0.12),
        "tee": tee,
        "comet": comet,
        "swiss roll": swiss_roll,
        "steep parabola": curve(lambda t: (2 * t - 1, 3 * (2 * t - 1) ** 2), 0.12),
        "disc": disc,
        "normal 12-D r .3": cloud(0.3, 12),
    }
    return [Scenario(name=name, draw=draw, k=1, group="own") for name, draw in listed.items()] + [
        Scenario(name=name, draw=draw, k=1, group="kept_back") for name, draw in kept_back.items()
    ]
