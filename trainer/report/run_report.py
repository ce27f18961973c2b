"""All results of a run, ready for JSON: the contract without its self-test, and what it does not contain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.cross_validation import NEAREST_CENTROID, PRIOR
from trainer.classifier.evaluation.group_changes import GroupChange
from trainer.classifier.evaluation.subgroups import Gap, GroupFigure, group_gaps
from trainer.classifier.missing_patterns import NOTHING_MISSING, key_patterns
from trainer.config import TrainConfig
from trainer.export.write_contract import without_self_test
from trainer.report.fairness_words import fairness_warnings
from trainer.report.labels import pattern_words
from trainer.report.whole_words import whole_sentences, whole_warnings
from trainer.results.trained import Trained
from trainer.roles.settings.role_settings import Roles
from trainer.segments.separation import clustering_warnings

FEW_VALUES = 10  # with fewer distinct values, segments are just these values: reproducible but useless
MANY_WITHOUT = 0.05  # share of rows that could not be clustered
SAME_SEGMENT = 0.95  # share of held-out customers who should keep their segment


def report_document(trained: Trained) -> dict[str, Any]:
    """The report of a run; numbers are finite, and what has no value is ``None``.

    Returns:
        The contract's entries except ``self_test``, and ``config``, ``cleaning`` (sentences),
        ``verification``, ``warnings`` (sentences), ``moves`` (compared with the previous model),
        ``second_opinions`` (sentences), ``whole_table`` (what all rows were used for, where the run held a
        sample of them) and ``groups`` (by columns that describe the person: fidelity within groups,
        differences, and how often another group means another segment).
    """
    added = {
        "config": _config(trained.config),
        "cleaning": trained.table.report.sentences(),
        "verification": asdict(trained.verification),
        "warnings": warnings(trained),
        "moves": [asdict(each) for each in trained.moves],
        "second_opinions": trained.choice.second_opinions,
        **_whole(trained),
        "groups": {
            "person_columns": trained.persons,
            "figures": [_by_missing(each) for each in trained.groups],
            "gaps": [{**_by_missing(each), "clear": each.clear} for each in group_gaps(trained.groups)],
            "changes": [_by_missing(each) for each in trained.group_changes],
        },
    }
    document: dict[str, Any] = _plain({**without_self_test(trained.contract), **added})
    return document


def _whole(trained: Trained) -> dict[str, Any]:
    """What all rows were used for, without what the contract says of them; nothing without a sample."""
    if trained.whole is None:
        return {}
    entry = asdict(trained.whole)
    said = ("histograms", "missing", "profile", "mean_square")
    kept = {name: value for name, value in entry.items() if name not in said}
    kept["passes"] |= {"settled": trained.whole.passes.settled}
    return {"whole_table": kept | {"sentences": whole_sentences(trained)}}


def _by_missing(figure: GroupFigure | Gap | GroupChange) -> dict[str, Any]:
    """A figure for one missing pattern, whose columns are listed as ``missing``."""
    entry = asdict(figure)
    return {"missing": entry.pop("pattern"), **entry}


def warnings(trained: Trained) -> list[str]:
    """What readers should know before they use the file, in sentences with figures; often empty."""
    return [
        *trained.table.report.warnings(trained.config.roles.ignore),
        *_choice_warnings(trained),
        *whole_warnings(trained),
        *_column_warnings(trained),
        *_classifier_warnings(trained),
    ]


def _choice_warnings(trained: Trained) -> Iterator[str]:
    choice = trained.choice
    if choice.kind != "natural":
        yield f"the {choice.k} segments are {choice.kind}, not natural: {'; '.join(choice.row.failed)}"
    yield from choice.left_out
    same = trained.evaluation.classifiers[NEAREST_CENTROID][NOTHING_MISSING].cross["accuracy"]
    if same < SAME_SEGMENT:
        yield f"only {same:.1%} of held-out customers keep their segment when they are not used for fitting"


def _column_warnings(trained: Trained) -> Iterator[str]:
    schema, report = trained.table.schema, trained.table.report
    columns = trained.table.take(trained.table.clusterable())
    yield from clustering_warnings(trained.fitted.segmentation, columns, trained.labels)
    for name in schema.clustering_sources:
        values = len(np.unique(columns[name].astype(str)))
        if 2 < values < FEW_VALUES:
            yield (
                f"{schema.label(name)} is a clustering column with {values} different values; "
                "the segments may be just these values"
            )
    if schema.value is None:
        yield "no column shows what customers spend, so segments have no tier"
    if report.rows_without_clustering_values > MANY_WITHOUT * len(trained.table):
        without, rows = report.rows_without_clustering_values, len(trained.table)
        yield f"{without} of {rows} rows have an unknown clustering column and were not clustered"


def _classifier_warnings(trained: Trained) -> Iterator[str]:
    scores = trained.evaluation.classifiers
    label = CANDIDATES[trained.selection.chosen].label
    prior = scores[PRIOR][NOTHING_MISSING].fidelity["log_loss"]
    for pattern in key_patterns(trained.table.schema)[1:]:
        loss = scores[trained.selection.chosen][pattern].fidelity["log_loss"]
        if loss >= prior:
            words = pattern_words(trained.table.schema, pattern)
            losses = f"log loss {loss:.2f}, compared with {prior:.2f}"
            yield f"with {words}, {label} is no better than the segment sizes alone ({losses})"
    selective = trained.evaluation.selective
    if selective.accuracy is None:
        yield f"no probability is high enough to be right {selective.wanted:.0%} of the time"
    yield from fairness_warnings(trained)


def _config(config: TrainConfig) -> dict[str, Any]:
    """The settings; ``roles`` only where the user set any."""
    document = asdict(config)
    if config.roles == Roles():
        del document["roles"]
    return document


def _plain(value: Any) -> Any:
    """The same in JSON types; NaN and infinity become ``None``."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
