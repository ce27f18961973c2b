"""Sections about what was measured: the choice of k, surrogate fidelity, when to answer, and novelty."""

from __future__ import annotations

from collections.abc import Mapping

from inference.wording import listed
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.cross_validation import NEAREST_CENTROID, PRIOR
from trainer.classifier.missing_patterns import NOTHING_MISSING, key_patterns
from trainer.classifier.models.temperature import Temperature
from trainer.report.card.card_scores import every_score
from trainer.report.card.markdown import paragraphs, picture, table, with_error
from trainer.report.labels import pattern_words
from trainer.results.known_limits import NOVEL_QUANTILE
from trainer.results.trained import Trained
from trainer.schema.schema import Schema
from trainer.segments.alternatives import Alternative
from trainer.segments.described_choice import Choice, KRow

FIDELITY = """\
*Surrogate fidelity* is how often the classifier returns the segmentation's own answer for customers it has \
not seen. It is not an accuracy of the segments: segments have no true labels to compare with, and a \
classifier reproduces segments found in pure noise just as well."""
KIND_MEANINGS = {
    "natural": "**Natural segments**: the customers form separate groups, and the same groups reappear in "
    "resampled data.",
    "reproducible": "**Reproducible segments**: the customers form a continuum without gaps. The segments "
    "divide it, and the same division reappears in resampled data.",
    "constructive": "**Constructive segments**: the customers form no groups that resampled data would show "
    "again. The number of segments is a decision, and other data may give other segments.",
}
FIGURES = {
    "accuracy": "Accuracy",
    "top2": "Top-2 accuracy",
    "precision": "Macro precision",
    "recall": "Macro recall",
    "f1": "Macro F1",
    "log_loss": "Log loss",
    "calibration_error": "Calibration error",
}


def choice(trained: Trained) -> str:
    """The decision about k in words, the figures of every k, and what other criteria recommend."""
    decided = trained.choice
    centroid = trained.evaluation.classifiers[NEAREST_CENTROID][NOTHING_MISSING]
    header = ["k", "Kind", "Silhouette", "One population", "ARI", "Weakest Jaccard", "Smallest", "Valley"]
    header.append("Why not natural")
    return paragraphs(
        f"## Why {decided.k} segments, and what kind",
        KIND_MEANINGS[decided.kind],
        decided.reason,
        f"{centroid.cross['accuracy']:.1%} of held-out customers get the same segment from a segmentation "
        "that was fitted without them.",
        table(header, [_k_cells(row, decided.k) for row in decided.table]),
        f"Measured on {decided.sample_rows} rows, with {decided.settings.bootstraps} to "
        f"{decided.settings.most_bootstraps} bootstrap samples and {decided.draws} tables drawn from one "
        "population: each column's closest distribution with one peak, with the columns' rank correlations. "
        "*Valley*: the largest density between neighbouring segments, divided by the lower of their peaks; "
        "1 means that they touch.",
        _other_numbers(decided),
        f"Other criteria, reported but not used for the decision: {' '.join(decided.second_opinions)}",
        picture("silhouette", "Silhouette by k"),
        picture("stability", "Stability by k"),
        picture("elbow", "Inertia by k"),
    )


def _other_numbers(decided: Choice) -> str:
    """Other numbers of segments to consider, with the option that takes each."""
    if not decided.others:
        return ""
    rows = [
        [
            f"`{other.option}`",
            other.kind,
            f"{other.ari:.3f}",
            f"{other.jaccard:.3f}",
            "; ".join(f"{name} ({size})" for name, size in other.segments),
        ]
        for other in decided.others
    ]
    header = ["Option", "Kind", "ARI", "Weakest Jaccard", "Segments (customers)"]
    return paragraphs("Other numbers of segments to consider:", table(header, rows))


def _temperature_words(found: Temperature) -> str:
    change = with_error(found.change, found.change_se)
    used = "is not used" if found.used == 1.0 else "is used"
    return (
        f"A temperature of {found.fitted:.2f} would change this log loss by {change}, measured in folds "
        f"it was not fitted on; it {used}."
    )


def sensitivity(trained: Trained) -> str:
    """The segmentation with other clustering columns; empty when they were not tried."""
    if not trained.sensitivity:
        return ""
    schema = trained.table.schema
    header = [
        "Clustering columns",
        "k",
        "Kind",
        "Above one population",
        "ARI",
        "Weakest Jaccard",
        "Same segments",
        "Segments",
        "Option",
        *(spec.label for spec in schema.columns),
    ]
    return paragraphs(
        "## With other clustering columns",
        f"The same rule on at most {trained.config.sensitivity_rows:,} of the same customers, with fewer "
        "samples: the chosen columns first, then the best. The option takes a set, which is then judged in "
        "full. The more sets are tried, the more likely one looks separated by chance. *Above one "
        "population*: the silhouette less that of one population. *Same segments*: the adjusted Rand index "
        "with the chosen segments. The last columns show the share of each column's variance that lies "
        "between the segments. Segments that are little more than the values of one column are not useful, "
        "however well they reappear.",
        table(header, [_other_cells(schema, each) for each in trained.sensitivity]),
    )


def _other_cells(schema: Schema, other: Alternative) -> list[str]:
    return [
        f"{other.title}: {listed([label.lower() for label in other.labels])}",
        f"{other.k}",
        other.kind,
        f"{other.excess:+.3f}",
        f"{other.ari:.3f}",
        f"{other.jaccard:.3f}",
        f"{other.agreement:.2f}",
        "; ".join(other.names),
        f"`{other.option}`" if other.option else "",
        *(f"{other.separates[spec.name]:.0%}" for spec in schema.columns),
    ]


