"""Simulated tables of one population, as customer tables have them: no number of groups is right but one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from scipy.stats import norm

from benchmarks.structure.scenario import Draw, Floats, Scenario


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


def one_population() -> list[Scenario]:
    """Tables of one population: ``"one"``."""
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
