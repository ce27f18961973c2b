"""What kind of column a column is, and the one reason for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inference.contract import CATEGORY, DATE, NUMBER
from inference.files.columns.missing_words import UNKNOWN_WORDS
from inference.wording import counted, listed
from trainer.roles.column_names import words
from trainer.roles.recognise.column_statistics import Facts, NumberFacts
from trainer.roles.recognise.header_words import AMOUNTS, phrases, says
from trainer.roles.recognise.ordered_categories import numbers_of
from trainer.roles.recognise.personal_data import personal_reason

IDENTIFIER, CONSTANT, EMPTY, TEXT = "identifier", "constant", "empty", "free text"
PERSONAL = "personal data"
USABLE = (NUMBER, CATEGORY, DATE)

FEW_CODES = 20  # numbers named like a code are categories up to here; an "id" with fewer values names a group
ENTITIES = "customers?|clients?|cust|users?|members?|accounts?|acct|cards?|orders?|invoices?|persons?|policy"
_NAMED = re.compile(
    rf"(^| )(id|uuid|guid|e?mail|iban|ssn)( address)?$|^(id|uuid|guid)( |$)"
    rf"|(^| )(phone|telephone|mobile|fax|passport)( (number|no|nr|num))?$"
    rf"|(^| )({ENTITIES}) ?(id|no|nr|num|number|key|code)$|^(row|line|record) (id|no|nr|num|number)$|^index$"
)
_CODES = frozenset(
    (
        *("code", "type", "class", "category", "group", "region", "segment", "cluster", "zip", "zipcode"),
        *("postal", "postcode", "plz", "channel", "branch", "status", "state", "sex", "gender", "marital"),
        *("marriage", "area", "district", "store", "department", "country", "cohort"),
    )
)
_AREA_CODES = frozenset(("zip", "zipcode", "postal", "postcode", "plz", "code"))
_IDENTIFIERS = phrases(
    "kundennr, kunden nr, kundennummer, kunden id, mitgliedsnummer, id cliente, cliente id, codigo cliente",
    "numero cliente, numero de cliente, codigo do cliente, id client, no client, numero client, code client",
    "codice cliente, numero cliente, klantnummer, klant id, klantnr, nr klienta, numer klienta, id klienta",
    "musteri no, musteri id, musteri numarasi, код клиента, номер клиента, ид клиента, id клиента",
    "客户编号, 会员号, 用户编号, 顧客番号, 会員番号, お客様番号",
)
_COUNTED = frozenset(
    (
        *("purchases", "visits", "orders", "transactions", "items", "sales", "spend", "spent", "amount"),
        *("count", "clicks", "sessions", "returns", "days", "calls", "logins", "months", "trips", "stays"),
        *("bookings", "nights", "minutes", "hours", "total", "besuche", "kaufe", "compras", "achats"),
        *("acquisti", "visitas", "visites", "bestellungen", "pedidos", "commandes", "ordini"),
    )
)  # what is counted in a store is no code of a store
MIN_KNOWN_SHARE, MIN_KNOWN = 0.05, 20  # with less, a column can describe nobody
LEVEL_SHARE, LEVEL_CUSTOMERS, MAX_LEVELS = 0.01, 5, 12
TWO = 2
OTHER = "other"
_UNKNOWN = frozenset(UNKNOWN_WORDS) - {OTHER}
DISTINCT_TEXT, DISTINCT_IDENTIFIER = 0.5, 0.9  # share of different values among the known ones
SENTENCE_WORDS, SENTENCE_LETTERS = 3.0, 40.0
TWO_WORDS = 1.8  # words per value, from which short unique texts read like names
MAX_REPEATED = 0.01  # share of values of a nearly unique identifier that occur on several rows
EXPECTED_REPEATS = 5.0  # whole numbers drawn by chance from their span would repeat as often at least
LONG_NUMBER = 10**7  # as long as a card's or telephone number


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of column and why; one of a usable kind may still be left out, as a date in two readings.

    ``formats``: those that its dates can have, of which one has to be set; empty where there is no doubt.
    """

    kind: str
    reason: str
    usable: bool = True
    formats: tuple[str, ...] = ()


