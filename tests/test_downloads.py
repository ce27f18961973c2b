"""Checks that the model card fits into the page."""

from __future__ import annotations

import re

from service.page.downloads import CARD, as_markup, readable
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


def test_its_tables_and_code_scroll_from_the_keyboard_and_html_in_it_is_text() -> None:
    made = as_markup("# Title\n\n| a | b |\n| - | - |\n| <b>1</b> | 2 |\n\n```python\nx = 1\n```\n")
    assert 'tabindex="0"><table>' in made
    assert '<pre tabindex="0">' in made
    assert "&lt;b&gt;1" in made
    assert "<b>" not in made


def test_a_comment_in_code_is_no_heading() -> None:
    assert "\n# a comment\n" in readable("# Title\n\n```python\n# a comment\n```\n")
