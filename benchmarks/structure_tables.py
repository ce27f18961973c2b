"""Simulated tables with known answers: groups that are there, and populations without any.

Each entry draws one table [rows, columns] from a generator and knows the right number of groups, 1 for one
population. ``SEPARABLE`` names those whose groups an analyst could find in that many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial.distance import pdist
from scipy.stats import norm

Floats = NDArray[np.float64]
Draw = Callable[[Generator, int], Floats]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of table.

    Attributes:
        name: of the scenario.
        draw: from a generator and a number of rows to a table.
        k: the right number of groups; 1 for one population.
        group: ``"structured"``, ``"hard"`` (groups that may go unfound), ``"one"``, ``"own"`` and
            ``"kept_back"`` for further shapes of one population, or ``"large"`` for tables of many rows.
    """

    name: str
    draw: Draw
    k: int
    group: str


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


def cloud(r: float, d: int = 2) -> Draw:
    """Draw one normal population with correlation r."""

    def draw(rng: Generator, rows: int) -> Floats:
        covariance = np.full((d, d), r) + (1 - r) * np.eye(d)
        return rng.multivariate_normal(np.zeros(d), covariance, rows)

    return draw


def through(draw: Draw, change: Callable[[Floats], Floats]) -> Draw:
    """Transform what is drawn."""
    return lambda rng, rows: change(draw(rng, rows))


def t_copula_money(rng: Generator, rows: int) -> Floats:
    """Lognormal amounts that depend as a t distribution with three degrees does."""
    from scipy.stats import t

    scale = np.sqrt(3 / rng.chisquare(3, rows))[:, None]
    margins: Floats = norm.ppf(t.cdf(cloud(0.6)(rng, rows) * scale, 3).clip(1e-9, 1 - 1e-9))
    return np.exp(margins)


def one_to_five(rng: Generator, rows: int) -> Floats:
    """Answers 1 to 5 to four related items of one population."""
    return (3 + cloud(0.3, 4)(rng, rows)).round().clip(1, 5)


def zero_inflated(rng: Generator, rows: int) -> Floats:
    """Amounts in three categories; 40% bought nothing in each."""
    return np.exp(rng.normal(4, 1, (rows, 3))) * (rng.random((rows, 3)) > 0.4)


def rfm(rng: Generator, rows: int) -> Floats:
    """Recency in days, number of orders and money of one population of customers."""
    rate = rng.gamma(1.5, 1.0, rows)
    orders = 1 + rng.poisson(2 * rate)
    recency = rng.exponential(200 / (0.5 + rate)).clip(max=365)
    money = orders * np.exp(rng.normal(3.5, 0.6, rows))
    return np.column_stack([recency, orders, money])


def income_and_spend(rng: Generator, rows: int) -> Floats:
    """Yearly income and what is spent of it."""
    income = np.exp(rng.normal(10.5, 0.5, rows))
    return np.column_stack([income, income * rng.beta(2, 6, rows)])


def four_spends(rng: Generator, rows: int) -> Floats:
    """Log amounts spent in four categories by one population."""
    return np.log1p(np.exp(4 + cloud(0.4, 4)(rng, rows)))


def banana(rng: Generator, rows: int) -> Floats:
    """One bent cloud."""
    x = rng.normal(size=rows)
    return np.column_stack([x, x**2 + 0.5 * rng.normal(size=rows)])


def fan(rng: Generator, rows: int) -> Floats:
    """One cloud whose spread grows."""
    x = rng.uniform(0, 1, rows)
    return np.column_stack([x, x * rng.normal(size=rows)])


def triangle(rng: Generator, rows: int) -> Floats:
    """Uniform in a triangle."""
    return np.sort(rng.random((rows, 2)), axis=1)


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


def _structured() -> list[Scenario]:
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


def _one_population() -> list[Scenario]:
    listed: dict[str, Draw] = {
        "uniform 2-D": lambda rng, rows: rng.random((rows, 2)),
        "uniform 5-D": lambda rng, rows: rng.random((rows, 5)),
        "normal r 0": cloud(0),
        "normal r .7": cloud(0.7),
        "normal r .95": cloud(0.95),
        "normal 5-D r .3": cloud(0.3, 5),
        "t3": lambda rng, rows: rng.standard_t(3, (rows, 2)),
        "lognormal r 0": through(cloud(0), np.exp),
        "lognormal r .6": through(cloud(0.6), np.exp),
        "t3 copula, lognormal": t_copula_money,
        "one to five": one_to_five,
        "zero-inflated money": zero_inflated,
        "Poisson": lambda rng, rows: rng.poisson([2, 5, 9], (rows, 3)).astype(float),
        "RFM, raw": rfm,
        "RFM, logs": through(rfm, np.log1p),
        "income and spend": income_and_spend,
        "four spends": four_spends,
        "banana": banana,
        "fan": fan,
        "triangle": triangle,
    }
    return [Scenario(name=name, draw=draw, k=1, group="one") for name, draw in listed.items()]


def _own_shapes() -> list[Scenario]:
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


def scenarios() -> Mapping[str, Scenario]:
    """Return all scenarios by name."""
    planted = Scenario(name="planted 4 groups", draw=blobs(4, 8, 0.01), k=4, group="large")
    every = [*_structured(), *_one_population(), *_own_shapes(), planted]
    return {scenario.name: scenario for scenario in every}


def table(scenario: Scenario, rows: int, seed: int) -> Floats:
    """Draw the table of a scenario; the same name, rows and seed give the same table."""
    mixed = [seed, rows, *scenario.name.encode()]
    return scenario.draw(np.random.default_rng(mixed), rows)
