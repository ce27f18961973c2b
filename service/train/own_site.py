"""The pages about one model that somebody trained, in the languages in which they were asked for."""

from __future__ import annotations

import time
from typing import Any

from service.languages.language import ENGLISH, Language
from service.page.delivery.mounted_page import MountedPage


class OwnSite:
    """What is served about one model.

    Args:
        made: the model and what answers about it.
        page: in English.

    Attributes:
        times: when the page in each other language was asked for, by the language's code.
    """

    def __init__(self, made: Any, page: MountedPage) -> None:
        self.made = made
        self.times: dict[str, float] = {}
        self._pages = {ENGLISH.code: page}

    def add(self, language: Language, page: MountedPage) -> None:
        """Serve the page in another language, too."""
        self._pages[language.code] = page
        self.times[language.code] = time.monotonic()

    def asked_for(self, language: Language) -> MountedPage | None:
        """The page in a language, if there is one."""
        if language.code in self.times:
            self.times[language.code] = time.monotonic()
        return self._pages.get(language.code)

    async def end(self, code: str) -> None:
        """Serve the page in a language no longer."""
        self.times.pop(code, None)
        page = self._pages.pop(code, None)
        if page is not None:
            await page.close()

    async def close(self) -> None:
        """Serve none of them any longer."""
        for code in list(self._pages):
            await self.end(code)
