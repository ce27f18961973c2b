"""Checks that the rule decides as documented, and gives its reasons with figures."""

from dataclasses import replace
from typing import Any

import pytest

from trainer.segments.k_rule import ChoiceSettings, Figures, KRow, Limits, check_conditions, decide

LIMITS = Limits(permuted=0.42, copula=0.40)
SETTINGS = ChoiceSettings()
SOUND = Figures(
    k=5,
    inertia=65.6,
    silhouette=0.555,
    negative_silhouette_share=0.01,
    davies_bouldin=0.57,
    calinski_harabasz=248.6,
    gap=1.07,
    gap_error=0.04,
    ari_mean=0.97,
    ari_se=0.002,
    ari_q10=0.94,
    jaccard=(0.99, 0.98, 0.97, 0.98, 0.99),
    jaccard_min=0.97,
    smallest_share=0.11,
    smallest_rows=22,
    null_permuted_mean=0.38,
    null_permuted_95=0.40,
    null_copula_mean=0.37,
    null_copula_95=0.39,
)


def row(k: int, silhouette: float, **figures: Any) -> KRow:
    return check_conditions(
        replace(SOUND, k=k, silhouette=silhouette, **figures), limits=LIMITS, settings=SETTINGS
    )


def test_a_clustering_that_meets_every_condition_is_admissible() -> None:
    judged = row(5, 0.555)
    assert judged.admissible
    assert judged.refusals == ()


def test_conditions_met_exactly_are_met() -> None:
    assert row(5, 0.555, ari_mean=0.85, jaccard_min=0.75, smallest_share=0.05, smallest_rows=5).admissible


@pytest.mark.parametrize(
    ("figure", "value", "words"),
    [
        ("ari_mean", 0.671, "mean ARI 0.671 over the bootstrap samples, 0.85 required"),
        ("jaccard_min", 0.59, "Jaccard 0.590 of the weakest segment, 0.75 required"),
        ("smallest_share", 0.045, "smallest segment 4.5% of the customers, 5% required"),
        ("smallest_rows", 4, "smallest segment of 4 customers, 5 required"),
        ("silhouette", 0.41, "silhouette 0.410, but shuffled columns reach 0.420"),
    ],
)
def test_each_condition_that_fails_is_named_with_its_figures(figure: str, value: float, words: str) -> None:
    changed: dict[str, Any] = {"silhouette": 0.555, figure: value}
    judged = row(5, **changed)
    assert not judged.admissible
    assert judged.refusals == (words,)


def test_the_silhouette_must_exceed_both_null_models() -> None:
    at_both = check_conditions(
        replace(SOUND, silhouette=0.42), limits=Limits(permuted=0.42, copula=0.42), settings=SETTINGS
    )
    assert at_both.refusals == (
        "silhouette 0.420, but shuffled columns reach 0.420",
        "silhouette 0.420, but one correlated cloud reaches 0.420",
    )
    cloud = check_conditions(
        replace(SOUND, silhouette=0.5), limits=Limits(permuted=0.42, copula=0.6), settings=SETTINGS
    )
    assert cloud.refusals == ("silhouette 0.500, but one correlated cloud reaches 0.600",)


def test_the_largest_silhouette_of_the_admissible_decides() -> None:
    rows = [row(3, 0.47), row(4, 0.60, ari_mean=0.5), row(5, 0.555), row(6, 0.50)]
    decision = decide(rows, limits=LIMITS, settings=SETTINGS)
    assert (decision.k, decision.chosen_by, decision.stable) == (5, "rule", True)
    assert decision.reason == (
        "k = 5 has the largest silhouette of the admissible k: silhouette 0.555 where tables without "
        "segments reach at most 0.420, mean ARI 0.970, weakest segment's Jaccard 0.970, "
        "smallest segment 11.0%."
    )


@pytest.mark.parametrize(("silhouette_of_six", "chosen"), [(0.5565, 5), (0.5575, 6)])
def test_a_tie_goes_to_the_smaller_k(silhouette_of_six: float, chosen: int) -> None:
    rows = [row(5, 0.555), row(6, silhouette_of_six)]
    assert decide(rows, limits=LIMITS, settings=SETTINGS).k == chosen


def test_a_finer_admissible_split_near_the_best_silhouette_is_mentioned() -> None:
    rows = [
        row(4, 0.51),
        row(5, 0.555),
        row(6, 0.51),
        row(7, 0.52, ari_mean=0.5),
        row(8, 0.506),
        row(9, 0.50),
    ]
    decision = decide(rows, limits=LIMITS, settings=SETTINGS)
    assert decision.finer == (6, 8)
    assert decision.reason.endswith(" A finer split with k = 6 or 8 is also stable.")


def test_without_an_admissible_k_the_best_without_tiny_segments_is_exploratory() -> None:
    rows = [row(2, 0.38), row(3, 0.41), row(4, 0.60, smallest_share=0.01)]
    decision = decide(rows, limits=LIMITS, settings=SETTINGS)
    assert (decision.k, decision.chosen_by, decision.stable, decision.finer) == (3, "exploratory", False, ())
    assert decision.reason == (
        "No stable segmentation found: no k from 2 to 4 meets every condition. k = 3 is "
        "exploratory only; it fails: silhouette 0.410, but shuffled columns reach 0.420."
    )


def test_when_every_k_has_a_tiny_segment_the_best_of_all_is_exploratory() -> None:
    rows = [row(2, 0.50, smallest_share=0.01), row(3, 0.60, smallest_share=0.01)]
    assert decide(rows, limits=LIMITS, settings=SETTINGS).k == 3


def test_the_users_k_is_used_and_failed_conditions_are_reported() -> None:
    rows = [row(4, 0.494, ari_mean=0.79), row(5, 0.555)]
    decision = decide(rows, limits=LIMITS, settings=ChoiceSettings(user_k=4))
    assert (decision.k, decision.chosen_by, decision.stable) == (4, "user", False)
    assert decision.reason == (
        "k = 4 was chosen by the user and fails: mean ARI 0.790 over the bootstrap samples, 0.85 required. "
        "The rule would have chosen k = 5 (silhouette 0.555 instead of 0.494, "
        "mean ARI 0.970 instead of 0.790). "
        "A finer split with k = 5 is stable."
    )


def test_the_users_k_may_equal_the_rules_k_or_replace_a_missing_one() -> None:
    same = decide([row(5, 0.555)], limits=LIMITS, settings=ChoiceSettings(user_k=5))
    assert same.stable
    assert (
        same.reason
        == "k = 5 was chosen by the user and meets every condition. The rule would have chosen the same."
    )
    alone = decide([row(5, 0.3), row(6, 0.2)], limits=LIMITS, settings=ChoiceSettings(user_k=6))
    assert alone.reason.endswith("The rule found no stable segmentation from k = 5 to 6.")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"k_min": 1}, "k_min must be at least 2; found 1; give a larger k_min"),
        ({"k_min": 5, "k_max": 4}, "k_max must be at least 5; found 4; give a larger k_max"),
        ({"n_init": 1}, "n_init must be at least 10; found 1"),
        ({"null_draws": 5}, "null_draws must be at least 19; found 5"),
        ({"user_k": 1}, "user_k must be at least 2; found 1"),
        ({"min_share": 5}, "min_share must lie between 0 and 1; found 5; give it as a fraction"),
        ({"jobs": 0}, "jobs must not be 0; found 0; give a number of threads, or -1 for one a core"),
    ],
)
def test_invalid_settings_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ChoiceSettings(**wrong)
