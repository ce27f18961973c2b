"""Promises a model card that reads as part of the page."""

from __future__ import annotations

import re

from service.model_files import CARD, readable
from tests.conftest import ROOT


def test_the_card_has_no_front_matter_no_pictures_and_no_heading_of_the_first_level() -> None:
    card = (ROOT / "artifacts" / CARD).read_text(encoding="utf-8")
    read = readable(card)
    assert read.startswith("## ")
    assert "![" in card
    assert "![" not in read
    prose = re.sub(r"^```.*?^```", "", read, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"^# ", prose, flags=re.MULTILINE)
    assert read.count("\n### ") == card.count("\n## ")


def test_a_comment_in_code_is_no_heading() -> None:
    assert "\n# a comment\n" in readable("# Title\n\n```python\n# a comment\n```\n")
