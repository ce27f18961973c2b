"""Converts one object of the contract's JSON to a dataclass; unknown keys are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

Entry = TypeVar("Entry")


def read_entry(kind: type[Entry], entry: Mapping[str, Any], **read: Any) -> Entry:
    """An instance of the dataclass ``kind``; unknown keys are ignored, so that newer files can be read.

    Args:
        read: fields that are not the JSON's own value, already converted.

    Raises:
        TypeError: when a field without a default is missing.
    """
    known = {each.name: entry[each.name] for each in fields(kind) if each.name in entry}  # type: ignore[arg-type]  # a dataclass by contract
    return kind(**{**known, **read})
