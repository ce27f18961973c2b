"""Simulated tables with groups, which an analyst could find in that many rows or may not find."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial.distance import pdist
from scipy.stats import norm

from benchmarks.structure.scenario import Draw, Floats, Scenario


def distance_at(overlap: float) -> float:
    """Distance of two standard normals of which each reaches over the middle with this probability."""
    return float(2 * norm.isf(overlap))


def grown_centres(rng: Generator, k: int, d: int, distance: float) -> Floats:
    """Grow k centres, each at ``distance`` from an earlier one and no nearer to any."""
    centres = np.zeros((1, d))
    while len(centres) < k:
        step = rng.normal(size=d)
        new = centres[rng.integers(len(centres))] + distance * step / np.linalg.norm(step)
        if np.linalg.norm(centres - new, axis=1).min() >= 0.999 * distance:
            centres = np.vstack([centres, new])
    return centres


def members(rng: Generator, rows: int, shares: list[float]) -> NDArray[np.intp]:
    """Draw the group of each row."""
    return rng.choice(len(shares), rows, p=np.array(shares) / sum(shares))


def blobs(k: int, d: int, overlap: float, shares: list[float] | None = None) -> Draw:
    """Draw standard normal groups whose neighbours overlap as given."""

    def draw(rng: Generator, rows: int) -> Floats:
        centres = grown_centres(rng, k, d, distance_at(overlap))
        return centres[members(rng, rows, shares or [1.0] * k)] + rng.normal(size=(rows, d))

    return draw


def placed(centres: list[list[float]], spreads: list[float] | float = 1.0) -> Draw:
    """Draw groups around given centres with given standard deviations."""
    where = np.array(centres, dtype=float)
    sizes = np.broadcast_to(np.asarray(spreads, dtype=float), len(where))

    def draw(rng: Generator, rows: int) -> Floats:
        group = members(rng, rows, [1.0] * len(where))
        return where[group] + sizes[group, None] * rng.normal(size=(rows, where.shape[1]))

    return draw


def with_noise(draw: Draw, columns: int) -> Draw:
    """Add columns of standard normal noise scaled like the first column."""

    def noisy(rng: Generator, rows: int) -> Floats:
        table = draw(rng, rows)
        return np.hstack([table, table[:, :1].std() * rng.normal(size=(rows, columns))])

    return noisy


def on_line(distance: float, shares: list[float]) -> Draw:
    """Draw groups in one column, neighbours at the given distance."""

    def draw(rng: Generator, rows: int) -> Floats:
        group = members(rng, rows, shares)
        return (distance * group + rng.normal(size=rows))[:, None]

    return draw


def parallel_ellipses(rng: Generator, rows: int) -> Floats:
    """Two long groups side by side."""
    group = members(rng, rows, [1, 1])
    return np.column_stack([4 * rng.normal(size=rows), 6 * group + rng.normal(size=rows)])


def crossing_ellipses(rng: Generator, rows: int) -> Floats:
    """A horizontal and a vertical long group next to each other."""
    group = members(rng, rows, [1, 1])
    noise = rng.normal(size=(rows, 2)) * np.where(group[:, None] == 0, [2.0, 0.6], [0.6, 2.0])
    return noise + np.where(group[:, None] == 0, [0.0, 0.0], [6.0, 0.0])


def heavy_tails(rng: Generator, rows: int) -> Floats:
    """Three groups with t3 tails."""
    centres = grown_centres(rng, 3, 2, 7.0)
    return centres[members(rng, rows, [1, 1, 1])] + rng.standard_t(3, size=(rows, 2))


def outlier_column(rng: Generator, rows: int) -> Floats:
    """Three groups at 1% overlap; 1% of the first column is 30 times as large."""
    table = blobs(3, 2, 0.01)(rng, rows) + 5
    rare = rng.choice(rows, max(1, rows // 100), replace=False)
    table[rare, 0] *= 30
    return table


def likert_groups(rng: Generator, rows: int) -> Floats:
    """Answers 1 to 5 to six items; three groups with their own profiles."""
    means = np.array([[1.7, 1.7, 1.7, 4.3, 4.3, 4.3], [4.3, 4.3, 4.3, 1.7, 1.7, 1.7], [4.3] * 6])
    answers = means[members(rng, rows, [1, 1, 1])] + 0.9 * rng.normal(size=(rows, 6))
    return answers.round().clip(1, 5)


def many_columns(columns: int) -> Draw:
    """Draw four groups that differ in every column."""

    def draw(rng: Generator, rows: int) -> Floats:
        centres = rng.normal(size=(4, columns))
        centres *= distance_at(0.01) / pdist(centres).min()
        return centres[members(rng, rows, [1] * 4)] + rng.normal(size=(rows, columns))

    return draw


def binary_groups(rng: Generator, rows: int) -> Floats:
    """Eight yes/no columns; four groups with their own habits."""
    habits = np.full((4, 8), 0.08)
    for group in range(4):
        habits[group, 2 * group : 2 * group + 2] = 0.92
    chances = habits[members(rng, rows, [1] * 4)]
    return (rng.random((rows, 8)) < chances).astype(float)


def moons(rng: Generator, rows: int) -> Floats:
    """Two half-moons that reach into each other."""
    angle = np.pi * rng.random(rows)
    group = members(rng, rows, [1, 1])
    side = np.where(group == 0, 1.0, -1.0)
    table: Floats = np.column_stack(
        [side * np.cos(angle) + (group == 1), side * np.sin(angle) + 0.4 * (group == 1)]
    )
    return table + 0.1 * rng.normal(size=(rows, 2))


def money_groups(rng: Generator, rows: int) -> Floats:
    """Exponentials of three groups: raw amounts of money."""
    return np.exp(0.5 * blobs(3, 2, 0.01)(rng, rows))


def grouped() -> list[Scenario]:
    """Tables with groups: ``"structured"``, and ``"hard"`` where they may go unfound."""
    listed: list[tuple[str, Draw, int, str]] = []
    for k, d in ((2, 2), (3, 2), (5, 2), (6, 2), (8, 2), (5, 4), (8, 4)):
        for percent in (1, 5, 10, 20):
            group = "structured" if percent <= 5 else "hard"
            listed.append((f"{k} blobs {d}-D {percent}%", blobs(k, d, percent / 100), k, group))
    two, three = on_line(distance_at(0.01), [1, 1]), on_line(distance_at(0.01), [1, 1, 1])
    corners = placed([[0, 0], [0, 5], [5, 0], [5, 5]])
    grid = placed([[5.0 * x, 5.0 * y] for x in range(3) for y in range(2)])
    four = blobs(4, 2, 0.01)
    listed += [
        ("shares 6/35/59", blobs(3, 2, 0.01, [6, 35, 59]), 3, "structured"),
        ("shares 6/10/14/25/45", blobs(5, 2, 0.01, [6, 10, 14, 25, 45]), 5, "structured"),
        ("parallel ellipses", parallel_ellipses, 2, "structured"),
        ("crossing ellipses", crossing_ellipses, 2, "structured"),
        ("deviations .4/1/2", placed([[0, 0], [5, 0], [2, 8]], [0.4, 1, 2]), 3, "structured"),
        ("t3 tails", heavy_tails, 3, "structured"),
        ("outlier column", outlier_column, 3, "structured"),
        ("one column, 2 groups", two, 2, "structured"),
        ("one column, 3 groups", three, 3, "structured"),
        ("one column, 20/80", on_line(distance_at(0.01), [20, 80]), 2, "structured"),
        ("2 groups + 1 noise", with_noise(two, 1), 2, "structured"),
        ("2 groups + 3 noise", with_noise(two, 3), 2, "structured"),
        ("3 groups + 1 noise", with_noise(three, 1), 3, "structured"),
        ("3 groups + 3 noise", with_noise(three, 3), 3, "structured"),
        ("four corners", corners, 4, "structured"),
        ("2x3 grid", grid, 6, "structured"),
        ("Likert, 6 items", likert_groups, 3, "structured"),
        ("10 columns", many_columns(10), 4, "structured"),
        ("20 columns", many_columns(20), 4, "structured"),
        ("8 binary columns", binary_groups, 4, "structured"),
        ("4 blobs + 5 noise", with_noise(four, 5), 4, "structured"),
        ("4 blobs + 10 noise", with_noise(four, 10), 4, "hard"),
        ("4 blobs + 20 noise", with_noise(four, 20), 4, "hard"),
        ("moons", moons, 2, "hard"),
        ("raw money, 3 groups", money_groups, 3, "hard"),
    ]
    return [Scenario(name=name, draw=draw, k=k, group=group) for name, draw, k, group in listed]
