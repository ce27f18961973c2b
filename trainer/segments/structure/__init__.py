"""Whether customers form separate groups, how many, and what to offer where they do not.

``choose_k`` is the entry; ``ChoiceSettings`` says how, ``SegmentNumber`` is the answer.
"""

from trainer.segments.structure.choice_reason import failed_conditions
from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.k_decision import KFigures, Kind, kind_of
from trainer.segments.structure.number_of_segments import SegmentNumber, choose_k

__all__ = [
    "ChoiceSettings",
    "KFigures",
    "Kind",
    "SegmentNumber",
    "choose_k",
    "failed_conditions",
    "kind_of",
]
