"""Checks that the table inside a messy sheet of cells is found: headers, what is above, units below."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import pytest

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.files.read.layout.table_region import columns_of, find_region
from inference.files.read.open_source import open_source

HEADERS = ["Client", "Visits", "Paid", "Branch"]


def clients(count: int = 12) -> list[list[str]]:
    rng = random.Random(4)  # noqa: S311  (draws tables, no secrets)
    return [
        [
            str(7000 + place),
            str(rng.randint(1, 20)),
            f"{rng.uniform(5, 900):.2f}",
            rng.choice(["North", "South"]),
        ]
        for place in range(count)
    ]


def headers_of(content: str, **options: object) -> tuple[str, ...]:
    with open_source(io.BytesIO(content.encode()), ReadOptions(**options)) as source:  # type: ignore[arg-type]  # options of any type
        return source.headers


@pytest.mark.parametrize(
    "above",
    [
        [["Visits per client", "", "", ""]],
        [["Visits per client"], ["Period: 2024"]],
        [["Shop", "Bern", "", ""], ["From", "2024-01-01", "", ""], ["", "", "", ""]],
        [["Shop:", "Bern", "Until:", "June"]],
        [["# exported", "by", "a", "tool"]],
        [["", "Visits per client", "", ""]],
    ],
    ids=["title", "short lines", "labels", "wide labels", "comment", "centred"],
)
def test_lines_above_the_headers_are_not_part_of_the_table(above: list[list[str]]) -> None:
    region = find_region([*above, HEADERS, *clients()])
    assert region.headers == tuple(HEADERS)
    assert region.last_header == len(above)
    assert region.joined == 1


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        ([["Client", "2024", "", "Where"], ["", "Visits", "Paid", "Branch"]], "2024 Paid"),
        ([["", "Spring", "Autumn", ""], ["Client", "Paid", "Paid", "Branch"]], "Autumn Paid"),
        ([["Client", "Spring", "Spring", "Branch"], ["", "Visits", "Paid", ""]], "Spring Paid"),
        (
            [["A title", "", "", ""], ["", "Spring", "", "x"], ["Client", "Visits", "Paid", "Branch"]],
            "Spring Paid",
        ),
    ],
)
def test_names_of_groups_are_joined_with_the_names_below(rows: list[list[str]], headers: str) -> None:
    region = find_region([*rows, *clients()])
    assert region.joined == 2
    assert region.headers[0] == "Client"
    assert region.headers[2] == headers
    assert region.last_header == len(rows) - 1


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        (
            [["Who", "Spring", "Spring", "Who"], HEADERS],
            ("Who Client", "Spring Visits", "Spring Paid", "Who Branch"),
        ),
        ([["", "Spring", "Spring", ""], HEADERS], ("Client", "Spring Visits", "Spring Paid", "Branch")),
        (
            [["A title", "", "", ""], ["Who", "Use", "Use", "Who"], HEADERS],
            ("Who Client", "Use Visits", "Use Paid", "Who Branch"),
        ),
        (
            [["Who", "2023", "2023", "2024"], ["", "H1", "H2", "H1"], ["Client", "Paid", "Paid", "Paid"]],
            ("Who Client", "2023 H1 Paid", "2023 H2 Paid", "2024 H1 Paid"),
        ),
        (
            [["Plan", "Actual", "Plan", "Actual"], HEADERS],
            tuple(f"{['Plan', 'Actual'][place % 2]} {name}" for place, name in enumerate(HEADERS)),
        ),
        ([["Clients of Bern"] * 4, HEADERS], tuple(HEADERS)),
        ([["By:", "Ann", "Ann", ""], HEADERS], tuple(HEADERS)),
    ],
    ids=["each", "blank", "title", "three rows", "alternating", "a merged title", "a label"],
)
def test_groups_that_are_named_over_each_of_their_columns_are_joined(
    rows: list[list[str]], headers: tuple[str, ...]
) -> None:
    region = find_region([*rows, *([*row[:3], "7.50"] for row in clients())])
    assert region.headers == headers


@pytest.mark.parametrize(
    "row",
    [
        ["", "n", "EUR", ""],
        ["(no)", "(times)", "(CHF)", "(text)"],
        ["Number of the client", "How often they came", "What they paid", "Where"],
        ["-", "count", "EUR", "n/a"],
    ],
    ids=["units", "in brackets", "explanations", "beside a dash"],
)
def test_a_row_of_units_is_no_row_of_the_table(row: list[str]) -> None:
    rows = [HEADERS, row, *clients()]
    assert list(find_region(rows).left_out) == [0]
    assert not find_region(rows, keep=True).left_out


@pytest.mark.parametrize(
    "rows",
    [
        [HEADERS, *clients()],
        [["", "Visits", "Paid", "Branch"], *clients()],
        [["Client", "", "", ""], *clients()],
        [HEADERS, ["7001", "", "", ""], *clients()],
        [HEADERS, ["7001", "often", "much", "North"], *clients()],
        [["Name", "Town"], ["Ann", "Rome"], ["Bob", "Bern"]],
        [["Client", "2022", "2023", "2024"], *([str(each)] * 4 for each in range(9))],
        [["Score"], ["unknown"], ["5"], ["7"], ["9"]],
    ],
)
def test_a_plain_table_begins_with_its_first_row(rows: list[list[str]]) -> None:
    region = find_region(rows)
    assert region.headers == tuple(rows[0])
    assert (region.last_header, region.above, region.left_out) == (0, 0, {})


@pytest.mark.parametrize(
    ("headers", "rows", "found"),
    [
        (["a", "b", ""], [["1", "2", ""], ["3", "4", ""]], (2, 3)),
        (["a", "b"], [["1", "2", ""], ["3", "4", ""]], (2, 3)),
        (["a", "b", "", ""], [["1", "2"], ["3", "4"]], (2, 2)),
        (["a", "", "b"], [["1", "", "2"], ["3", "", "4"]], (3, 3)),
        (["a", "b", ""], [["1", "2", "x"], ["3", "4", ""]], (3, 3)),
        (["a", "b"], [["1", "2", "x"], ["3", "4", "y"]], (2, 2)),
        (["a", "b"], [["1", ""], ["3", ""]], (2, 2)),
    ],
)
def test_separators_at_the_end_make_no_column(
    headers: Sequence[str], rows: list[list[str]], found: tuple[int, int]
) -> None:
    assert columns_of(headers, rows) == found


def test_the_separator_is_that_of_the_table_and_not_of_its_title() -> None:
    rows = "\n".join(";".join(row).replace(".", ",") for row in clients())
    assert headers_of(f"Clients, June\nall branches\n{';'.join(HEADERS)}\n{rows}\n") == tuple(HEADERS)


def test_the_header_row_may_be_named() -> None:
    rows = "\n".join(",".join(row) for row in clients())
    content = f"x,y,z,w\n\n{','.join(HEADERS)}\n{rows}\n"
    assert headers_of(content)[0] == "x"
    assert headers_of(content, header_row=3) == tuple(HEADERS)
    with pytest.raises(InputError, match="but line 2 is not; give the number of the header row"):
        headers_of(content, header_row=2)
    with pytest.raises(InputError, match="header_row must be at least 1"):
        headers_of(content, header_row=0)


def test_what_was_found_is_said_once() -> None:
    rows = "\n".join(",".join(row) for row in clients())
    content = f"A title\n\n,Spring,,\n{','.join(HEADERS)}\n{rows}\n"
    with open_source(io.BytesIO(content.encode()), ReadOptions()) as source:
        assert source.assumed[1:] == (
            "the headers are in line 4; 2 lines above it were not read as part of the table",
        )
