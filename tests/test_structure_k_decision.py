"""The rule that chooses k from figures, without any table."""

from dataclasses import replace

import pytest

from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.k_decision import (
    KFigures,
    kind_of,
    natural_k,
    other_k,
    other_numbers,
    path_limit,
)

SETTINGS = ChoiceSettings()

GOOD = KFigures(
    k=3,
    silhouette=0.5,
    null_mean=0.4,
    null_deviation=0.02,
    excess=0.1,
    z=5.0,
    ari=0.95,
    ari_error=0.01,
    jaccard=0.9,
    inertia=60.0,
    smallest_share=0.2,
    smallest_rows=40,
    valley=0.3,
    path_valley=0.3,
    border_elongation=0.2,
    bic=100.0,
    reproducible=True,
    separated=True,
    passes=True,
)


def row(k: int, **figures: float) -> KFigures:
    return replace(GOOD, k=k, **figures)  # type: ignore[arg-type]  # figures of any type


def shaky(k: int, ari: float = 0.6, share: float = 0.2) -> KFigures:
    return replace(
        GOOD, k=k, ari=ari, smallest_share=share, reproducible=False, separated=False, passes=False
    )


def cut(k: int) -> KFigures:
    return replace(GOOD, k=k, z=0.5, excess=0.005, separated=False, passes=False)


def chosen(rows: list[KFigures], bic_k: int) -> int | None:
    return natural_k(rows, limit=2.5, bic_k=bic_k, min_excess=0.04)


@pytest.mark.parametrize(
    ("excess", "bic_k", "natural"), [(0.105, 9, 3), (0.105, 5, None), (0.12, 9, None), (0.09, 5, 3)]
)
def test_more_groups_that_are_clearer_but_do_not_reappear_leave_none_natural(
    excess: float, bic_k: int, natural: int | None
) -> None:
    rows = [GOOD, replace(shaky(5), excess=excess)]
    assert chosen(rows, bic_k=bic_k) == natural


def test_the_mixture_proposes_k_where_its_partition_is_reproducible_and_separated() -> None:
    assert chosen([row(2, excess=0.2), row(3), row(4)], bic_k=4) == 4


def test_a_proposal_need_not_exceed_the_limit_itself() -> None:
    weak = replace(row(5), z=1.0, passes=False)
    assert chosen([row(3), weak], bic_k=5) == 5


def test_without_a_usable_proposal_the_largest_standardised_excess_decides() -> None:
    rows = [row(2), row(3, excess=0.15), shaky(4)]
    assert chosen(rows, bic_k=4) == 3
    assert chosen(rows, bic_k=1) == 3
    assert chosen(rows, bic_k=9) == 3


def test_a_tiny_deviation_of_the_null_does_not_win() -> None:
    rows = [row(2, excess=0.05, null_deviation=0.001), row(3, excess=0.1, null_deviation=0.016)]
    assert chosen(rows, bic_k=1) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [cut(2), cut(3)],
        [shaky(2), shaky(3)],
        [row(2, excess=0.03), row(3, z=2.4)],
        [replace(row(2), separated=False, passes=False)],
    ],
)
def test_one_population_has_no_natural_k(rows: list[KFigures]) -> None:
    assert chosen(rows, bic_k=1) is None


def test_the_largest_usable_reproducible_k_is_offered() -> None:
    assert other_k([cut(2), cut(3), shaky(4), cut(5), shaky(6), cut(9)], SETTINGS) == 5


def test_two_is_offered_where_only_two_is_reproducible_and_more_are_shown_with_their_cost() -> None:
    rows = [cut(2), shaky(3, ari=0.7), shaky(4), shaky(5), shaky(6)]
    assert other_k(rows, SETTINGS) == 2
    others = other_numbers(rows, 2, None)
    assert [(other.k, other.kind) for other in others] == [
        (3, "constructive"),
        (4, "constructive"),
        (5, "constructive"),
    ]
    assert others[0].ari == 0.7


def test_without_a_reproducible_k_the_steadiest_of_three_to_five_without_a_tiny_segment_is_offered() -> None:
    rows = [shaky(2, ari=0.8), shaky(3, ari=0.5), shaky(4, ari=0.6), shaky(5, ari=0.7, share=0.01)]
    assert other_k(rows, SETTINGS) == 4


def test_a_range_without_three_to_five_still_has_an_answer() -> None:
    assert other_k([shaky(8), shaky(9, ari=0.7)], SETTINGS) == 9


def test_kinds() -> None:
    assert kind_of(row(3), 3) == "natural"
    assert kind_of(row(4), 3) == "natural"
    assert kind_of(cut(4), 3) == "reproducible"
    assert kind_of(row(4), None) == "reproducible"
    assert kind_of(shaky(4), None) == "constructive"


def test_other_natural_and_reproducible_numbers_are_listed() -> None:
    others = other_numbers([row(2), row(3), cut(4), shaky(5)], 3, 3)
    assert [(other.k, other.kind) for other in others] == [(2, "natural"), (4, "reproducible")]


def test_a_large_excess_asks_for_deep_valleys_along_the_data() -> None:
    assert path_limit(0.0, 0.2, SETTINGS) == SETTINGS.max_valley
    assert path_limit(0.5, 0.2, SETTINGS) == pytest.approx(SETTINGS.max_path_valley)
    assert path_limit(0.08, 0.2, SETTINGS) > path_limit(0.1, 0.2, SETTINGS)


def test_pieces_of_a_strip_need_the_deepest_valleys() -> None:
    assert path_limit(0.0, 2.0, SETTINGS) == SETTINGS.max_strip_valley
