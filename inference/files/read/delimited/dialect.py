"""How a CSV file is written: its encoding, its separator, its line ends, found out from its first bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.remedies import FixInput, SetEncoding

SEPARATORS = (",", ";", "\t", "|")
SNIFFED_RECORDS = 200
MOST_ABOVE = 40  # records above the header
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings a customer table is met in, so that a short sample is not taken for an exotic one.
_LATIN = ["cp1252", "latin_1", "cp1250", "iso8859_2"]
_PLAUSIBLE = [*_LATIN, "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
# Six bytes are letters of Turkish in cp1254 and of Icelandic in cp1252; only Icelandic has these vowels.
_TURKISH, _ICELANDIC = set("ðýþÐÝÞ"), set("áæéíóúÁÆÉÍÓÚ")
# In cp1252, letters of Polish are signs inside a word or a capital among small letters; those of Czech,
# Slovene and Croatian look like French or Danish, but come without the most frequent letters of these.
_POLISH = re.compile(r"[a-zà-ÿ][¹³¿][a-zà-ÿ]|[a-zà-ÿ]Ÿ|Ÿ[a-zà-ÿ]|£[a-zà-ÿ]{2}|\bz³")
_CARONS, _WESTERN = set("šžŠŽ"), set("àâçêåöñõãÀÂÇÊÅÖÑÕÃ")
FEW_WORDS = 20  # with letters beyond ASCII; fewer do not distinguish the Latin code pages
GUESSED_BYTES = 1 << 16  # of the lines with such letters
LATE = "cp1252"  # where bytes that are not UTF-8 follow a sample of plain ASCII
_ENDIAN = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}  # the mark was looked for


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        encoding: codec; ``bom`` are the bytes before the text.
        only_ascii: the sample is plain ASCII, and not the whole file, so that more may follow.
        separator: between cells; ``separator_line``: whether a line ``sep=;`` gave it.
        guessed: whether the encoding is a code page that the bytes only suggest.
    """

    encoding: str
    bom: bytes
    separator: str
    separator_line: bool
    only_ascii: bool = False
    guessed: bool = False

    @property
    def transcoded(self) -> bool:
        """Whether bytes must become UTF-8 before records can be separated in them."""
        return codecs.lookup(self.encoding).name not in _ASCII_SUPERSETS


def _is_ascii_superset(name: str) -> bool:
    """Whether bytes below 128 always mean ASCII, so that separators and quotes can be seen in raw bytes."""
    try:
        same = bytes(range(128)).decode(name) == bytes(range(128)).decode("ascii")
        return same and len(bytes([0xE4]).decode(name)) == 1
    except (UnicodeDecodeError, LookupError):
        return False


_SINGLE_BYTE = ("cp1252", "cp1254", "latin_1", "cp1250", "cp1251", "cp850", "cp437", "mac_roman", "koi8_r")
_ASCII_SUPERSETS = {
    codecs.lookup(name).name
    for name in (*_SINGLE_BYTE, *(f"iso8859_{part}" for part in range(1, 17) if part != 12))
    if _is_ascii_superset(name)
} | {"utf-8", "ascii"}


def find_dialect(sample: bytes, whole: bool, options: ReadOptions) -> Dialect:
    """Find out how a CSV file is written.

    Args:
        sample: its first bytes; ``whole`` when they are all there is.

    Raises:
        InputError: when the sample is not text.
    """
    bom, encoding = _find_encoding(sample, whole, options)
    sure = bool(bom or options.encoding) or encoding.startswith("utf")
    text = decode_sample(sample[len(bom) :], encoding, whole)
    given = separator_line(text)
    if given and options.separator in ("", given):
        separator = given
    else:
        separator = options.separator or _find_separator(text, whole)
    return Dialect(
        encoding=encoding,
        bom=bom,
        separator=separator,
        separator_line=bool(given),
        only_ascii=not (whole or bom or options.encoding) and sample.isascii(),
        guessed=not sure,
    )


def separator_line(text: str) -> str:
    """The separator given by a first line ``sep=;``, as Excel writes it; empty without such a line."""
    first = text[:10].splitlines()[0].strip('"') if text else ""
    given = first[4:5] if first[:4].casefold() == "sep=" else ""
    return given if given and len(first) == 5 and given not in '"\r\n' else ""


