"""What a column can mean for a customer's story, and in which direction more of it is better."""

from __future__ import annotations

BETTER, WORSE, NEUTRAL = "more is better", "more is worse", "neutral"
DIRECTIONS = (BETTER, WORSE, NEUTRAL)
NO_MEANING = "none"

RECENCY, FREQUENCY, VALUE, TENURE, BASKET = "recency", "frequency", "value", "tenure", "basket"
ENGAGEMENT, DISCOUNT, RETURNS, COMPLAINTS = "engagement", "discount", "returns", "complaints"
DEBT, RISK, COST, CHURN, RESPONSE = "debt", "risk", "cost", "churn", "response"
INCOME, AGE, HOUSEHOLD, SATISFACTION, SENSITIVE = "income", "age", "household", "satisfaction", "sensitive"

DEFAULT_DIRECTIONS = {
    RECENCY: WORSE,  # days since the last purchase; a recency score is "more is better"
    FREQUENCY: BETTER,
    VALUE: BETTER,
    TENURE: BETTER,
    BASKET: BETTER,
    ENGAGEMENT: BETTER,
    DISCOUNT: NEUTRAL,
    RETURNS: WORSE,
    COMPLAINTS: WORSE,
    DEBT: WORSE,
    RISK: WORSE,
    COST: WORSE,
    CHURN: WORSE,
    RESPONSE: BETTER,
    INCOME: BETTER,
    AGE: NEUTRAL,
    HOUSEHOLD: NEUTRAL,
    SATISFACTION: BETTER,
    SENSITIVE: NEUTRAL,
    NO_MEANING: NEUTRAL,
}
"""Meaning -> its direction where the user sets none."""

MEANINGS = tuple(DEFAULT_DIRECTIONS)

NEVER_VALUE = frozenset((RETURNS, COMPLAINTS, DEBT, RISK, COST, CHURN, DISCOUNT, RECENCY, AGE, SENSITIVE))
"""Meanings of columns whose total is not what customers are worth."""

LONGEST_SHORT = 20


def is_short(text: str) -> bool:
    """Whether a text can be part of a segment's name.

    >>> is_short("web visits"), is_short(" "), is_short("a, b"), is_short("a" * 21)
    (True, False, False, False)
    """
    return bool(text.strip()) and len(text) <= LONGEST_SHORT and text.isprintable() and "," not in text
