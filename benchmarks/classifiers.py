"""Classifiers for incomplete customers on tables whose truth is known, and what the served one promises.

    python -m benchmarks.classifiers embedded
    python -m benchmarks.classifiers smoothed [DRAWS [FIRST]]
    python -m benchmarks.classifiers tables FILE...

``embedded`` takes the nested cross-validation of the embedded table. ``smoothed`` draws tables of 200
customers, and 3,000 new customers for each, from a smoothed copy of the embedded one: the segments of new
customers are known exactly, and so are the share of right answers above the threshold, the false alarms of
the novelty, and how many customers with one value far outside are noticed. ``tables`` takes the nested
cross-validation of any table; columns of text are left out, so that no true class helps. Each writes its part
of benchmarks/results/classifiers.json, where other tables keep their figures, and the tables in
docs/what-the-figures-mean.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inference.contract import NUMBER, PROBABILITIES
from inference.segmenter import Segmenter
from trainer import MALL, ChoiceSettings, Schema, Table, TrainConfig, Trained, read_table, train
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.probability_metrics import log_losses
from trainer.classifier.fitted_classifier import Classifier, fit_classifier
from trainer.classifier.missing_patterns import Pattern, hide, served_patterns
from trainer.classifier.training_table import TrainingTable

ROWS, NEW_ROWS, DRAWS, FIRST, K = 200, 3_000, 25, 14, 5
BANDWIDTH = 0.15  # standard deviations by which a customer of the smoothed copy differs from a real one
ANY = (0.0, 1e6)
FAR = 5.0  # standard deviations beyond the range, of one clustering column, for a customer to be noticed
RESULTS = Path(__file__).parent / "results" / "classifiers.json"
PAGE = Path(__file__).parents[1] / "docs" / "what-the-figures-mean.md"
START, END = "<!-- figures of python -m benchmarks.classifiers -->", "<!-- end of these figures -->"

Columns = Mapping[str, NDArray[Any]]


def smoothed(rows: int, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Columns ``[rows]`` of customers like those of the embedded table, none of them equal to one of them."""
    columns = read_table().columns
    drawn = rng.integers(0, len(columns["age"]), rows)
    return {
        name: values[drawn]
        if values.dtype.kind not in "fi"
        else (values[drawn] + rng.normal(0, BANDWIDTH * values.std(), rows)).clip(0.0)
        for name, values in columns.items()
    }


def _unbounded(schema: Schema) -> Schema:
    """The same columns, in which any number from 0 on is valid."""
    columns = tuple(replace(spec, range=ANY) if spec.kind == NUMBER else spec for spec in schema.columns)
    return replace(schema, columns=columns)


def measured(seed: int) -> dict[str, Any]:
    """One table of the smoothed copy: what is trained on it, asked about new customers."""
    rng = np.random.default_rng(seed)
    table = replace(read_table(), schema=_unbounded(MALL), columns=smoothed(ROWS, rng))
    config = TrainConfig(seed=0, choice=ChoiceSettings(user_k=K), sensitivity=False)
    trained = train(table, config)
    new = smoothed(NEW_ROWS, rng)
    truth = trained.fitted.segmentation.nearest(new)
    served = served_patterns(table.schema)
    asked = [hide(table.schema, new, pattern) for pattern in served]
    each_loss = {
        name: [float(log_losses(fitted.probabilities(each), truth).mean()) for each in asked]
        for name, fitted in _fitted(trained, table).items()
    }
    losses = {name: float(np.mean(values)) for name, values in each_loss.items()}
    answers = [trained.fitted.answer(each)[PROBABILITIES] for each in asked]
    losses["served"] = float(np.mean([log_losses(each, truth).mean() for each in answers]))
    return {
        "seed": seed,
        "chosen": trained.selection.chosen,
        "log_loss": losses,
        "within_two_errors": _covered(trained, each_loss, served),
        **_promises(trained, table, new, truth, served),
    }


