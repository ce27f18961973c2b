"""Finds the contract's columns among a file's headers, however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from inference.contract import Column
from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.remedies import ChooseHeader, GiveMissing, GiveOwnHeader, MapColumn, Remedy
from inference.wording import LISTED, nearest, quoted, quoted_names

_BRACKETS = re.compile(r"[(\[{\uff08\u3010][^)\]}\uff09\u3011]*[)\]}\uff09\u3011]")
_YEAR = re.compile(r"(19|20)\d\d")
FEW_ROWS = 20
LISTED_FEW = 40  # characters of headers where there is more to say
MOST_COLUMNS = 32_768  # twice as many as a sheet of Excel can have
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def check_headers(headers: Sequence[str]) -> None:
    """Refuse headers that are alike, and more than may be; columns without a header are let through."""
    check_width(len(headers))
    seen: dict[str, str] = {}
    for header in headers:
        folded = header.strip().casefold()
        if folded and folded in seen:
            raise InputError(
                "the headers must differ by more than case, but there are "
                f"{quoted(seen[folded])} and {quoted(header)}; rename one"
            )
        seen[folded] = header
    if not any(seen):
        raise InputError("the first line must name the columns, but it is blank; add a line of headers")


def check_width(columns: int) -> None:
    """Refuse a table with more columns than may be.

    Raises:
        InputError: when there are more than ``MOST_COLUMNS``.
    """
    if columns > MOST_COLUMNS:
        raise InputError(
            f"the table must have at most {MOST_COLUMNS:,} columns, but it has {columns:,} or more; remove "
            "those that are not about a customer"
        )


def named(headers: Sequence[str]) -> list[str]:
    """The headers, columns without one called ``column_3`` by their place, or by what is still free."""
    taken = {header.casefold() for header in headers}
    names = []
    for position, header in enumerate(headers, start=1):
        name, more = header or f"column_{position}", 2
        while not header and name in taken:
            name, more = f"column_{position}_{more}", more + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def looks_like_data(headers: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the first line is a row like those below: numbers over numbers, words that come again.

    Among few rows a word need not come again; there, numbers are enough, unless all of them could be years.
    """
    numbers, strangers, rows = [], 0, 0
    for header, cells in zip(headers, columns, strict=True):
        known = [cell.strip() for cell in cells if cell.strip()]
        rows = max(rows, len(known))
        if not header or not known:
            continue
        if _NUMBER.fullmatch(header):
            if not _NUMBER.fullmatch(known[0]):
                return False
            numbers.append(header)
        elif header not in known:
            strangers += 1
    if not numbers or not strangers:
        return bool(numbers)
    years = all(_YEAR.fullmatch(number) for number in numbers)
    return rows < FEW_ROWS and not years and len(numbers) > strangers


def match_headers(
    columns: Iterable[Column],
    headers: Sequence[str],
    options: ReadOptions,
    *,
    absent: Callable[..., Remedy] = GiveMissing,
    optional: Collection[str] = (),
) -> dict[str, str]:
    """Column name -> header in the file, for every column the file has.

    A header fits by being the column's name, label or an alias: exactly, in another case, or with other
    spaces, hyphens and underscores. Units in brackets may be left out of a header, but not differ.
    ``absent`` makes the remedy for a column that the table does not have, from the keyword ``column``; the
    names in ``optional`` may be absent.

    Raises:
        InputError: for columns that are not found, all of them, or one that two headers could be.
    """
    wanted = list(columns)
    _check_options(wanted, headers, options)
    found: dict[str, str] = {}
    missing: list[Column] = []
    for column in wanted:
        if column.name in options.missing:
            continue
        wanted_header = options.columns.get(column.name)
        header = _find(column, headers) if wanted_header is None else _given(wanted_header, headers)
        if header is None and column.name in optional:
            continue
        if header is None:
            missing.append(column)
        else:
            found[column.name] = header
    if missing:
        shown = LISTED if len(missing) == 1 else LISTED_FEW
        errors = [
            _not_found(each, headers, set(found.values()), absent(column=each.name), shown=shown)
            for each in missing
        ]
        raise errors[0].with_more(errors[1:])
    _refuse_shared(found)
    return found


def _find(column: Column, headers: Sequence[str]) -> str | None:
    """The header of a column, by the strictest comparison that finds any."""
    spellings = [column.name, column.label, column.title, *column.aliases]
    if column.aliases and column.aliases[0] in headers:  # the header it was trained with
        return column.aliases[0]
    for fold in (str, str.casefold, _squeezed):
        known = {fold(spelling) for spelling in spellings}
        hits = [header for header in headers if header and fold(header) in known]
        if len(hits) == 1:
            return hits[0]
        if len(hits) > 1:
            raise InputError(
                f"one header must be column {column.name!r}, but {quoted_names(hits)} could be",
                column=column.name,
                remedies=[ChooseHeader(column=column.name, headers=tuple(hits))],
            )
    bare = {_squeezed(_BRACKETS.sub("", spelling)) for spelling in spellings} - {""}
    hits = [header for header in headers if _squeezed(header) in bare]
    return hits[0] if len(hits) == 1 else None


def nearest_header(column: Column, headers: Sequence[str]) -> str:
    """The header that is spelled most like a column, or empty where none is near."""
    spellings = [column.name, column.label, *column.aliases]
    return next(filter(None, (nearest(each, headers, fold=_squeezed) for each in spellings)), "")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _given(wanted_header: str, headers: Sequence[str]) -> str | None:
    if wanted_header in headers:
        return wanted_header
    folded = [header for header in headers if header.casefold() == wanted_header.strip().casefold()]
    return folded[0] if folded else None


def _check_options(columns: Sequence[Column], headers: Sequence[str], options: ReadOptions) -> None:
    names = [column.name for column in columns]
    for name in (*options.columns, *options.missing):
        if name not in names:
            raise InputError(
                f"the model has no column {quoted(name)}; it has {quoted_names(names)}",
                suggestion=nearest(name, names),
            )
    for name, wanted_header in options.columns.items():
        if _given(wanted_header, headers) is None:
            raise InputError(
                f"is to be read from {quoted(wanted_header)}, but the headers are {quoted_names(headers)}",
                subject=f"column {name!r}",
                column=name,
                suggestion=nearest(wanted_header, headers),
            )
    for header in options.decimals:
        if header not in headers and header not in names:
            raise no_such_decimal(header, headers)


def _refuse_shared(found: Mapping[str, str]) -> None:
    for name, header in found.items():
        others = [each for each, other in found.items() if other == header and each != name]
        if others:
            raise InputError(
                f"each header must be one column, but {quoted(header)} would be {name!r} and {others[0]!r}",
                column=name,
                remedies=[GiveOwnHeader(column=name)],
            )


def _not_found(
    column: Column, headers: Sequence[str], taken: set[str], absent: Remedy, *, shown: int
) -> InputError:
    near = nearest_header(column, [header for header in headers if header not in taken])
    return InputError(
        f"is missing; found: {quoted_names(headers, most=shown)}",
        subject=f"column {column.name!r}",
        column=column.name,
        remedies=[MapColumn(column=column.name, headers=tuple(headers), suggestion=near), absent],
        suggestion=near,
    )


def no_such_decimal(header: str, headers: Sequence[str]) -> InputError:
    """The error about a decimal mark for a header that the file does not have."""
    return InputError(
        f"a decimal mark is given for {quoted(header)}, but the headers are {quoted_names(headers)}",
        suggestion=nearest(header, headers),
    )
