"""Reads the head of a CSV file: what is above the table, its headers, and the rows below that are no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.files.read.delimited.csv_records import Block, joined
from inference.files.read.headers import check_headers
from inference.files.read.layout.table_ends import TOTALS, Above, why_no_row
from inference.files.read.layout.table_region import (
    HEAD_ROWS,
    Region,
    columns_of,
    find_region,
    header_position,
)

HEAD_BYTES = 1 << 20  # in which the headers are looked for


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the first records of a CSV file are.

    Attributes:
        headers: of the columns, ``""`` for one without.
        width: cells of a row; more than there are headers where each row ends with separators.
        header_width: cells of the (last) header record.
        prologue: the bytes up to the end of the header, before its line end.
        found: what was found, in sentences.
        leading: row -> why it is about the table and not of it, for the first rows below the header.
        rows: the first block of rows, without the header.
    """

    headers: tuple[str, ...]
    width: int
    header_width: int
    prologue: bytes
    found: tuple[str, ...]
    leading: Mapping[int, str]
    rows: Block


def read_head(
    blocks: Iterator[Block], cells_of: Callable[[bytes], list[str]], options: ReadOptions, *, skip: int
) -> Head:
    """Read the head from blocks without blank lines.

    Args:
        blocks: of the whole file; as many are taken as the headers are looked for in.
        cells_of: the cells of a record.
        options: what the caller specifies about the file.
        skip: records before the head, such as ``sep=;``.

    Raises:
        InputError: when there is no record, no header where the caller expects it, or two headers are alike.
    """
    block = _first_rows(blocks)
    if block is None or len(block.ends) <= skip:
        raise InputError(
            "the file must have a header and rows, but it has no line with text; export it again"
        )
    end = min(len(block.ends), skip + HEAD_ROWS)
    cells = [cells_of(block.record(row)) for row in range(skip, end)]
    lines = block.lines[skip:end].tolist()
    asked = options.header_row
    header = None if asked is None else header_position(lines, asked, "line")
    region = find_region(cells, header=header, keep=options.keep_totals)
    below = cells[region.last_header + 1 :]
    count, width = columns_of(region.headers, below)
    headers = tuple(region.headers[:count])
    check_headers(headers)
    leading = dict(region.left_out) if options.keep_totals else leading_rows(region, below)
    last_header = skip + region.last_header
    first = last_header + 1
    rows = replace(
        block,
        starts=block.starts[first:],
        ends=block.ends[first:],
        lines=block.lines[first:],
        begin=int(block.ends[last_header]),
        left_out=leading,
    )
    return Head(
        headers=headers,
        width=width,
        header_width=len(cells[region.last_header]),
        prologue=block.data[: rows.begin],
        found=region.sentences(lines[region.last_header], "line"),
        leading=leading,
        rows=rows,
    )


def leading_rows(region: Region, below: Sequence[Sequence[str]]) -> dict[int, str]:
    """The first rows below the headers that are about the table: units, then totals."""
    leading, index = dict(region.left_out), len(region.left_out)
    others = below[index + 1 :]
    if others and why_no_row(below[index], Above(cells=others, rows=len(others))) == TOTALS:
        leading[index] = TOTALS
    return leading


def _first_rows(blocks: Iterator[Block]) -> Block | None:
    """The first blocks as one, with as many records as the headers are looked for in."""
    head: Block | None = None
    for block in blocks:
        head = block if head is None else joined(head, block)
        if len(head.ends) > HEAD_ROWS or len(head.data) >= HEAD_BYTES:
            break
    return head
