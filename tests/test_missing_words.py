"""Checks that words for missing are defined once, and that numbers are never assumed to mean missing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from inference.files.columns.missing_words import is_missing, missing_words, suggested_missing


@pytest.mark.parametrize(
    "word",
    [
        *("", "NA", "N/A", "#N/A", "NaN", "NULL", "none", "<NA>", "-", "\u2013", "\u2014", "?", "\\N", "."),
        *("k.A.", "keine Angabe", "s/d", "n.v.t.", "brak danych", "н/д", "なし"),
        *("#DIV/0!", "#VALUE!", "#REF!", "(blank)", "(No value)", "0000-00-00", "0000-00-00 00:00:00"),
    ],
)
def test_these_words_mean_missing_beside_numbers_and_dates(word: str) -> None:
    assert is_missing(pa.array([word]), numeric=True).to_pylist() == [True]


def test_only_certain_words_mean_missing_among_categories() -> None:
    texts = pa.array(["", "N/A", "NULL", None, "-", "?", "none", "Basic"])
    assert is_missing(texts, numeric=False).to_pylist() == [True] * 4 + [False] * 4


def test_the_words_of_a_user_count_in_every_column_without_case() -> None:
    assert is_missing(pa.array(["keine angabe"]), ["Keine Angabe "], numeric=False).to_pylist() == [True]


def test_every_word_is_folded_and_trimmed() -> None:
    assert all(word == word.strip().casefold() for word in missing_words(numeric=True))


def test_suggests_numbers_that_are_far_from_all_others() -> None:
    ages = [float(age) for age in range(20, 60)]
    found = suggested_missing(
        pa.array(["unknown", "Unknown", "x"]), pa.array([*ages, -1.0, 999.0, 999.0, np.nan])
    )
    assert [(each.value, each.cells) for each in found] == [("unknown", 2), ("999", 2), ("-1", 1)]


@pytest.mark.parametrize("numbers", [[-1.0, 2.0], [*range(-20, 20)], [*range(0, 2000, 27), 999.0]])
def test_does_not_suggest_numbers_that_belong_to_the_others(numbers: list[float]) -> None:
    assert suggested_missing(pa.array([], pa.string()), pa.array(numbers, pa.float64())) == ()
