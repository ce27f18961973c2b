"""Which rows of a table were used for what, where a run held a sample of it: in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from inference.wording import counted
from trainer.results.trained import Trained
from trainer.segments.full_passes import MOST_PASSES, FullPasses
from trainer.segments.matching import NEAR
from trainer.segments.whole_counts import WholeCounts


def whole_sentences(trained: Trained) -> list[str]:
    """Which rows decided what, and how far the centroids moved; empty where all rows were used for all."""
    whole = trained.whole
    return [] if whole is None else list(_sentences(whole, trained))


def whole_warnings(trained: Trained) -> Iterator[str]:
    """Signs that the sample does not stand for the table, or that there were too few passes."""
    if trained.whole is None:
        return
    passes = trained.whole.passes
    if not passes.settled:
        yield (
            f"after {MOST_PASSES} passes over all rows, a centroid still moved by {passes.last_step:.2g} "
            "standard deviations per pass"
        )
    if max(passes.moved) >= NEAR:
        yield (
            f"over all rows a centroid moved {max(passes.moved):.2f} standard deviations away from that of "
            "the sample, by which the number of segments was chosen; train with another --seed to compare"
        )


def _sentences(whole: WholeCounts, trained: Trained) -> Iterator[str]:
    left_out = f", {counted(whole.left_out, 'row')} of another length left out" if whole.left_out else ""
    once = ", each that equals another one counted once" if whole.distinct else ""
    yield f"{counted(whole.rows, 'row')} in the table{left_out}{once}"
    yield (
        f"a sample of {counted(whole.sample_rows, 'row')} (seed {whole.seed}) decided roles, scaling, the "
        "number of segments, names, tiers, quartiles, outcomes, other numbers of segments and the classifier"
    )
    yield _passes(whole.passes)
    moved = [
        f"{segment.name} {each:.4f}"
        for segment, each in zip(trained.fitted.segments, whole.passes.moved, strict=True)
    ]
    yield f"from the sample's centroids to those of all rows, in standard deviations: {'; '.join(moved)}"
    yield (
        f"sizes, shares, means and histograms count all rows, of which {whole.clustered:,} have every "
        "clustering column"
    )


def _passes(passes: FullPasses) -> str:
    step = "the last one moved no centroid"
    if passes.last_step:
        step = f"in the last one no centroid moved more than {passes.last_step:.1g} standard deviations"
    return f"{counted(passes.passes, 'pass', 'passes')} of K-Means over {counted(passes.rows, 'row')}; {step}"
