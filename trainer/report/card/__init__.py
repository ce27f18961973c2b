"""Writes the model card: what the model is, how it was made, what it may be used for and what it may not.

Every figure comes from the run, and every sentence that depends on a figure adapts to it.
"""

from __future__ import annotations

from trainer.report.card.card_about import (
    code,
    data,
    front_matter,
    limits,
    moved,
    opening,
    outcomes,
    proof,
    segments,
    use,
)
from trainer.report.card.card_evaluation import choice, fidelity, novelty, selective, sensitivity
from trainer.report.card.card_fairness import fairness
from trainer.report.card.markdown import without_markup
from trainer.report.comparison_words import comparison_section
from trainer.report.model_comparison import Comparison
from trainer.results.trained import Trained

__all__ = ["model_card"]

SECTIONS = (
    front_matter,
    opening,
    use,
    code,
    data,
    segments,
    outcomes,
    choice,
    sensitivity,
    moved,
    fidelity,
    selective,
    novelty,
    limits,
    fairness,
    proof,
)


def model_card(trained: Trained, comparison: Comparison | None = None) -> str:
    """The card in Markdown, with the front matter that Hugging Face reads.

    Args:
        comparison: with the model that ran before, where there was one to compare with.
    """
    texts = [section(trained) for section in SECTIONS]
    if comparison is not None:
        texts.insert(SECTIONS.index(moved) + 1, comparison_section(comparison))
    return without_markup("\n\n".join(text for text in texts if text)) + "\n"
