"""From a scored file to one hashed list of contacts per segment and ad platform, in a ZIP file.

Nothing is written to a disk: texts come in, bytes go out.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inference import InputError
from inference.wording import listed, quoted
from service.page.segments.contact_hashes import hashed, normal_address, normal_number

LEAST = 100  # contacts of a list; Meta advises against shorter ones, and nobody is singled out
SEGMENT = "segment"
AGREED = frozenset(
    {"yes", "y", "true", "1", "granted", "agreed", "opt-in", "optin", "opted in", "subscribed"}
)
Contact = tuple[str, str]  # address and number, normalised; empty where there is none
_HEADERS = {  # the first that fits: a column of consent often names what is consented to
    "consent": re.compile(r"consent|opt.?in|permission|einwilligung"),
    "email": re.compile(r"e-?mail"),
    "phone": re.compile(r"phone|mobile|telefon|handy"),
}
_PLATFORMS = {"google": ("Email", "Phone"), "meta": ("email", "phone")}


@dataclass(frozen=True, kw_only=True)
class Audiences:
    """What was made.

    Attributes:
        archive: the ZIP file; empty where no segment has enough contacts.
        contacts: segment -> its contacts, each once, with consent; small: those with too few for a list.
        refused: rows without consent; unusable: rows with consent without a usable address or number.
    """

    archive: bytes
    contacts: Mapping[str, int]
    small: frozenset[str]
    refused: int
    unusable: int


def audiences(text: str, *, country: str = "") -> Audiences:
    """Make the lists of a scored file.

    Args:
        text: a CSV file with the column ``segment`` and one with e-mail addresses or phone numbers. Where a
            header names consent, only rows that agree are used.
        country: the calling code of numbers without one.

    Raises:
        InputError: when a column is missing or ``country`` is no calling code.
    """
    if country and not re.fullmatch(r"[1-9]\d{0,2}", country):
        raise InputError(f"the country code must be 1 to 3 digits, but it is {quoted(country)}; try 49 or 1")
    contacts: dict[str, set[Contact]] = {}
    refused = unusable = 0
    for cells in _rows(text):
        if not _agreed(cells):
            refused += 1
            continue
        contact = (normal_address(cells.get("email", "")), normal_number(cells.get("phone", ""), country))
        usable = any(contact)
        contacts.setdefault(cells[SEGMENT], set()).update([contact] if usable else [])
        unusable += not usable
    small = frozenset(name for name, found in contacts.items() if len(found) < LEAST)
    return Audiences(
        archive=_archive({name: sorted(found) for name, found in contacts.items() if name not in small}),
        contacts={name: len(found) for name, found in contacts.items()},
        small=small,
        refused=refused,
        unusable=unusable,
    )


def _rows(text: str) -> Iterator[dict[str, str]]:
    """The cells that are used of each row with a segment, by their use."""
    first = text.partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    positions = _positions(next(rows, []))
    for row in rows:
        cells = {use: row[position] if position < len(row) else "" for use, position in positions.items()}
        if cells[SEGMENT]:
            yield cells


def _agreed(cells: Mapping[str, str]) -> bool:
    """Whether a customer consents; where no column says so, all do."""
    return cells.get("consent", "yes").strip().casefold() in AGREED


def _positions(header: Sequence[str]) -> dict[str, int]:
    """The position of each column that is used."""
    names = [name.strip().casefold() for name in header]
    if SEGMENT not in names:
        raise InputError(f"the file must have the column {SEGMENT!r}, but it has not; score it as CSV first")
    found = {SEGMENT: len(names) - 1 - names[::-1].index(SEGMENT)}  # scoring adds its columns at the end
    for use in _HEADERS:
        matching = [position for position, name in enumerate(names) if _use(name) == use]
        if len(matching) > 1:
            seen = listed([quoted(header[position]) for position in matching[:3]])
            raise InputError(f"one column must be the {use}, but there are {seen}; remove all but one")
        found |= {use: matching[0]} if matching else {}
    if not found.keys() & {"email", "phone"}:
        raise InputError(
            "the file must have a column with e-mail or phone in its header, but it has none; add one"
        )
    return found


def _use(name: str) -> str | None:
    """What a column is used for; consent to e-mail is consent."""
    return next((use for use, pattern in _HEADERS.items() if pattern.search(name)), None)


def _archive(lists: Mapping[str, Sequence[Contact]]) -> bytes:
    """The ZIP file; empty without a list."""
    if not lists:
        return b""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, contacts) in enumerate(sorted(lists.items()), start=1):
            plain = re.sub(r"\W+", "-", name.casefold()).strip("-")[:60]
            for platform in _PLATFORMS:
                archive.writestr(f"{platform}/{number}-{plain}.csv", _list(platform, contacts))
    return written.getvalue()


def _list(platform: str, contacts: Sequence[Contact]) -> str:
    """The hashes in their own order, which says nothing about the customers' order."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(_PLATFORMS[platform])
    dropped = "+" if platform == "meta" else ""
    table.writerows(
        sorted((hashed(address), hashed(number.removeprefix(dropped))) for address, number in contacts)
    )
    return written.getvalue()
