"""Numbers in training."""

from __future__ import annotations

from inference.contract import NUMBER
from trainer.schema.kinds.ordered_column import OrderedColumn


class NumberColumn(OrderedColumn):
    """A column of numbers."""

    name = NUMBER
    is_number = True
