"""The same customers by other clustering columns: which sets are tried, and what each of them gives.

``variants`` makes the sets of a table, ``take_alternative`` takes one, ``alternatives`` tries them all.
"""

from trainer.segments.alternatives.evaluated import Alternative, best_first, evaluate_alternatives
from trainer.segments.alternatives.try_alternatives import alternatives
from trainer.segments.alternatives.variants import Variant, take_alternative, variants

__all__ = [
    "Alternative",
    "Variant",
    "alternatives",
    "best_first",
    "evaluate_alternatives",
    "take_alternative",
    "variants",
]
