"""Sections about the file itself: its use, its data, its segments, its limits and how it was verified."""

from __future__ import annotations

import json

from inference.wording import listed
from trainer.report.card.card_evaluation import KIND_MEANINGS
from trainer.report.card.markdown import paragraphs, picture, sentences, table
from trainer.report.labels import feature_words, own_value, value_words
from trainer.report.run_report import warnings
from trainer.report.whole_words import whole_sentences
from trainer.results.trained import Trained
from trainer.schema.kinds.column_kinds import COLUMN_KINDS, column_kind
from trainer.schema.schema import Schema

TAGS = ("customer-segmentation", "clustering", "k-means", "missing-data", "onnxruntime")
USE = """\
## Intended use

For describing and grouping customers of the population that the table comes from: plan offers per segment, \
read profiles, and assign new customers to segments, including customers with unknown columns.

Not for high-stakes decisions about individuals (credit, prices, employment, access). Not for predicting \
what a customer will spend or how they will respond. Not for customers of another region \
or period unless the model is trained again."""
KNOWN_LIMITATIONS = (
    "It was not measured over time whether the customers of a segment spend, respond or stay as its name "
    "suggests.",
    "K-Means always finds k groups with straight borders. A customer near a border could belong to either "
    "segment; the probability shows how near the border is.",
    "In the evaluation, columns were hidden at random. In practice, whether a value is missing may depend on "
    "the value itself; the figures may then be worse.",
    "The folds of a cross-validation overlap. Standard errors are corrected for that, so that two of them "
    "are a 95% interval.",
    "Segments differ in the clustering columns by construction, so this difference is not tested.",
)


def front_matter(trained: Trained) -> str:
    """What the Hub reads: licence, library, task, tags and metrics."""
    tags = [*TAGS, trained.selection.chosen.replace("_", "-")]
    lines = [
        "license: mit",
        "language: en",
        "library_name: onnx",
        "pipeline_tag: tabular-classification",
        f"model_name: {json.dumps(trained.table.schema.name)}",
        "tags:",
        *(f"  - {tag}" for tag in tags),
        "metrics:",
        "  - accuracy",
        "  - f1",
    ]
    return "\n".join(["---", *lines, "---"])


def opening(trained: Trained) -> str:
    """What the model is in three sentences, and what to know before using it."""
    schema = trained.table.schema
    clustering = listed([schema.label(name).lower() for name in schema.clustering_sources])
    found = sentences(warnings(trained))
    return paragraphs(
        f"# {schema.title}: customer segments",
        f"One ONNX file that predicts which of {trained.choice.k} segments a customer belongs to. If "
        f"{clustering} {'is' if len(schema.clustering_sources) == 1 else 'are'} known, the nearest centroid "
        "decides, exactly as in scikit-learn's K-Means. Otherwise a classifier trained on incomplete "
        "customers ranks the segments, and a threshold decides whether its answer is certain enough for one "
        "segment.",
        KIND_MEANINGS[trained.choice.kind],
        "Before you use it:" if found else "",
        "\n".join(f"- {each}" for each in found),
    )


def use(trained: Trained) -> str:
    """What the model is for and what it is not for; the same for every table."""
    del trained
    return USE


def code(trained: Trained) -> str:
    """Six lines that predict, with the median values of the table."""
    schema = trained.table.schema
    hidden = schema.clustering_sources[-1]
    notes = dict.fromkeys(column_kind(spec).graph_note for spec in schema.columns)
    values = {column.name: COLUMN_KINDS[column.kind].example(column) for column in trained.described.columns}
    known = [f"{name}={value}" for name, value in values.items()]
    part = [f"{name}={value}" for name, value in values.items() if name != hidden]
    lines = [
        "from inference import Segmenter",
        "",
        'segmenter = Segmenter.load("artifacts/model.onnx")',
        f"answer = segmenter.predict({', '.join(known)})",
        "print(answer.segment, answer.probability, answer.novelty)",
        f"partly = segmenter.predict({', '.join(part)})  # {schema.label(hidden).lower()} unknown",
        "print(partly.enough, partly.probabilities)",
    ]
    return paragraphs(
        "## How to use",
        "\n".join(["```python", *lines, "```"]),
        "`inference` needs numpy and onnxruntime. In other languages, run the graph directly: each column is "
        'a tensor `[N, 1]`, double with NaN or string with `""` where it is unknown.' + "".join(notes),
    )


def data(trained: Trained) -> str:
    """Where the table comes from, what cleaning did, and what each column is for."""
    contract = trained.described
    of = "" if trained.whole is None else "of the sample "
    rows = [[each.label, each.unit, each.role, f"{each.missing_share:.1%}"] for each in contract.columns]
    others = [each for each in contract.features if each.name not in contract.logarithms.values()]
    features = "; ".join(f"{each.label} = `{each.formula}`" for each in others)
    return paragraphs(
        "## Data",
        *sentences([f"{trained.table.source}, {trained.rows} rows, SHA-256 {of}`{trained.table.sha256}`"]),
        " ".join(sentences(trained.table.report.sentences())),
        " ".join(sentences(whole_sentences(trained))),
        table(["Column", "Unit", "Role", "Missing"], rows),
        "Clustering columns decide the segment. Profile columns describe the segments, and help the "
        "classifier where a clustering column is unknown. The file, this card and its figures contain no "
        "customer's row.",
        _logarithms(
            trained.table.schema, "logarithm, `log1p`, is clustered, so that few large values do not decide"
        ),
        f"Computed from these: {features}." if features else "",
    )


