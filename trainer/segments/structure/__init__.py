"""Whether customers form separate groups, how many, and what to offer where they do not.

``choose_k`` is the entry; ``StructureSettings`` says how, ``SegmentNumber`` is the answer.
"""

from trainer.segments.structure.number_of_segments import SegmentNumber, choose_k
from trainer.segments.structure.structure_settings import StructureSettings

__all__ = ["SegmentNumber", "StructureSettings", "choose_k"]
