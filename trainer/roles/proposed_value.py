"""The value column of a table: what may be one, its negative cells, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import counted, quoted
from trainer.roles.clustering_columns import Candidate
from trainer.roles.recognise.business_meaning import propose_value
from trainer.roles.recognise.spend_columns import spend_columns
from trainer.roles.settings.role_settings import Roles
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.meanings import NEVER_VALUE, VALUE, WORSE
from trainer.schema.table_remedies import DeclareColumn


def possible_values(candidates: Sequence[Candidate], specs: Mapping[str, ColumnSpec]) -> list[Candidate]:
    """The columns that may be value, or a part of it: none of costs, refunds, claims, debts and the like."""
    return [
        each
        for each in candidates
        if specs[each.name].meaning not in NEVER_VALUE and specs[each.name].direction != WORSE
    ]


def find_value(candidates: Sequence[Candidate], roles: Roles) -> tuple[str | None, tuple[str, ...]]:
    """The value column that is proposed, and the spending columns that can be summed.

    A column that the user gave the meaning ``"value"`` comes first.
    """
    said = {name for name, each in roles.settings().items() if each.meaning == VALUE}
    value = next((each.name for each in candidates if each.name in said), None) or propose_value(candidates)
    parts = spend_columns(candidates) or spend_columns([each for each in candidates if each.name != value])
    return value, parts


def refuse_cost(specs: Mapping[str, ColumnSpec], wanted: str | None, value: str | None) -> None:
    """Refuse a value column that the user named and that is known to cost money.

    Raises:
        InputError: when its total would make the costliest customers the premium ones.
    """
    spec = specs.get(value or "")
    if not wanted or spec is None or (spec.meaning not in NEVER_VALUE and spec.direction != WORSE):
        return
    about = spec.meaning if spec.meaning in NEVER_VALUE else "what is worse the more of it there is"
    raise InputError(
        f"the value column must be what customers are worth, but {quoted(spec.header)} is about "
        f"{about}; segments with much of it would be called premium",
        remedies=[
            FixInput(action="name another column"),
            DeclareColumn(column=spec.name, setting="meaning", example=VALUE),
        ],
    )


def negative_notes(candidates: Sequence[Candidate], names: Collection[str | None]) -> Iterator[str]:
    """How many cells of the value column, or of the columns it sums, are negative."""
    for each in candidates:
        if each.name in names and each.number.negative:
            yield (
                f"{counted(each.number.negative, 'value')} of {each.header!r} below 0: they count as they "
                "are, so that returns lower the value of a segment"
            )