def segments(trained: Trained) -> str:
    """Names, tiers, sizes, centroids and suggested actions."""
    schema, found = trained.table.schema, trained.fitted.segments
    tiered, valued = any(each.tier for each in found), any(each.index is not None for each in found)
    rows = []
    for each in found:
        tier = ", ".join(word for word in (each.tier, "high potential" * each.high_potential) if word)
        index = "" if each.index is None else f"{each.index:.2f}"
        index += "" if each.rate_index is None else f" (rate {each.rate_index:.2f})"
        centre = [
            value_words(schema, schema.plain(name), own_value(schema, name, value), _four_digits)
            for name, value in each.centroid.items()
        ]
        size = f"{each.size} ({each.share:.1%})"
        action = f"{each.action} Because: {each.because}." if each.because else each.action
        rows.append([each.name, *[tier] * tiered, *[index] * valued, size, *centre, action])
    clustering = [feature_words(schema, schema.plain(name)) for name in schema.clustering_features]
    header = [
        "Segment",
        *["Tier"] * tiered,
        *["Index"] * valued,
        "Customers",
        *clustering,
        "Suggested action",
    ]
    value = "" if schema.value is None else schema.label(schema.value).lower()
    total = value if value.startswith("total") else f"total {value}"
    users = "; ".join(f"{listed(list(entry))} of “{name}”" for name, entry in trained.overrides.items())
    return paragraphs(
        "## Segments",
        table(header, rows),
        _logarithms(schema, "geometric mean is shown, which is the centroid"),
        f"Index: the segment's share of {total} divided by its share of customers." if valued else "",
        f"Tiers are computed from the rate: {value} per unit of tenure, divided by that of all customers."
        if any(each.value_kind == "rate" for each in found)
        else "",
        "Actions are suggestions based on the profile; they were not tested.",
        f"Set by the user: {users}." if users else "",
        picture("segments", "Map of the segments"),
        picture("profiles", "Profiles of the segments"),
        picture("blades", "Silhouettes within the segments"),
    )


def _four_digits(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 1e4 else f"{float(f'{value:.4g}'):,.0f}"


def _logarithms(schema: Schema, said: str) -> str:
    """What is said of the columns that cluster by their logarithm, in one sentence; empty without any."""
    found = [schema.logarithm_of(name) for name in schema.clustering]
    labels = [schema.label(name) for name in found if name is not None]
    return f"Of {listed(labels)} the {said}." if labels else ""


def outcomes(trained: Trained) -> str:
    """The outcomes of each segment's customers, with 95% intervals; empty without outcome columns."""
    found = trained.described.outcomes
    if not found:
        return ""
    names = [*(each.name for each in trained.fitted.segments), "All customers"]
    rows = [
        [name, *(each.words((*each.segments, each.overall)[index]) for each in found)]
        for index, name in enumerate(names)
    ]
    return paragraphs(
        "## Outcomes",
        table(["Segment", *(each.title for each in found)], rows),
        "Rates with Wilson's 95% interval, means with the normal one, among the training customers whose "
        "outcome is known. An outcome is never a feature: it does not form the segments and is not needed "
        "for an answer. A difference between segments is not the effect of belonging to one.",
    )


def moved(trained: Trained) -> str:
    """What changed compared with the model this run replaces; empty when nothing changed."""
    if not trained.moves:
        return ""
    moves = "\n".join(f"- {move.sentence()}" for move in trained.moves)
    return paragraphs("## Compared with the previous model", moves)


def limits(trained: Trained) -> str:
    """What the figures do not cover."""
    first = (
        f"One table of {trained.rows} rows. The figures do not apply to other customers; the file "
        "contains histograms that help to detect when new customers differ from these."
    )
    return paragraphs("## Limits", "\n".join(f"- {each}" for each in (first, *KNOWN_LIMITATIONS)))


def proof(trained: Trained) -> str:
    """What the file was compared with, and what made it."""
    checked = trained.verification
    largest = ", ".join(f"{name} {value:.1e}" for name, value in checked.largest.items())
    versions = ", ".join(f"{name} {version}" for name, version in trained.described.versions.items())
    return paragraphs(
        "## How it was verified",
        f"Before it was written, the file was run on {checked.rows:,} rows in onnxruntime (random rows, and "
        "rows on the classifier's thresholds, with every evaluated missing pattern), and its answers were "
        f"compared with those of scikit-learn and XGBoost. Largest differences: {largest}. Rows so close to "
        f"a tie that their segment was not compared: {checked.ties}.",
        f"Made with {versions}; seed {trained.config.seed}.",
    )
