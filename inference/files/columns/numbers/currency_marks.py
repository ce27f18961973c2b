# ruff: noqa: RUF001 - the signs of currencies in their own scripts
"""Currency signs and codes as they are written next to amounts.

Codes of ISO 4217 and local signs as the Unicode CLDR lists them; a sign that several currencies share stands
for all of them, so that ``$`` and ``USD`` agree and ``$`` and ``EUR`` do not.
"""

from __future__ import annotations

from functools import cache

_CODES_TEXT = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS "
    "KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
    "MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD "
    "TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
CODES = frozenset(_CODES_TEXT.split())
_NO_DECIMALS_TEXT = "CLP DJF GNF ISK JPY KMF KRW KPW PYG RWF UGX VND VUV XAF XOF XPF"
NO_DECIMALS = frozenset(_NO_DECIMALS_TEXT.split())
_THREE_DECIMALS_TEXT = "BHD IQD JOD KWD LYD OMR TND"
THREE_DECIMALS = frozenset(_THREE_DECIMALS_TEXT.split())
_DOLLARS = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP JMD BBD BSD BZD FJD NAD TTD UYU DOP XCD BMD KYD BND"
_SIGNS = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP EGP FKP GIP SHP SSP SYP LBP",
    "¥": "JPY CNY",
    "￥": "JPY CNY",
    "円": "JPY",
    "yen": "JPY",
    "元": "CNY TWD",
    "圆": "CNY",
    "rmb": "CNY",
    "₹": "INR",
    "rs": "INR PKR LKR NPR MUR SCR",
    "rs.": "INR PKR LKR NPR MUR SCR",
    "₽": "RUB",
    "руб": "RUB",
    "руб.": "RUB",
    "р.": "RUB",
    "₺": "TRY",
    "tl": "TRY",
    "₴": "UAH",
    "грн": "UAH",
    "₩": "KRW KPW",
    "원": "KRW",
    "₫": "VND",
    "đ": "VND",
    "₪": "ILS",
    "₦": "NGN",
    "฿": "THB",
    "₱": "PHP CUP",
    "₸": "KZT",
    "₵": "GHS",
    "₡": "CRC",
    "₲": "PYG",
    "₼": "AZN",
    "₾": "GEL",
    "₭": "LAK",
    "₮": "MNT",
    "zł": "PLN",
    "zl": "PLN",
    "kč": "CZK",
    "kc": "CZK",
    "kr": "SEK NOK DKK ISK",
    "kr.": "SEK NOK DKK ISK",
    "ft": "HUF",
    "lei": "RON MDL",
    "лв": "BGN",
    "лв.": "BGN",
    "fr": "CHF",
    "fr.": "CHF",
    "sfr": "CHF",
    "sfr.": "CHF",
    "r$": "BRL",
    "rm": "MYR",
    "rp": "IDR",
    "rp.": "IDR",
    "s/": "PEN",
    "us$": "USD",
    "u$s": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "cad$": "CAD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "nt$": "TWD",
    "mx$": "MXN",
    "r": "ZAR",
    "د.إ": "AED",
    "ر.س": "SAR",
    "$": _DOLLARS,
}
SIGNS = {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()}


@cache
def currencies(text: str) -> frozenset[str]:
    """The currencies that a sign or code may mean, as ISO codes; none for any other text.

    >>> sorted(currencies("kr"))
    ['DKK', 'ISK', 'NOK', 'SEK']
    """
    words = text.split()
    found = [SIGNS.get(word.casefold(), frozenset((word.upper(),)) & CODES) for word in words]
    return frozenset.intersection(*found) if found else frozenset()