def decide(facts: Facts) -> Kind:
    """The kind of a column from what it holds and how it is called."""
    nothing = _nothing(facts)
    if nothing is not None:
        return nothing
    if facts.dates.fitting:
        return _date(facts)
    if names_identifier(facts.header) and facts.distinct > FEW_CODES:
        return Kind(kind=IDENTIFIER, reason="its header suggests an identifier", usable=False)
    personal = personal_reason(facts)
    if personal:
        return Kind(kind=PERSONAL, reason=f"{personal}; never used", usable=False)
    return _text(facts) if facts.number is None else _number(facts, facts.number)


def _nothing(facts: Facts) -> Kind | None:
    """The kind of a column that does not describe customers; ``None`` for one that does."""
    if facts.known == 0:
        return Kind(kind=EMPTY, reason="every cell is blank", usable=False)
    if facts.distinct == 1 or (facts.number is None and len(facts.levels) == 1):
        return Kind(kind=CONSTANT, reason="every cell that is not blank is the same", usable=False)
    if facts.known < max(MIN_KNOWN, MIN_KNOWN_SHARE * facts.rows):
        reason = f"only {facts.known:,} of {facts.rows:,} cells are not blank"
        return Kind(kind=EMPTY, reason=reason, usable=False)
    return None


def names_identifier(header: str) -> bool:
    """Whether a header names an identifier."""
    return bool(_NAMED.search(" ".join(words(header))) or says(header, _IDENTIFIERS))


def levels(facts: Facts) -> tuple[tuple[str, ...], bool]:
    """The values of a category column that are kept, the most frequent first, and whether others are left.

    Kept are at most twelve, each with 1% of the known cells (unless there are only two) and five customers.
    """
    least = max(LEVEL_CUSTOMERS, LEVEL_SHARE * facts.known if len(facts.levels) > TWO else 0)
    unknown = unknown_words(facts)
    kept = [
        value
        for value, count in facts.levels
        if count >= least and value.casefold() != OTHER and value not in unknown
    ]
    kept = kept[:MAX_LEVELS]
    counts = dict(facts.levels)
    return tuple(kept), sum(counts[value] for value in (*kept, *unknown)) < facts.known


def unknown_words(facts: Facts) -> tuple[str, ...]:
    """The values of a column of texts that mean "not known", such as ``"Unknown"``."""
    if facts.number is not None:
        return ()
    return tuple(value for value, _ in facts.levels if value.casefold() in _UNKNOWN)


def _date(facts: Facts) -> Kind:
    if not facts.dates.ambiguous:
        return Kind(kind=DATE, reason="dates")
    formats = facts.dates.fitting
    seen = " and ".join(repr(each) for each in formats[:2])
    reason = f"its dates can be read as {seen}; set its date_format in segmentation.toml"
    return Kind(kind=DATE, reason=reason, usable=False, formats=formats if all(formats) else ())


def _number(facts: Facts, number: NumberFacts) -> Kind:
    if number.distinct == 2:
        return _many_levels(facts, "values")
    area = _code_words(facts.header) & _AREA_CODES if number.whole else set()
    if area and (area != {"code"} or number.distinct < facts.known):
        return _many_levels(facts, "codes")
    unique = _why_unique(facts, number) if number.whole else ""
    if unique:
        return Kind(kind=IDENTIFIER, reason=f"whole numbers, unique by design ({unique})", usable=False)
    named = _code_words(facts.header)
    if number.whole and number.distinct <= FEW_CODES and (named or names_identifier(facts.header)):
        word = min(named) if named else "id"
        return Kind(kind=CATEGORY, reason=f"{number.distinct} codes: its header contains {word!r}")
    if number.refused:
        refused = counted(number.refused, "cell is not a number and", "cells are not numbers and")
        return Kind(kind=NUMBER, reason=f"numbers; {refused} treated as missing")
    return Kind(kind=NUMBER, reason="whole numbers" if number.whole else "numbers")


