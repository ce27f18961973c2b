"""The reason for a number of segments, in words with figures."""

from __future__ import annotations

from trainer.segments.structure.evidence import Evidence
from trainer.segments.structure.k_decision import KFigures, Kind
from trainer.segments.structure.structure_settings import StructureSettings


def reason(
    evidence: Evidence, row: KFigures, kind: Kind, natural: int | None, settings: StructureSettings
) -> str:
    """Return two or three sentences about the chosen ``row``.

    Args:
        evidence: on the columns used.
        row: of the chosen k.
        kind: of the chosen k.
        natural: the number of natural segments, or ``None``.
        settings: with the limits and the user's k.
    """
    sentences = [_first(row, kind, settings)]
    if settings.user_k is not None:
        sentences.append(_rule_says(row.k, natural))
    if kind != "natural":
        sentences.append(_not_natural(evidence, row, natural))
    return " ".join(sentences)


def _first(row: KFigures, kind: Kind, settings: StructureSettings) -> str:
    if kind == "natural":
        return (
            f"{row.k} segments are natural: their silhouette of {row.silhouette:.3f} exceeds the "
            f"{row.null_mean:.3f} of one population, a valley of density separates all neighbours (at most "
            f"{row.valley:.2f} of the lower peak), and the same segments reappear in resampled data "
            f"(mean ARI {row.ari:.3f})."
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
    if not row.separated:
        return "No number is natural: neighbouring segments touch without a valley of density between them."
    return f"No number is natural: the silhouette exceeds one population by {row.excess:.3f} only."
