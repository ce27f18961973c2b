"""Splits docstring entries with several names, such as ``segment, tier: ...``, for the site's reference."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

_ENTRY = re.compile(
    r"^(?P<indent> +)(?P<names>\w+(?:, \w+)+): (?P<text>.*(?:\n(?P=indent) +.*)*)", re.MULTILINE
)


def split_names(docstring: str) -> str:
    """One entry per name, each with the common text."""

    def split(found: re.Match[str]) -> str:
        names = found["names"].split(", ")
        return "\n".join(f"{found['indent']}{name}: {found['text']}" for name in names)

    return _ENTRY.sub(split, docstring)


class SplitNames(Extension):  # type: ignore[misc]  # griffe is in requirements/docs.lock only
    """Applies ``split_names`` to each docstring that griffe reads."""

    def on_object(self, *, obj: Any, **named: Any) -> None:
        """Rewrite the docstring of a module, class, function or attribute."""
        if obj.docstring is not None:
            obj.docstring.value = split_names(obj.docstring.value)
