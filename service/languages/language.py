"""The languages of the page, and the one in which the running request is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from service.languages.plurals import arabic, english, french, none, spanish

NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language and its forms, those of the Unicode CLDR.

    Attributes:
        code: of BCP 47; name: in the language itself.
        plural: the category of a count.
        group, decimal: the marks in numbers; least_grouped: digits from which on they are grouped.
        percent: what follows the number; date: for ``strftime``.
        comma, last: what is between the items of a list.
        colon: what follows a term before its meaning; stop: what ends a sentence.
        direction: of its script.
    """

    code: str
    name: str
    plural: Callable[[int], str]
    group: str = ","
    decimal: str = "."
    least_grouped: int = 4
    percent: str = "%"
    date: str = "%Y-%m-%d"
    comma: str = ", "
    colon: str = ": "
    stop: str = "."
    last: str
    direction: str = "ltr"


ENGLISH = Language(code="en", name="English", plural=english, last=" and ")
OTHERS = (
    Language(
        code="de",
        name="Deutsch",
        plural=english,
        group=".",
        decimal=",",
        percent=f"{WIDE}%",
        date="%d.%m.%Y",
        last=" und ",
    ),
    Language(
        code="es",
        name="Español",
        plural=spanish,
        group=".",
        decimal=",",
        least_grouped=5,
        percent=f"{WIDE}%",
        date="%d/%m/%Y",
        last=" y ",
    ),
    Language(
        code="fr",
        name="Français",
        plural=french,
        group=NARROW,
        decimal=",",
        percent=f"{NARROW}%",
        date="%d/%m/%Y",
        colon=f"{WIDE}: ",
        last=" et ",
    ),
    Language(
        code="ja",
        name="日本語",
        plural=none,
        date="%Y/%m/%d",
        comma="、",
        last="、",
        colon="\N{FULLWIDTH COLON}",
        stop="。",
    ),
    Language(
        code="ar",
        name="العربية",
        plural=arabic,
        date="%d/%m/%Y",
        comma=" و",
        last=" و",
        direction="rtl",
    ),
)
LANGUAGES = {each.code: each for each in (ENGLISH, *OTHERS)}

_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current() -> Language:
    """The reader's language; English where nobody said another one."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Answer in a language: in this task or thread, and in those that it starts."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def root() -> str:
    """The way from the page to the one in English, which is above the others."""
    return "./" if current() is ENGLISH else "../"


def apart(text: str) -> str:
    """A text that keeps its own direction where the language runs from right to left (UAX 9)."""
    if current().direction == "ltr":
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def term(text: str) -> str:
    """A term before its meaning.

    Example:
        >>> term("Size")
        'Size: '
    """
    return f"{text}{current().colon}"


def sentence(text: str) -> str:
    """A text as a sentence.

    Example:
        >>> sentence("basket 80 k$")
        'basket 80 k$.'
    """
    return f"{text}{current().stop}"


def listed(items: Iterable[object]) -> str:
    """Items as a list in a sentence of the reader's language.

    Example:
        >>> listed(["plan", "orders", "basket"])
        'plan, orders and basket'
    """
    *first, final = [apart(str(item)) for item in items]
    language = current()
    return f"{language.comma.join(first)}{language.last}{final}" if first else final
