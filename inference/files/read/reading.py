"""What the reader assumed about a file: printed once, and available as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inference.contract import Column
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import AnyReading
from inference.files.options import ReadOptions
from inference.files.read.column_readings import read_columns_again
from inference.files.read.headers import match_headers, nearest_header
from inference.files.read.source import Source
from inference.wording import QUOTED, listed, quoted, quoted_names, shortened


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was assumed about a file.

    Attributes:
        kind: ``"csv"``, ``"parquet"`` or ``"excel"``; assumed: in words, how its bytes were read.
        headers: of all columns, in the file's order.
        mapping: contract's column name -> the header it is read from.
        missing: contract's columns that are unknown in every row, as set by the caller.
        absent: profile columns that no header fits, unknown in every row, each with the header that is
            spelled most like it, or an empty text.
        readings: contract's column name -> how its cells are written.
        notices: what a reader should know about single columns, in sentences.
    """

    kind: str
    assumed: tuple[str, ...]
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    missing: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, AnyReading] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def decimal_commas(self) -> tuple[str, ...]:
        """Headers of number columns whose cells show a decimal comma, in the file's order."""
        commas = {
            self.mapping[name]
            for name, reading in self.readings.items()
            if isinstance(reading, NumberReading) and reading.decimal_mark == "," and reading.evidence
        }
        return tuple(header for header in self.headers if header in commas)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that no column of the model is read from; their cells are handed on untouched."""
        used = set(self.mapping.values())
        return tuple(header for header in self.headers if header not in used)

    def sentences(self) -> list[str]:
        """The assumptions in words."""
        lines = list(self.assumed)
        renamed = [
            f"{shortened(name, QUOTED)} from {quoted(header)}"
            for name, header in self.mapping.items()
            if name != header
        ]
        if renamed:
            lines.append(f"read {', '.join(renamed)}")
        lines += self._how_numbers_are_read()
        lines += self.notices
        if self.missing:
            lines.append(f"unknown in every row, as given: {', '.join(self.missing)}")
        if self.absent:
            lines.append(f"not in the file, so unknown in every row: {', '.join(self.absent)}")
        lines += [f"is {header!r} the column {name}?" for name, header in self.absent.items() if header]
        if self.ignored:
            lines.append(f"not used by the model: {_headers(self.ignored)}")
        return lines

    def _how_numbers_are_read(self) -> list[str]:
        """What is removed from numbers, once for all columns it is removed from."""
        alike: dict[str, list[str]] = {}
        for name, reading in self.readings.items():
            if isinstance(reading, NumberReading) and reading.note():
                alike.setdefault(reading.note(), []).append(self.mapping[name])
        return [f"numbers of {_headers(headers)}: {note}" for note, headers in alike.items()]


def read_as(source: Source, columns: Sequence[Column], options: ReadOptions) -> Reading:
    """Match a source's headers with the columns that are asked for, and decide how their cells are read.

    A profile column that the file does not have is unknown in every row.

    Raises:
        InputError: for a clustering column that is not found, or numbers that can be read in two ways.
    """
    optional = {each.name for each in columns if not each.clusters}
    mapping = match_headers(columns, source.headers, options, optional=optional)
    free = [header for header in source.headers if header not in mapping.values()]
    absent = [each for each in columns if each.name not in mapping and each.name not in options.missing]
    found = read_columns_again(source, columns, mapping, options)
    return Reading(
        kind=source.kind,
        assumed=source.assumed,
        headers=source.headers,
        mapping=mapping,
        missing=options.missing,
        absent={each.name: nearest_header(each, free) for each in absent},
        readings=found.readings,
        notices=found.notices,
    )


def _headers(headers: Sequence[str]) -> str:
    blank = sum(1 for header in headers if not header)
    named = [quoted_names(header for header in headers if header)] if blank < len(headers) else []
    unnamed = "a column without a header" if blank == 1 else f"{blank:,} columns without a header"
    return listed([*named, unnamed] if blank else named)
