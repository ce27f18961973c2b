"""Writes src/words.json: every word of the page that the server's page has, too.

Usage: python examples/browser/words.py

The words are kept once, in service/page/texts; those for missing cells and
totals in inference/files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # a script's own folder is on the path, the project's is not

from inference.files.columns.missing_words import CERTAIN_WORDS, NUMERIC_WORDS  # noqa: E402 - see above
from inference.files.read.layout.words_about_tables import TOTAL_WORDS  # noqa: E402 - see above
from service.languages.plurals import Plural  # noqa: E402 - see above
from service.page.texts import (  # noqa: E402 - see above
    answer_texts,
    decision_map_texts,
    form_texts,
    frame_texts,
    model_texts,
    score_texts,
)

WORDS = HERE / "src" / "words.json"
MODULES = (frame_texts, form_texts, answer_texts, decision_map_texts, score_texts, model_texts)


def words() -> str:
    """The content of the file."""
    found = {name: text for module in MODULES for name, text in _texts(module).items()}
    found |= {"CERTAIN_MISSING": CERTAIN_WORDS, "NUMERIC_MISSING": NUMERIC_WORDS}
    found["TOTAL_WORDS"] = sorted({word for named in TOTAL_WORDS.values() for word in named})
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _texts(module: ModuleType) -> dict[str, Any]:
    """The texts of a module; of one with a form for one, that form has a name of its own."""
    found: dict[str, Any] = {}
    for name, text in vars(module).items():
        if isinstance(text, Plural):
            found |= {f"{name}_ONE": text.one, name: text.other}
        elif name.isupper():
            found[name] = text
    return found


if __name__ == "__main__":
    WORDS.write_text(words(), encoding="utf-8")
