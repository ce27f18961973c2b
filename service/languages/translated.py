"""Modules of texts that are read in the reader's language.

A module of texts has its English texts as constants and calls ``translated(__name__)`` at its end. From then
on ``answer_texts.EMPTY_TITLE`` is the text of the current language's catalogue, a TOML file with a table for
each such module. ``from answer_texts import EMPTY_TITLE`` would be English for ever; a test forbids it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from service.languages.language import ENGLISH, Language, current
from service.languages.plurals import Plural

FOLDER = Path(__file__).with_name("catalogues")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_own = ModuleType.__getattribute__


class TranslatedTexts(ModuleType):
    """A module whose constants are texts in the reader's language."""

    def __getattribute__(self, name: str) -> Any:
        """The text in the current language; everything else as it is."""
        own, language = _own(self, name), current()
        if language is ENGLISH or not name.isupper():
            return own
        return catalogue(language)[section(_own(self, "__name__"))].get(name, own)


def translated(module: str) -> None:
    """Let a module of texts be read in the reader's language."""
    sys.modules[module].__class__ = TranslatedTexts


def section(module: str) -> str:
    """The table of a module in the catalogues."""
    return module.rpartition(".")[2]


@cache
def catalogue(language: Language) -> Mapping[str, Mapping[str, Any]]:
    """The texts of a language: table -> constant -> text, texts by key, or forms by count."""
    text = (FOLDER / f"{language.code}.toml").read_text(encoding="utf-8")
    if language.direction == "rtl":
        text = isolated(text)
    return {
        name: {key: _value(own) for key, own in table.items()} for name, table in tomllib.loads(text).items()
    }


def isolated(text: str) -> str:
    """Text from right to left, in which what replaces a placeholder keeps a direction of its own (UAX 9)."""
    return _PLACEHOLDER.sub("\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}", text)


def _value(own: Any) -> Any:
    if isinstance(own, list):
        return tuple(map(_value, own))
    return Plural(**own) if isinstance(own, dict) and "other" in own else own
