"""What cleaning a table met, in sentences: what was read and left out, and what to be warned of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inference.wording import counted, quoted, quoted_names
from trainer.table.money_headers import names_money

MADE_UP = 0.5  # share of columns without a header
UNREAD = 0.5  # share of a column's cells that could not be read


@dataclass(frozen=True, kw_only=True)
class ColumnReport:
    """What cleaning met in one column: counts of cells, and sentences about the first refused ones.

    ``examples`` quote customers' cells: they are for the person at the screen and go into no file.
    """

    name: str
    missing: int
    refused: int
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CleaningReport:
    """What was read and what was done about it.

    Attributes:
        reading: what was assumed about the source, in sentences.
        rows_read: rows with cells; ``rows_kept`` of them are in the table.
        duplicates_dropped: rows equal to an earlier one in every cell, the identifier included.
        repeated_identifiers: identifiers on more than one kept row; kept, since they differ elsewhere.
        rows_without_clustering_values: kept rows that cannot be clustered because a clustering column is
        missing.
        ignored: headers that no column asks for.
        identifier_follows: in words, the column whose order the identifier gives away; empty without one.
        left_out: rows with hardly any cells, quoted; as ``examples``, for the screen alone.
        made_up: names of columns that have no header in the source.
    """

    reading: tuple[str, ...]
    rows_read: int
    rows_kept: int
    duplicates_dropped: int
    repeated_identifiers: int
    rows_without_clustering_values: int
    columns: tuple[ColumnReport, ...]
    ignored: tuple[str, ...]
    identifier_follows: str
    left_out: tuple[str, ...] = ()
    made_up: tuple[str, ...] = ()

    def sentences(self, *, examples: bool = False) -> list[str]:
        """The report in words; with ``examples``, for the console alone, also the first refused cells."""
        dropped = self.duplicates_dropped
        lines = [
            *self.reading,
            *(self.left_out if examples else ()),
            f"{counted(self.rows_read, 'row')} read, {self.rows_kept:,} kept, "
            f"{counted(dropped, 'exact duplicate')} dropped",
        ]
        if self.repeated_identifiers:
            lines.append(
                f"{counted(self.repeated_identifiers, 'row repeats', 'rows repeat')} the identifier of "
                "a different row; all were kept"
            )
        for column in self.columns:
            if column.missing:
                lines.append(f"{column.name}: {counted(column.missing, 'missing cell')}, kept as missing")
            if column.refused:
                seen = f" ({'; '.join(column.examples)})" if examples else ""
                lines.append(
                    f"{column.name}: {counted(column.refused, 'refused cell')}, treated as missing{seen}"
                )
        if self.rows_without_clustering_values:
            lines.append(
                f"{counted(self.rows_without_clustering_values, 'row')} without a value in a clustering "
                "column, not clustered"
            )
        if not any(column.missing or column.refused for column in self.columns):
            lines.append("no missing cells, no values out of range")
        if self.identifier_follows:
            lines.append(self.identifier_follows)
        if self.ignored:
            lines.append(f"not used: {', '.join(self.ignored)}")
        return lines

    def warnings(self, ignored: Collection[str] = ()) -> list[str]:
        """Signs that the table was read wrongly, in sentences that name the columns.

        Columns without a header, where they are many; columns named like money that are not used; columns
        whose cells could mostly not be read. ``ignored``: headers that the user left out on purpose.
        """
        lines = []
        columns = len(self.columns) + len(self.ignored)
        if self.made_up and len(self.made_up) >= MADE_UP * columns:
            lines.append(
                f"{len(self.made_up)} of {counted(columns, 'column')} have no header and were named "
                f"{quoted_names(self.made_up)}; check which row has the headers"
            )
        meant = {header.strip().casefold() for header in ignored}
        lost = [
            header
            for header in self.ignored
            if names_money(header) and header.strip().casefold() not in meant
        ]
        if lost:
            lines.append(f"not used, although named like money: {quoted_names(lost)}; check how it was read")
        lines += [
            f"{quoted(column.name)}: {column.refused:,} of {counted(self.rows_kept, 'cell')} could not be "
            "read and were treated as missing"
            for column in self.columns
            if column.refused > UNREAD * max(1, self.rows_kept)
        ]
        return lines