def _code_words(header: str) -> set[str]:
    """The words that make whole numbers codes; none where the header shows that something is counted."""
    header_words = set(words(header))
    return set() if header_words & _COUNTED or "num" in header_words else set(_CODES & header_words)


def _why_unique(facts: Facts, number: NumberFacts) -> str:
    """Why whole numbers were assigned one per customer, in words; empty where they may be amounts.

    Amounts drawn from a span of S values repeat about N^2 / 2S times; numbers that do not, although they
    would have to, are identifiers. So are padded ones, long ones of one length, and those that rise or
    come first in the table, unless the header names an amount.
    """
    known = facts.known - number.refused
    repeats = known - number.distinct
    if repeats > MAX_REPEATED * known:
        return ""
    expected = known**2 / (2.0 * (number.high - number.low + 1.0))
    digits = len(f"{number.low:.0f}"), len(f"{number.high:.0f}")
    if facts.padded:
        return "padded with zeros"
    if expected >= EXPECTED_REPEATS and repeats <= expected / 10:
        return "hardly ever repeated, unlike amounts"
    if number.low >= LONG_NUMBER and digits[0] == digits[1]:
        return f"each of {digits[0]} digits"
    if repeats or says(facts.header, AMOUNTS):
        return ""
    return "rising" if number.rising else "in the first column" if facts.position == 0 else ""


def _text(facts: Facts) -> Kind:
    share = facts.distinct / facts.known
    if facts.number_share > 0.5 and facts.distinct > FEW_CODES:
        reason = f"{facts.number_share:.0%} of its cells are numbers and the rest are not; fix it to use it"
        return Kind(kind=TEXT, reason=reason, usable=False)
    if share > DISTINCT_TEXT:
        wordy = facts.words >= SENTENCE_WORDS or facts.letters >= SENTENCE_LETTERS
        coded = not wordy and (facts.words < TWO_WORDS or _with_digits(facts) >= DISTINCT_TEXT)
        coded = coded and not says(facts.header, AMOUNTS)
        kind = IDENTIFIER if share >= DISTINCT_IDENTIFIER and coded else TEXT
        reason = f"{facts.distinct:,} different texts in {facts.known:,} cells"
        return Kind(kind=kind, reason=reason, usable=False)
    if facts.letters >= SENTENCE_LETTERS * 2:
        reason = f"long texts ({facts.letters:.0f} letters on average)"
        return Kind(kind=TEXT, reason=reason, usable=False)
    return _many_levels(facts, "values")


def _with_digits(facts: Facts) -> float:
    """Share of the values that hold a digit."""
    return sum(any(sign.isdigit() for sign in value) for value, _ in facts.levels) / max(1, len(facts.levels))


def _many_levels(facts: Facts, what: str) -> Kind:
    """A category, when enough customers share its values."""
    kept, rest = levels(facts)
    if not kept:
        reason = f"none of its {facts.distinct:,} {what} is shared by 1% of the customers"
        return Kind(kind=TEXT, reason=reason, usable=False)
    counts = dict(facts.levels)
    unknown = unknown_words(facts)
    left = facts.known - sum(counts[value] for value in (*kept, *unknown))
    count = "counts" if len(unknown) == 1 else "count"
    also = f"; {listed(map(repr, unknown))} {count} as missing" if unknown else ""
    if len(kept) == 1 and left < LEVEL_SHARE * facts.known:
        reason = f"all but {counted(left, 'cell')} are the same"
        return Kind(kind=CONSTANT, reason=reason, usable=False)
    if not rest:
        ordered = " with an order" if numbers_of(kept) else ""
        return Kind(kind=CATEGORY, reason=f"{len(kept)} {what}{ordered}{also}")
    share = f"{left / facts.known:.1%} is other"
    reason = f"{facts.distinct:,} {what}; the {len(kept)} most frequent are kept, {share}{also}"
    return Kind(kind=CATEGORY, reason=reason)