def _covered(trained: Trained, losses: Mapping[str, Sequence[float]], served: Sequence[Pattern]) -> float:
    """How often the held-out log loss is within two standard errors of that of new customers."""
    found = []
    for name, values in losses.items():
        for pattern, new in zip(served, values, strict=True):
            figures = trained.evaluation.classifiers[name][pattern].fidelity
            found.append(abs(figures["log_loss"] - new) <= 2 * figures["log_loss_se"])
    return float(np.mean(found))


def _fitted(trained: Trained, table: Table) -> dict[str, Classifier]:
    """Every candidate, fitted to all customers of the table."""
    segmentation = trained.fitted.segmentation
    labels = segmentation.nearest(table.columns)
    known = TrainingTable(segmentation=segmentation, columns=table.columns, labels=labels)
    sizes = trained.held_out.sizes
    return {
        name: fit_classifier(candidate, known, settings=sizes[name], seed=trained.config.seed)
        for name, candidate in CANDIDATES.items()
    }


def _promises(
    trained: Trained, table: Table, new: Columns, truth: NDArray[np.int64], served: Sequence[Pattern]
) -> dict[str, Any]:
    """How many answers are right above the threshold, per pattern; false and true alarms of the novelty."""
    segmenter = Segmenter.load(trained.model)
    right: dict[str, float | None] = {}
    given, correct, total = 0, 0, 0
    for pattern in served:
        answers = segmenter.predict_many(_given(new, pattern))
        partial = answers.enough
        hits = answers.segment_id[partial] == truth[partial]
        given, correct, total = given + int(partial.sum()), correct + int(hits.sum()), total + len(truth)
        right[" + ".join(pattern)] = float(hits.mean()) if partial.mean() >= 0.01 else None
    clustering = table.schema.clustering_sources
    patterns = [(), *(each for each in served if not set(clustering) <= set(each))]
    return {
        "answered": given / total,
        "right": correct / given if given else None,
        "right_by_pattern": right,
        "false_alarms": {
            " + ".join(each) or "complete": _alarms(segmenter, _given(new, each)) for each in patterns
        },
        "noticed": {
            " + ".join(each) or "complete": float(
                np.mean(
                    [
                        _alarms(segmenter, _given(_far_out(table, new, name), each))
                        for name in clustering
                        if name not in each
                    ]
                )
            )
            for each in patterns
        },
    }


def _given(columns: Columns, pattern: Pattern) -> dict[str, NDArray[Any]]:
    return {name: values for name, values in columns.items() if name not in pattern}


def _alarms(segmenter: Segmenter, customers: Columns) -> float:
    """The share of customers with a novelty above 1; one without a novelty raises no alarm."""
    with np.errstate(invalid="ignore"):
        return float((segmenter.predict_many(customers).novelty > 1).mean())


def _far_out(table: Table, new: Columns, name: str) -> dict[str, NDArray[Any]]:
    """The customers with one column far above its range."""
    values = table.columns[name]
    return {**new, name: np.full(len(new[name]), values.max() + FAR * values.std())}


def held_out(trained: Trained) -> dict[str, Any]:
    """What the nested cross-validation of one run says."""
    best = min(trained.selection.losses.values())
    return {
        "rows": len(trained.labels),
        "segments": trained.fitted.segmentation.k,
        "chosen": trained.selection.chosen,
        "log_loss": trained.selection.losses,
        "best": best,
    }


def embedded() -> dict[str, Any]:
    """The embedded table."""
    return held_out(train(read_table(), TrainConfig(sensitivity=False)))


def tables(paths: Sequence[str]) -> dict[str, Any]:
    """Each table without its columns of text, with the number of segments that the rule chooses."""
    found = {}
    for path in paths:
        frame = pd.read_csv(path, sep=None, engine="python").select_dtypes("number")
        found[Path(path).stem] = held_out(train(frame, TrainConfig(sensitivity=False)))
        print(Path(path).stem, json.dumps(found[Path(path).stem]), flush=True)
    return found


