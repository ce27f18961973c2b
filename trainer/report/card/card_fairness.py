"""The section about groups of customers: whether answers depend on age, gender and the like."""

from __future__ import annotations

from inference.wording import listed
from trainer.classifier.evaluation.group_changes import MOST_CUSTOMERS
from trainer.classifier.evaluation.subgroups import group_gaps
from trainer.classifier.missing_patterns import key_patterns
from trainer.report.card.markdown import paragraphs, table, with_error
from trainer.report.fairness_words import gap_words
from trainer.report.labels import pattern_words
from trainer.results.trained import Trained

PERSONS = "age, gender, household, education, marital status, nationality and similar"
NO_GROUPS = "Fidelity within groups was not computed: no group is large enough."
ALL_CLUSTER = "Every column is a clustering column, so no groups are compared."


def fairness(trained: Trained) -> str:
    """Which columns describe the person, how often they change the answer, and how good it is per group."""
    schema = trained.table.schema
    profile = [spec.name for spec in schema.columns if spec.name not in schema.clustering_sources]
    compared = [name for name in profile if name in trained.persons]
    deciding = [name for name in schema.clustering_sources if name in trained.persons]
    return paragraphs(
        "## Fairness",
        _profile([schema.label(name) for name in profile]) if profile else ALL_CLUSTER,
        _persons([schema.label(name) for name in compared], [schema.label(name) for name in deciding]),
        *(_changes(trained) if trained.group_changes else ()),
        *(_fidelity(trained) if compared else ()),
    )


def _profile(labels: list[str]) -> str:
    return (
        f"Profile columns: {listed(labels)}. If every clustering column is known, they do not change the "
        "answer. If one is unknown, the classifier uses them too, so its answer may depend on what is "
        "typical of a group. Any column may be left unknown."
    )


def _persons(compared: list[str], deciding: list[str]) -> str:
    """The columns that describe the person, by role."""
    found = []
    if compared:
        found.append(f"Groups are compared by profile columns that describe the person: {listed(compared)}.")
    if deciding:
        found.append(
            "Clustering columns that describe the person, and therefore decide the segment: "
            f"{listed(deciding)}."
        )
    return " ".join(found) or f"No column describes the person ({PERSONS}), by its header or as set."


def _changes(trained: Trained) -> tuple[str, str]:
    schema = trained.table.schema
    patterns = list(dict.fromkeys(each.pattern for each in trained.group_changes))
    found = {(each.column, each.pattern): each for each in trained.group_changes}
    rows = []
    for name in dict.fromkeys(each.column for each in trained.group_changes):
        cells = [found.get((name, pattern)) for pattern in patterns]
        written = [
            "" if each is None else f"{each.changed:.1%} ({each.before} to {each.after})" for each in cells
        ]
        rows.append([schema.label(name), *written])
    return (
        f"Share of training customers (at most {MOST_CUSTOMERS:,}, drawn at random) whose segment changes "
        "when one column changes and everything else stays, with one clustering column unknown. Numbers "
        "change from the middle of the lowest quarter to that of the highest; of categories, the two values "
        "are shown between which most segments change.",
        table(["Changed", *(pattern_words(schema, pattern) for pattern in patterns)], rows),
    )


def _fidelity(trained: Trained) -> tuple[str, ...]:
    if not trained.groups:
        return (NO_GROUPS,)
    return ("Surrogate fidelity (accuracy) within groups:", _group_table(trained), _clearest(trained))


def _clearest(trained: Trained) -> str:
    """The clearest difference, and how many are clear."""
    gaps = group_gaps(trained.groups)
    if not gaps:
        return ""
    clearest = min(gaps, key=lambda gap: (2.0 if gap.p_value is None else gap.p_value, -gap.difference))
    clear = sum(gap.clear for gap in gaps)
    return (
        f"The clearest difference: {gap_words(trained.table.schema, clearest)}. Clear differences (p below "
        f"5% after Holm's correction for the number of comparisons): {clear}."
    )


def _group_table(trained: Trained) -> str:
    schema, figures = trained.table.schema, trained.groups
    patterns = key_patterns(schema)[1:]
    groups = dict.fromkeys((each.column, each.group, each.customers) for each in figures)
    rows = []
    for column, group, customers in groups:
        own = [each for each in figures if (each.column, each.group) == (column, group)]
        cells = [with_error(each.accuracy, each.accuracy_se) for each in own]
        rows.append([f"{schema.label(column)}: {group}", f"{customers}", *cells])
    return table(["Group", "Customers", *(pattern_words(schema, pattern) for pattern in patterns)], rows)
