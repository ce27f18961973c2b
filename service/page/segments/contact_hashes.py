"""E-mail addresses and phone numbers as Google Customer Match and Meta Custom Audiences want them hashed.

Both take the SHA-256, in lowercase hexadecimal digits, of a normalised text. Google: addresses without spaces
and in lowercase, numbers in E.164, with the plus sign (support.google.com/google-ads/answer/7476159). Meta:
addresses trimmed and in lowercase, numbers as digits with the country code, without symbols and leading zeros
(developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences).
"""

from __future__ import annotations

import re
from hashlib import sha256

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NUMBER = re.compile(r"\+?[\d\s().\-/]+")
_DIGITS = (8, 15)  # of a number in E.164 with its country code; shorter ones are not worth matching


def normal_address(text: str) -> str:
    """The address in lowercase without spaces, which both platforms want; empty where it is none.

    Example:
        >>> normal_address(" Jane.Doe@Example.COM "), normal_address("jane")
        ('jane.doe@example.com', '')
    """
    address = "".join(text.split()).lower()
    return address if _ADDRESS.fullmatch(address) else ""


def normal_number(text: str, country: str = "") -> str:
    """The number as ``+`` and digits; empty where it is none or its country is not known.

    Args:
        text: with a plus sign or ``00`` in front, or a national number.
        country: the calling code of national numbers, such as ``"49"``; their leading zero is dropped.

    Example:
        >>> (
        ...     normal_number("+1 (212) 565-0000"),
        ...     normal_number("030 / 1234567", "49"),
        ...     normal_number("030 1234567"),
        ... )
        ('+12125650000', '+49301234567', '')
    """
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        return ""
    digits = re.sub(r"\D", "", written.replace("(0)", "") if written.startswith(("+", "00")) else written)
    if written.startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    else:
        whole = country + digits.removeprefix("0") if country else ""
    low, high = _DIGITS
    return f"+{whole}" if low <= len(whole) <= high and not whole.startswith("0") else ""


def hashed(text: str) -> str:
    """The SHA-256 of a normalised text; empty for an empty one.

    Example:
        >>> hashed("")
        ''
    """
    return sha256(text.encode()).hexdigest() if text else ""