def _k_cells(row: KRow, chosen: int) -> list[str]:
    return [
        f"**{row.k}**" if row.k == chosen else f"{row.k}",
        row.kind,
        f"{row.silhouette:.3f}",
        f"{row.null_mean:.3f}",
        with_error(row.ari, row.ari_error),
        f"{row.jaccard:.3f}",
        f"{row.smallest_share:.1%}",
        f"{row.valley:.2f}",
        "" if row.kind == "natural" else "; ".join(row.failed),
    ]


def fidelity(trained: Trained) -> str:
    """The chosen classifier for every missing pattern, then all candidates, the centroid and the prior."""
    chosen, run = trained.selection.chosen, trained.evaluation
    size = ", ".join(f"{name} {value:g}" for name, value in trained.fitted.classifier.settings.items())
    return paragraphs(
        "## Incomplete customers: surrogate fidelity",
        FIDELITY,
        f"Method: {run.method}; {run.folds} folds, repeats: {run.repeats}, {run.rows} rows. "
        "± is one standard error, corrected for overlapping folds. Differences below two standard errors are "
        "not meaningful.",
        trained.selection.reason,
        _temperature_words(trained.temperature),
        f"{CANDIDATES[chosen].label} ({size}), by missing pattern:",
        _by_pattern(trained),
        "All candidates, accuracy and log loss:",
        _side_by_side(trained),
        "The nearest centroid answers for complete customers only; for these it is the segmentation itself. "
        "The segment sizes alone give the same answer for every customer.",
        *every_score(trained),
        picture("calibration", "Calibration"),
        picture("confusion", "Confusion on complete rows"),
    )


def _by_pattern(trained: Trained) -> str:
    scores = trained.evaluation.classifiers[trained.selection.chosen]
    rows = []
    for pattern in trained.held_out.patterns:
        found = scores[pattern].fidelity
        figures = [with_error(found[each], found[f"{each}_se"]) for each in FIGURES]
        rows.append([pattern_words(trained.table.schema, pattern), *figures])
    return table(["", *FIGURES.values()], rows)


def _side_by_side(trained: Trained) -> str:
    patterns = key_patterns(trained.table.schema)
    scores = trained.evaluation.classifiers
    rows = [
        [candidate.label, *(_both(scores[name][pattern].fidelity) for pattern in patterns)]
        for name, candidate in CANDIDATES.items()
    ]
    centroid, prior = (scores[name][NOTHING_MISSING].fidelity for name in (NEAREST_CENTROID, PRIOR))
    rows.append(["Nearest centroid", _both(centroid), *["none"] * (len(patterns) - 1)])
    rows.append(["Segment sizes only", *[_both(prior)] * len(patterns)])
    return table(["", *(pattern_words(trained.table.schema, pattern) for pattern in patterns)], rows)


def _both(figures: Mapping[str, float]) -> str:
    return f"{figures['accuracy']:.3f}, {figures['log_loss']:.3f}"


def selective(trained: Trained) -> str:
    """The probability from which the classifier gives one answer, and how good these answers are."""
    found = trained.evaluation.selective
    if found.accuracy is None:
        rule = (
            "For held-out customers with an unknown clustering column, no probability is high enough to be "
            f"right {found.wanted:.0%} of the time, with 95% confidence. The answer for them is always the "
            "ranked probabilities."
        )
    else:
        rule = (
            f"The highest probability must be at least {found.threshold:.2f}; below it the answer is “not "
            "enough information” and the ranked probabilities. This is the lowest threshold from which, in "
            f"each missing pattern that allows it, at least {found.wanted:.0%} of the answers are right with "
            "95% confidence. Of held-out customers with an unknown clustering column, over all missing "
            f"patterns, {found.answered:.1%} get one answer and {found.accuracy:.1%} of these are right. "
            "“At least” is the lower 95% bound (Clopper and Pearson) of the share that is right."
        )
    rows = [
        [
            pattern_words(trained.table.schema, pattern),
            f"{point.answered:.1%}",
            *("none" if each is None else f"{each:.1%}" for each in (point.accuracy, point.at_least)),
        ]
        for pattern, point in found.patterns.items()
    ]
    return paragraphs(
        "## When the answer is “not enough information”",
        rule,
        table(["", "Get one answer", "Right among these", "At least"], rows),
        picture("selective", "Accuracy against the share answered"),
    )


def novelty(trained: Trained) -> str:
    """What novelty compares, and the 99% distance of each segment."""
    names = [segment.name for segment in trained.fitted.segments]
    rows = [[name, f"{far:.2f}"] for name, far in zip(names, trained.fitted.far, strict=True)]
    return paragraphs(
        "## Novelty",
        "Novelty is the distance to the segment's centroid divided by the distance within which "
        f"{NOVEL_QUANTILE:.0%} of new customers like those in training are expected (a conformal quantile of "
        "held-out customers). Above 1 the customer is unlike the training customers, and the segment is only "
        "the nearest one. If clustering columns are unknown, the known ones are compared in the same way, "
        "with the nearest segment; above 1 the classifier's answer is then not certain enough.",
        table(["Segment", f"{NOVEL_QUANTILE:.0%} distance, in standard deviations"], rows),
    )
