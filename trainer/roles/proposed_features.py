"""Features proposed in addition to the columns: the logarithm of a skewed amount, the sum of several."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trainer.roles.recognise.column_statistics import NumberFacts
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.formula import Formula
from trainer.schema.schema import Feature


def logarithm(spec: ColumnSpec, features: Sequence[Feature], taken: Collection[str]) -> Feature:
    """The feature ``log1p(column)``: one that is there, or a new one."""
    formula = Formula(f"log1p({spec.name})")
    there = next((each for each in features if each.formula == formula), None)
    label = spec.label if spec.label[1:2].isupper() else spec.label[:1].lower() + spec.label[1:]
    return there or Feature(name=free_name(f"log_{spec.name}", taken), label=f"Log {label}", formula=formula)


def sum_of(specs: Sequence[ColumnSpec], taken: Collection[str]) -> Feature:
    """The feature that adds up columns of spending."""
    formula = Formula(" + ".join(spec.name for spec in specs))
    return Feature(name=free_name("total_spend", taken), label="Total spend", formula=formula)


def why_logarithm(number: NumberFacts) -> str:
    """The figures that justify a logarithm."""
    return f"skew {number.skew:.1f}, {number.skew_log:.1f} as a logarithm"


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or with the first number that makes it one that is not taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
