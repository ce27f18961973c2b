"""Writes src/words: the words of the static page, a file for each language, and those that it reads in files.

Usage: python examples/browser/words.py

The words are kept once, in service/page/texts and service/languages/catalogues; those for missing cells and
totals in inference/files. A file has the words that the page's source asks for, and its language's marks.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # a script's own folder is on the path, the project's is not

from inference.files.columns.missing_words import CERTAIN_WORDS, NUMERIC_WORDS  # noqa: E402 - see above
from inference.files.read.layout.words_about_tables import TOTAL_WORDS  # noqa: E402 - see above
from service.languages.language import LANGUAGES, Language, speaking  # noqa: E402 - see above
from service.languages.plurals import Plural  # noqa: E402 - see above
from service.page.texts import (  # noqa: E402 - see above
    answer_texts,
    decision_map_texts,
    form_texts,
    frame_texts,
    model_texts,
    score_texts,
    static_page_texts,
)

SOURCES = HERE / "src"
WORDS = SOURCES / "words"
MODULES = (
    frame_texts,
    form_texts,
    answer_texts,
    decision_map_texts,
    score_texts,
    model_texts,
    static_page_texts,
)
MARKS = ("code", "group", "decimal", "least_grouped", "percent", "date", "comma", "last", "colon", "stop")
_ASKED = re.compile(r'\bwords\.([A-Z_]+)|data-(?:words|label)="([A-Z_]+)"')


def files() -> dict[str, str]:
    """The content of each file by its name."""
    asked = asked_for()
    own = {f"{each.code}.json": words_in(each, asked) for each in LANGUAGES.values()}
    return {**own, "languages.json": languages(), "cells.json": cells()}


def asked_for() -> set[str]:
    """The names of the words in the source of the page."""
    sources = [*SOURCES.rglob("*.js"), SOURCES / "index.html"]
    found = [_ASKED.findall(path.read_text(encoding="utf-8")) for path in sources]
    return {name or other for each in found for name, other in each}


def words_in(language: Language, asked: set[str]) -> str:
    """The words in a language, and how it writes numbers, dates and lists."""
    with speaking(language):
        found = {name: _plain(text) for module in MODULES for name, text in _texts(module) if name in asked}
    marks = {name: getattr(language, name) for name in MARKS}
    return _written({"LANGUAGE": {**marks, "direction": language.direction}, **found})


def languages() -> str:
    """The languages of the page, in the order of the switch."""
    listed = [{"code": each.code, "name": each.name, "dir": each.direction} for each in LANGUAGES.values()]
    return _written(listed)


def cells() -> str:
    """Words in files that mean that a cell is missing, or a row contains totals."""
    totals = sorted({word for named in TOTAL_WORDS.values() for word in named})
    return _written(
        {"CERTAIN_MISSING": CERTAIN_WORDS, "NUMERIC_MISSING": NUMERIC_WORDS, "TOTAL_WORDS": totals}
    )


def _texts(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The texts of a module in the current language."""
    return ((name, getattr(module, name)) for name in vars(module) if name.isupper())


def _plain(text: Any) -> Any:
    """A text about a count as its forms; every other as it is."""
    return {form: own for form, own in vars(text).items() if own} if isinstance(text, Plural) else text


def _written(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    WORDS.mkdir(exist_ok=True)
    for name, content in files().items():
        (WORDS / name).write_text(content, encoding="utf-8")
