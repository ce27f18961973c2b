"""The words of a column that a segment's name uses: whole words, without units, periods and counters."""

from __future__ import annotations

import re

from trainer.roles.column_names import CODE, split_header
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.header_words import header_text, phrases
from trainer.schema import meanings as m

LONGEST = 18
ABBREVIATION = 4  # letters
_LETTERS = re.compile(r"\d*[^\W\d_][^\W_]*")
_LEADING = phrases(
    "num, number, no, nb, n, total, sum, overall, avg, average, mean, median, annual, yearly, monthly",
    "weekly, daily, mnt, of, the, a, customer, client, cust, user, log, ln, current, my, count, nbr",
    "qty, gross, net, estimated, est",
)
_TRAILING = phrases(
    "month, months, mon, year, years, yr, yrs, week, weeks, day, days, hour, hours, k, usd, eur, gbp",
    "jpy, pct, percent, m, y, ytd, mtd, id, num",
)
_CUT = phrases(
    "in, per, since, during, last, past, over, within, from, for, by, to, of, at, on, with",
)
_WHOLE = {
    "amt": "amount",
    "trans": "transaction",
    "ct": "count",
    "cnt": "count",
    "bal": "balance",
    "freq": "frequency",
}
_NO_HEAD = phrases(
    "size, rate, value, amount, count, index, level, ratio, share, balance, time, length, points",
    "type, group, class",
)
_NOUNS = {  # of meanings whose columns are called otherwise in every table
    m.VALUE: "spend",
    m.INCOME: "income",
    m.TENURE: "tenure",
    m.BASKET: "baskets",
    m.HOUSEHOLD: "household",
    m.FREQUENCY: "orders",
    m.ENGAGEMENT: "activity",
    m.DISCOUNT: "discounts",
    m.RETURNS: "returns",
    m.COMPLAINTS: "complaints",
    m.DEBT: "debt",
    m.RISK: "risk",
    m.COST: "costs",
    m.CHURN: "churn",
    m.RESPONSE: "response",
    m.SATISFACTION: "satisfaction",
}
_ALWAYS = (m.TENURE, m.BASKET)
_VAGUE = {"monetary": "spend", "frequency": "purchases", "spent": "spend", "money": "spend"}
UNSAID = (m.RECENCY, m.AGE)
"""Meanings with words of their own: *long away* and *older* need no column."""


def short_name(label: str, meaning: str | None = None) -> str:
    """What a name calls a column; empty where the words of its meaning need no noun.

    Args:
        label: of the column, without its unit; meaning: as set, or ``None`` to go by the label.

    >>> short_name("Orders in the last 12 months"), short_name("income_k"), short_name("NumWebVisitsMonth")
    ('orders', 'income', 'web visits')
    >>> short_name("Umsatz"), short_name("Spending Score (1-100)"), short_name("Days since last order")
    ('spend', 'spending score', '')
    """
    found = recognise(label)
    meaning = found.meaning if meaning is None else meaning
    if meaning in UNSAID:
        return ""
    if meaning in _ALWAYS or (meaning in _NOUNS and not (found.english and found.meaning == meaning)):
        return _NOUNS[meaning]
    if meaning == m.HOUSEHOLD and found.phrase in ("household", "household size", "family", "family size"):
        return _NOUNS[meaning]
    words = label_words(label)
    return _VAGUE.get(words, words)


def label_words(label: str) -> str:
    """The words of a label without counters in front and periods after; the last ones of many.

    >>> label_words("Average number of support calls per month"), label_words("log_TotalSpend")
    ('support calls', 'spend')
    """
    every = [_WHOLE.get(word, word) for word in _spoken(label)]
    kept = list(every)
    while len(kept) > 1 and kept[0] in _LEADING:
        kept = kept[1:]
    for index, word in enumerate(kept):
        if index and word in _CUT:
            kept = kept[:index]
            break
    while len(kept) > 1 and kept[-1] in _TRAILING:
        kept = kept[:-1]
    kept = [word for word in kept if word not in ("log", "ln", "log1p")] or kept
    while len(kept) > 1 and len(" ".join(kept)) > LONGEST and not (len(kept) == 2 and kept[-1] in _NO_HEAD):
        kept = kept[1:]
    return " ".join(kept)


def head_word(short: str) -> str:
    """The last word of a short name where it says enough by itself, else the whole.

    >>> head_word("spending score"), head_word("family size")
    ('score', 'family size')
    """
    last = short.rsplit(" ", 1)[-1]
    return short if last in _NO_HEAD or len(last) < 3 else last


def _spoken(label: str) -> list[str]:
    """The words as they are said: in lower case, but for abbreviations such as NPS."""
    text = split_header(label)[0]
    if CODE.fullmatch(text):
        return [text]
    if not text.isascii():
        return _LETTERS.findall(text.lower())
    shout = text.isupper() and len(text) > ABBREVIATION
    return [
        word
        if word.isupper() and not shout and 2 <= len(word) <= ABBREVIATION and word.lower() not in _WHOLE
        else word.lower()
        for word in _LETTERS.findall(text if " " in text else header_text_kept(text))
    ]


def header_text_kept(text: str) -> str:
    """A header's words with the case of abbreviations."""
    plain = header_text(text)
    known = {word.lower(): word for word in re.findall(r"(?<![A-Za-z])[A-Z]{2,4}(?![A-Za-z])", text)}
    return " ".join(known.get(word, word) for word in plain.split())
