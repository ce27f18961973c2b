"""The text that some markup shows."""

from __future__ import annotations

import re
from html import unescape


def words(markup: str) -> str:
    """The text of some markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip())
