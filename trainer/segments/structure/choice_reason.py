"""The reason for a number of segments, in words with figures."""

from __future__ import annotations

from trainer.segments.structure.choice_settings import ChoiceSettings
from trainer.segments.structure.evidence import Evidence
from trainer.segments.structure.k_decision import LEAST_ROWS, KFigures, Kind, is_sizeable


def reason(
    evidence: Evidence, row: KFigures, kind: Kind, natural: int | None, settings: ChoiceSettings
) -> str:
    """Return two or three sentences about the chosen ``row``.

    Args:
        evidence: on the columns used.
        row: of the chosen k.
        kind: of the chosen k.
        natural: the number of natural segments, or ``None``.
        settings: with the limits and the user's k.
    """
    sentences = [_first(row, kind, evidence.p_value, settings)]
    if settings.user_k is not None:
        sentences.append(_rule_says(row.k, natural))
    if kind != "natural":
        sentences.append(_not_natural(evidence, row, natural))
    return " ".join(sentences)


def failed_conditions(row: KFigures, limit: float, settings: ChoiceSettings) -> tuple[str, ...]:
    """Return the conditions of natural segments that one k fails, in words with figures.

    Args:
        row: of that k.
        limit: what the largest z of one population stays below.
        settings: with the limits.
    """
    need = settings
    reach = row.null_mean + max(limit * row.null_deviation, need.min_excess)
    size = f"smallest segment of {row.smallest_rows} rows ({row.smallest_share:.1%})"
    checks = (
        (row.ari >= need.min_ari,
         f"mean ARI {row.ari:.3f} over the bootstrap samples, {need.min_ari:g} required"),
        (row.jaccard >= need.min_jaccard,
         f"Jaccard {row.jaccard:.3f} of the weakest segment, {need.min_jaccard:g} required"),
        (is_sizeable(row.smallest_rows, row.smallest_share, need),
         f"{size}, {need.min_share:.0%} and {LEAST_ROWS} rows required"),
        (row.z > limit and row.excess >= need.min_excess,
         f"silhouette {row.silhouette:.3f}, but one population may reach {reach:.3f}"),
        (row.separated or not row.reproducible, "no valley of density between neighbouring segments"),
    )  # fmt: skip
    return tuple(words for passed, words in checks if not passed)


def _first(row: KFigures, kind: Kind, p_value: float, settings: ChoiceSettings) -> str:
    if kind == "natural":
        return (
            f"{row.k} segments are natural: their silhouette of {row.silhouette:.3f} exceeds the "
            f"{row.null_mean:.3f} of one population (p = {p_value:.2g}), a valley of density "
            f"separates all neighbours (at most {row.valley:.2f} of the lower peak), and the same segments "
            f"reappear in resampled data (mean ARI {row.ari:.3f})."
        )
    if kind == "reproducible":
        return (
            f"{row.k} segments are reproducible: they divide a continuum, and the same division reappears in "
            f"resampled data (mean ARI {row.ari:.3f}, Jaccard of the weakest segment {row.jaccard:.3f})."
        )
    return (
        f"{row.k} segments are constructive: the number is a decision, not a finding, and resampled data "
        f"gives other segments (mean ARI {row.ari:.3f}, {settings.min_ari:g} needed; Jaccard of the weakest "
        f"segment {row.jaccard:.3f}, {settings.min_jaccard:g} needed; smallest segment "
        f"{row.smallest_share:.1%})."
    )


def _rule_says(k: int, natural: int | None) -> str:
    if natural is None:
        return f"k = {k} was chosen by the user."
    same = "the rule chooses the same" if natural == k else f"the rule finds {natural} natural segments"
    return f"k = {k} was chosen by the user; {same}."


def _not_natural(evidence: Evidence, row: KFigures, natural: int | None) -> str:
    if natural is not None:
        return f"Natural segments were found at k = {natural} only."
    if evidence.p_value > 0.05:
        return f"One population explains the data (p = {evidence.p_value:.2g}), so no number is natural."
    if any(each.passes for each in evidence.rows):
        return "No number is natural: more segments would be clearer, but they do not reappear reliably."
    if not row.separated:
        return "No number is natural: neighbouring segments touch without a valley of density between them."
    return f"No number is natural: the silhouette exceeds one population by {row.excess:.3f} only."
