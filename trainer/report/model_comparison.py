"""Compares a retrained model with the running one on the customers of today, and says whether to publish it.

Only counts of customers are kept: how many would move from which segment to which, and what the checks of
drift find with either model.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import adjusted_rand_score

from inference import Answers, Contract, Segmenter
from inference.contract import CONSTRUCTIVE, NATURAL, REPRODUCIBLE
from inference.contract.same_interface import broken_promises
from inference.drift import RED, Alarms, Counts, Judgement, Layout, judge
from inference.drift.lights import LEAST_ROWS
from inference.errors import InputError
from inference.kinds.registry import kind_of
from inference.validation import Checked
from trainer.schema.column_arrays import Columns
from trainer.segments.matching import Move

STRENGTH = (CONSTRUCTIVE, REPRODUCIBLE, NATURAL)
LEAST_SHARE = 0.5  # of the running model's training customers; fewer describe the customers less well


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What the checks of drift find in the customers of today with one model.

    Attributes:
        light: the worst light; retrain: whether they advise to train again; reasons: in sentences.
    """

    light: str
    retrain: bool
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, found: Judgement) -> Drift:
        """From a judgement."""
        return cls(light=found.light, retrain=found.retrain, reasons=found.reasons)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A retrained model beside the running one.

    Attributes:
        running, retrained: SHA-256 of the model files.
        customers: that both models answered; moved: of these, whose segment is another one. A segment that
            continues under another name is the same one.
        agreement: adjusted Rand index of the two segmentations.
        flows: segment of the running model -> segment of the retrained one -> customers.
        kept: names of segments that stay; renamed: old -> new name; gone, new: the others.
        before: drift of the customers with the running model; after: with the retrained one.
        against: why the rule does not publish it, in sentences; empty where it does.
    """

    running: str
    retrained: str
    customers: int
    moved: int
    agreement: float
    flows: Mapping[str, Mapping[str, int]]
    kept: tuple[str, ...]
    renamed: Mapping[str, str]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    before: Drift
    after: Drift
    against: tuple[str, ...]

    @property
    def publish(self) -> bool:
        """Whether the rule publishes the retrained model."""
        return not self.against

    def to_json(self) -> str:
        """As JSON text."""
        return json.dumps({**asdict(self), "publish": self.publish}, indent=1, ensure_ascii=False)


def compare(
    running: Segmenter, retrained: Segmenter, customers: Columns, *, moves: Sequence[Move] = ()
) -> Comparison:
    """Compare two models on a table of customers.

    Args:
        customers: clean raw columns ``[N]`` by name, as in ``trainer.table.customer_table.Table``; what the
            running model knows and they do not have is unknown to it.
        moves: how the segments of the running model continue, as training found them.

    Raises:
        InputError: when there are too few customers.
    """
    rows = len(next(iter(customers.values())))
    if rows < LEAST_ROWS:
        raise InputError(
            f"two models are compared on at least {LEAST_ROWS} customers, but there are {rows}; store more "
            "customers first"
        )
    checked = [_rows(each.contract, customers, rows) for each in (running, retrained)]
    answers = [model.answer(each) for model, each in zip((running, retrained), checked, strict=True)]
    before, after = (
        _drift(model, each, answer)
        for model, each, answer in zip((running, retrained), checked, answers, strict=True)
    )
    old, new = (answer.segment for answer in answers)
    continues = _continues(running.contract, retrained.contract, moves)
    pairs = Counter(zip(old.tolist(), new.tolist(), strict=True))
    names = [segment.name for segment in running.contract.segments]
    now = [segment.name for segment in retrained.contract.segments]
    kept = tuple(name for name in names if continues.get(name) == name)
    gone = tuple(name for name in names if name not in continues)
    return Comparison(
        running=running.fingerprint,
        retrained=retrained.fingerprint,
        customers=rows,
        moved=sum(count for (one, other), count in pairs.items() if continues.get(one) != other),
        agreement=float(adjusted_rand_score(old, new)),
        flows={one: {other: pairs[one, other] for other in now if pairs[one, other]} for one in names},
        kept=kept,
        renamed={one: other for one, other in continues.items() if one != other},
        gone=gone,
        new=tuple(name for name in now if name not in continues.values()),
        before=before,
        after=after,
        against=tuple(_against(running, retrained, before, after, rows, changed=len(kept) < len(names))),
    )


def _against(
    running: Segmenter, retrained: Segmenter, before: Drift, after: Drift, rows: int, *, changed: bool
) -> Iterator[str]:
    """Every condition of the rule that does not hold."""
    old, new = running.contract, retrained.contract
    if running.fingerprint == retrained.fingerprint:
        yield "it is the same model"
    if not before.retrain:
        yield "the checks of drift do not advise to train again"
    if after.retrain or after.light == RED:
        yield "the drift is not gone: a check is still red with the retrained model"
    if old.choice and new.choice and STRENGTH.index(new.choice.kind) < STRENGTH.index(old.choice.kind):
        yield f"its segments are {new.choice.kind}, those of the running model {old.choice.kind}"
    if changed:
        yield "not every segment of the running model keeps its name"
    for problem in broken_promises(old, new):
        yield f"clients of the running model would be refused or misunderstood: {problem}"
    if old.data is not None and rows < LEAST_SHARE * old.data.rows:
        trained = f"{old.data.rows:,} that the running model was trained on"
        yield f"{rows:,} customers are fewer than half of the {trained}"


def _continues(old: Contract, new: Contract, moves: Sequence[Move]) -> dict[str, str]:
    """Segment of the running model -> the segment of the retrained one that continues it."""
    told = {each.before for each in moves} | {each.after for each in moves}
    names = {segment.name for segment in new.segments}
    found = {each.name: each.name for each in old.segments if each.name in names and each.name not in told}
    return found | {each.before: each.after for each in moves if each.before and each.after}


def _rows(contract: Contract, customers: Columns, rows: int) -> Checked:
    """The customers as a model takes them; a column of another kind than the model's is unknown to it."""
    feeds = {}
    for column in contract.columns:
        kind, values = kind_of(column), customers.get(column.name)
        fits = values is not None and (values.dtype.kind in "UO") == (np.dtype(kind.dtype).kind == "O")
        feeds[column.name] = (
            values.astype(kind.dtype).reshape(-1, 1) if fits and values is not None else kind.unknown(rows)
        )
    return Checked(feeds=feeds, rows=rows)


def _drift(model: Segmenter, checked: Checked, answers: Answers) -> Drift:
    counts = Counts(Layout(model.contract))
    counts.add(checked.feeds, answers)
    return Drift.of(judge(counts, Alarms.once()))