def decode_sample(sample: bytes, encoding: str, whole: bool) -> str:
    """The text of a sample; a character cut off at its end is left out."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(sample, final=whole)


def _find_encoding(sample: bytes, whole: bool, options: ReadOptions) -> tuple[bytes, str]:
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return bom, encoding
    if options.encoding:
        name = codecs.lookup(options.encoding).name
        return b"", _ENDIAN.get(name, name)
    if b"\0" in sample:
        return b"", _wide_encoding(sample)
    if _is_utf8(sample, whole) or is_mostly_utf8(sample):
        return b"", "utf-8"
    return b"", _code_page(sample)


def is_mostly_utf8(data: bytes) -> bool:
    """Whether more letters beyond ASCII are UTF-8 than bytes are not: then the latter are damaged."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    return len(text) - bad - sum(map(len, re.findall(r"[\x00-\x7f]+", text))) > bad


def _code_page(sample: bytes) -> str:
    """A code page for bytes that are not UTF-8; Windows' Western one where nothing contradicts it."""
    from charset_normalizer import from_bytes

    words = set(_WORD.findall(sample))
    lone = len(_LONE.findall(b" ".join(words))) > 0.7 * len(re.findall(rb"[\x80-\xff]+", b" ".join(words)))
    western = sample.decode("cp1252", errors="replace")
    letters = set(western)
    if lone and _is_central_european(western, letters):
        return "cp1250"
    if lone and letters & _TURKISH and not letters & _ICELANDIC:
        return "cp1254"
    if lone and len(words) < FEW_WORDS:
        return "cp1252"  # single letters among ASCII: a Latin alphabet
    telling = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())[:GUESSED_BYTES]
    found = from_bytes(telling, cp_isolation=_LATIN if lone else _PLAUSIBLE).best()
    if found is None:
        raise InputError(
            "the file must be text in an encoding that its bytes show, but none fits",
            remedies=[FixInput(action="save it as UTF-8"), SetEncoding()],
        )
    return _western(sample, str(found.encoding))


def _is_central_european(western: str, letters: set[str]) -> bool:
    """Whether a text that was decoded as cp1252, and its letters, show that it was written in cp1250."""
    if _POLISH.search(western):
        return True
    both = "è" in letters or {"ì", "ø"} <= letters
    return both and bool(letters & _CARONS) and not letters & _WESTERN


def _western(sample: bytes, found: str) -> str:
    """Windows' own code page where the difference to its relatives cannot be seen in the sample."""
    same = sample.decode("cp1252", errors="replace") == sample.decode(found, errors="replace")
    return "cp1252" if same or found in ("latin_1", "iso8859_1") else found


def _is_utf8(sample: bytes, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain text is zero."""
    even, odd = sample[0::2], sample[1::2]
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros.count(0) > 0.7 * len(zeros) and others.count(0) < 0.1 * max(len(others), 1):
            return encoding
    line = sample[: sample.index(0)].count(b"\n") + 1
    raise InputError(
        f"the file must be text, but it has a NUL byte on line {line}; it is damaged or not a CSV file: "
        "export it again"
    )


def _find_separator(text: str, whole: bool) -> str:
    """The candidate that separates most records into as many cells as the header, and into the most cells.

    Lines above the header may have other widths: a title, a date, a filter.
    """
    best, best_score = ",", (0.0, 0, 0)
    for separator in SEPARATORS:
        widths = _widths(text, separator, whole)
        start = _table_start(widths)
        if start is None:
            continue
        agreeing = Counter(widths[start:])[widths[start]] / len(widths[start:])
        score = (round(agreeing, 1), -start, widths[start])
        if score > best_score:
            best, best_score = separator, score
    return best


def _table_start(widths: list[int]) -> int | None:
    """The first record with at least two cells that half of those below it agree with; else the first one."""
    for start, width in enumerate(widths[:MOST_ABOVE]):
        below = widths[start + 1 :]
        if width > 1 and below and below.count(width) >= len(below) / 2:
            return start
    return 0 if widths and widths[0] > 1 else None


def _widths(text: str, separator: str, whole: bool) -> list[int]:
    """How many cells the first records have; the last of a cut sample, cut itself, is left out."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    widths: list[int] = []
    try:
        for row in rows:
            if row:
                widths.append(len(row))
            if len(widths) > SNIFFED_RECORDS:
                return widths
    except csv.Error:
        return widths
    return widths if whole or len(widths) < 2 else widths[:-1]
