"""Whether clients of one model can go on with another: what they may send must still be understood."""

from __future__ import annotations

from collections.abc import Iterator

from inference.contract.columns import Column
from inference.contract.contract import Contract
from inference.wording import quoted, quoted_names


def broken_promises(old: Contract, new: Contract) -> list[str]:
    """What a client of the old model may send that the new one refuses, or takes for something else.

    Returns:
        Sentences; empty when every customer of the old model has the same meaning for the new one.
    """
    before, after = ({column.name: column for column in each.columns} for each in (old, new))
    found = []
    if gone := [name for name in before if name not in after]:
        found.append(f"it does not know {quoted_names(gone)}")
    if needed := [name for name, each in after.items() if name not in before and not each.missing_allowed]:
        found.append(f"it needs {quoted_names(needed)}")
    for name in before.keys() & after.keys():
        found += _changes(before[name], after[name])
    return found


def _changes(old: Column, new: Column) -> Iterator[str]:
    name = quoted(old.name)
    if old.kind != new.kind:
        yield f"{name} is of kind {new.kind} and was {old.kind}"
        return
    if old.unit != new.unit:
        yield f"{name} is in {quoted(new.unit)} and was in {quoted(old.unit)}"
    if old.missing_allowed and not new.missing_allowed:
        yield f"{name} must be known and could be missing"
    known = {each.value for each in new.categories}
    if lost := [each.value for each in old.categories if each.value not in known]:
        yield f"{name} does not have the values {quoted_names(lost)}"
