# ruff: noqa: RUF002 - words in their own scripts
"""What a column means, from its header in ten languages, Japanese or Chinese: one table, read from the top.

The order decides: what costs money comes before what earns it, so that a refund is never taken for spending,
and longer stories before shorter ones, so that "days since the last order" is no number of orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from trainer.roles.recognise.header_words import header_text, says
from trainer.roles.recognise.meaning_words import BIRTH, MEANINGS, SCORE
from trainer.schema import meanings as m


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What a header means.

    Attributes:
        phrase: the words that were found; empty where nothing was recognised.
        english: whether they are English, so that the header's own words can be used in a name.
    """

    meaning: str
    direction: str
    phrase: str = ""
    english: bool = True


@lru_cache(maxsize=10_000)
def recognise(header: str) -> Recognised:
    """What a column means, by its header.

    >>> recognise("Days since last order").meaning, recognise("refund_amount").meaning
    ('recency', 'returns')
    >>> recognise("Jahresumsatz (EUR)").meaning, recognise("дней с последнего заказа").meaning
    ('value', 'recency')
    >>> recognise("recency score").direction, recognise("shoe size").meaning
    ('more is better', 'none')
    """
    for meaning, english, elsewhere in MEANINGS:
        for known in (english, elsewhere):
            found = says(header, known)
            if found and not _other_story(header, meaning, found):
                direction = m.DEFAULT_DIRECTIONS[meaning]
                if meaning == m.RECENCY and says(header, SCORE):
                    direction = m.BETTER
                return Recognised(
                    meaning=meaning, direction=direction, phrase=found, english=known is english
                )
    return Recognised(meaning=m.NO_MEANING, direction=m.NEUTRAL)


def says_birth(header: str) -> bool:
    """Whether a header is about a birth: a late date or year is that of a younger customer."""
    return bool(says(header, BIRTH))


def _other_story(header: str, meaning: str, found: str) -> bool:
    """Whether a word that was found means something else in this header."""
    text = f" {header_text(header)} "
    if meaning == m.COMPLAINTS and found in ("ticket", "tickets"):
        return " ticket size " in text or " average ticket " in text or " ticket medio " in text
    if meaning == m.COST and found in ("loss", "losses", "fine", "fines", "fee", "fees"):
        return " weight loss " in text
    if meaning == m.DEBT and found == "late":
        return " late night " in text
    if meaning == m.RETURNS and found in ("return", "returned"):
        return " returning " in text or " return visit " in text or " return customer " in text
    if meaning == m.CHURN and found in ("quit", "lapsed"):
        return " days " in text
    return meaning == m.VALUE and bool(says(header, SCORE))
