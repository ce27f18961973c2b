"""Checks that errors and reports quote, list and count in one way, and that messages stay short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.wording import (
    LISTED,
    PATH,
    QUOTED,
    counted,
    did_you_mean,
    listed,
    nearest,
    quoted,
    quoted_names,
    quoted_path,
    shortened,
)


@given(st.one_of(st.text(), st.binary(), st.integers(), st.floats(), st.lists(st.text()), st.none()))
def test_a_quoted_value_is_its_repr_or_its_beginning(value: object) -> None:
    text = quoted(value)
    assert text == repr(value) or (len(text) == QUOTED and text.endswith("..."))
    assert len(text) <= QUOTED


def test_a_number_that_python_cannot_print_is_described() -> None:
    assert quoted(10**5000) == "a very large int"


@given(st.lists(st.text()))
def test_a_list_of_names_stays_short_and_counts_the_rest(names: list[str]) -> None:
    text = quoted_names(names)
    assert len(text) <= LISTED + len(" and 1,000 more")
    if len(", ".join(map(quoted, names))) <= LISTED:
        assert text == (", ".join(map(quoted, names)) or "none")


def test_a_list_of_a_thousand_names_says_how_many_are_left() -> None:
    assert quoted_names([f"column {number}" for number in range(1000)]).endswith(" and 992 more")


def test_a_long_path_keeps_its_end() -> None:
    assert quoted_path("a.csv") == "'a.csv'"
    text = quoted_path("/far/" * 100 + "customers.csv")
    assert text.endswith("/customers.csv'")
    assert len(text) == PATH + 2


def test_the_message_of_another_library_is_put_on_one_line_and_shortened() -> None:
    assert shortened("one\n  two") == "one two"
    assert shortened("x" * 200, 10) == "xxxxxxx..."


def test_lists_counts_and_near_spellings_have_one_form() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert [counted(number, "row") for number in (0, 1, 2, 1200)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,200 rows",
    ]
    assert counted(2, "category", "categories") == "2 categories"
    assert nearest("INCME", ["Age", "Income"]) == "Income"
    assert nearest("x", ["Age", "Income", ""]) == ""
    assert did_you_mean("Age") == " Did you mean 'Age'?"
    assert did_you_mean("") == ""