def summary(draws: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Means over the draws, and in how many of them each promise held."""
    names = draws[0]["log_loss"]
    answered = [draw for draw in draws if draw["right"] is not None]
    kept = [draw["right"] >= 0.9 for draw in answered]
    every = [
        min(value for value in draw["right_by_pattern"].values() if value is not None) >= 0.9
        for draw in answered
        if any(value is not None for value in draw["right_by_pattern"].values())
    ]
    return {
        "draws": len(draws),
        "log_loss": {name: float(np.mean([draw["log_loss"][name] for draw in draws])) for name in names},
        "within_two_errors": float(np.mean([draw["within_two_errors"] for draw in draws])),
        "answered": float(np.mean([draw["answered"] for draw in draws])),
        "right": float(np.mean([draw["right"] for draw in answered])) if answered else None,
        "draws_with_90_percent_right": float(np.mean(kept)) if kept else None,
        "draws_with_90_percent_right_in_every_pattern": float(np.mean(every)) if every else None,
        **{
            key: {name: float(np.mean([draw[key][name] for draw in draws])) for name in draws[0][key]}
            for key in ("false_alarms", "noticed")
        },
    }


def markdown(results: Mapping[str, Any]) -> str:
    """The tables of the documentation."""
    names = list(CANDIDATES)
    rows = {"embedded": results.get("embedded"), **results.get("tables", {})}
    lines = [_line(["table", "rows", "segments", *(CANDIDATES[name].label for name in names)])]
    lines.append(_line(["---"] * (3 + len(names))))
    for title, found in rows.items():
        if found:
            losses = found["log_loss"]
            cells = [
                f"**{losses[name]:.3f}**" if name == found["chosen"] else f"{losses[name]:.3f}"
                for name in names
            ]
            lines.append(_line([title, str(found["rows"]), str(found["segments"]), *cells]))
    told = results.get("smoothed")
    if told:
        losses = told["log_loss"]
        cells = [f"{losses[name]:.3f}" for name in names]
        lines.append(_line([f"{told['draws']} drawn tables, new customers", str(ROWS), str(K), *cells]))
    return "\n".join([*lines, "", *_promised(told)] if told else lines)


def _promised(told: Mapping[str, Any]) -> list[str]:
    """What the served answers kept on the drawn tables."""
    alarms, noticed = told["false_alarms"], told["noticed"]
    partial = [value for name, value in alarms.items() if name != "complete"]
    tables, patterns = (told[f"draws_with_90_percent_right{where}"] for where in ("", "_in_every_pattern"))
    return [
        f"On the drawn tables: {told['answered']:.0%} of partial answers were enough, and "
        f"{told['right']:.1%} of these were right; at least 90% in {tables:.0%} of the tables, and in every "
        f"missing pattern in {patterns:.0%}. Two standard errors covered the log loss of new customers in "
        f"{told['within_two_errors']:.0%} of cases. Novelty was above 1 for {alarms['complete']:.1%} of new "
        f"complete customers and {min(partial):.1%} to {max(partial):.1%} of partial ones, and for "
        f"{min(noticed.values()):.1%} of those with one value far outside.",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Measure one part, print it, and write it beside the others."""
    part, *rest = sys.argv[1:] or [""]
    if part == "embedded":
        result = embedded()
    elif part == "smoothed":
        draws = []
        count, first = [*map(int, rest), *(DRAWS, FIRST)[len(rest) :]]
        for seed in range(first, first + count):
            draws.append(measured(seed))
            print(json.dumps(draws[-1]), flush=True)
        result = {**summary(draws), "each": draws}
    elif part == "tables" and rest:
        result = tables(rest)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    every = {**known, part: {**known.get(part, {}), **result} if part == "tables" else result}
    RESULTS.write_text(json.dumps(every, indent=1) + "\n", encoding="utf-8")
    before, _, rest_of_page = PAGE.read_text(encoding="utf-8").partition(START)
    _, _, after = rest_of_page.partition(END)
    PAGE.write_text(f"{before}{START}\n\n{markdown(every)}\n\n{END}{after}", encoding="utf-8")
    print(json.dumps({key: value for key, value in result.items() if key != "each"}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
