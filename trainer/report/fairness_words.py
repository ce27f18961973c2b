"""Sentences about groups of customers: how much the answers depend on age, gender and the like."""

from __future__ import annotations

from trainer.classifier.evaluation.group_changes import GroupChange
from trainer.classifier.evaluation.subgroups import Gap, group_gaps
from trainer.report.labels import pattern_words
from trainer.results.trained import Trained
from trainer.schema.schema import Schema

MOST_WARNINGS = 3
MOST_CHANGES = 2  # of them; the others are left for differences in fidelity
NOTICEABLE = 0.1  # share of customers whose segment depends on one column


def fairness_warnings(trained: Trained) -> list[str]:
    """At most three sentences: the columns that change most answers, then the largest clear differences."""
    schema = trained.table.schema
    worst: dict[str, GroupChange] = {}
    for change in sorted(trained.group_changes, key=lambda change: -change.changed):
        worst.setdefault(change.column, change)
    changes = [change_words(schema, each) for each in worst.values() if each.changed >= NOTICEABLE]
    clear = sorted((gap for gap in group_gaps(trained.groups) if gap.clear), key=lambda gap: -gap.difference)
    gaps = [gap_words(schema, gap) for gap in clear]
    shown = changes[: max(MOST_CHANGES, MOST_WARNINGS - len(gaps))]
    return [*shown, *gaps][:MOST_WARNINGS]


def change_words(schema: Schema, change: GroupChange) -> str:
    """How often another value changes the segment, as a sentence without a full stop."""
    return (
        f"with {pattern_words(schema, change.pattern)}, changing {schema.label(change.column).lower()} from "
        f"{change.before} to {change.after} changes the segment of {change.changed:.0%} of customers"
    )


def gap_words(schema: Schema, gap: Gap) -> str:
    """The difference between two groups, as a sentence without a full stop."""
    found = [] if gap.error is None else [f"standard error {100 * gap.error:.0f}"]
    if gap.p_value is not None:
        found.append(f"p = {gap.p_value:.2g} after Holm's correction for {gap.comparisons} comparisons")
    noted = f" ({', '.join(found)})" if found else ""
    return (
        f"with {pattern_words(schema, gap.pattern)}, fidelity is {100 * gap.difference:.0f} points{noted} "
        f"lower for {schema.label(gap.column).lower()} {gap.worse} than {gap.better}"
    )
