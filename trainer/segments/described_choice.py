"""The decision about the number of segments as it is reported: with the other criteria and other numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from inference.contract import OtherK
from inference.wording import listed
from trainer.parallel import Progress, Workers
from trainer.schema.column_arrays import Columns
from trainer.segments.choose_for_schema import ChosenNumber
from trainer.segments.kmeans import segmentation_of
from trainer.segments.ordering import in_order
from trainer.segments.profile import describe_segments
from trainer.segments.second_opinions import ELBOW, Indices, second_opinions
from trainer.segments.structure import ChoiceSettings, KFigures, Kind, failed_conditions, kind_of
from trainer.segments.structure.k_decision import LEAST_ROWS


@dataclass(frozen=True, kw_only=True)
class KRow(KFigures, Indices):
    """One k with its figures.

    Attributes:
        kind: what its segments may be called.
        failed: the conditions of natural segments that fail, in words with figures.
    """

    kind: Kind
    failed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The decision about k and everything it depends on; ``dataclasses.asdict`` makes it ready for JSON.

    Attributes:
        k: the number of segments to use.
        kind: ``"natural"``, ``"reproducible"`` or ``"constructive"``.
        chosen_by: ``"rule"`` or ``"user"``.
        p_value: probability that one population looks as separated.
        reason: two to four plain sentences with figures.
        table: one row for each k tried, ascending.
        limit: what the largest z of one population stays below.
        natural_k: the number of natural segments, or ``None``.
        others: other numbers of segments to consider.
        left_out: in words, the k of the range that could not be tried.
        unused_columns: proposed clustering columns that show no groups.
        elbow: where the inertias bend most (kneed), or ``None``.
        second_opinions: in words, which other criteria agree and what each of the others recommends.
        sample_rows: how many rows were judged; draws: how many tables of one population were drawn.
        settings: as given.
    """

    k: int
    kind: Kind
    chosen_by: str
    p_value: float
    reason: str
    table: tuple[KRow, ...]
    limit: float
    natural_k: int | None
    others: tuple[OtherK, ...]
    left_out: tuple[str, ...]
    unused_columns: tuple[str, ...]
    elbow: int | None
    second_opinions: tuple[str, ...]
    sample_rows: int
    draws: int
    settings: ChoiceSettings

    @property
    def row(self) -> KRow:
        """The figures of the chosen k."""
        return next(row for row in self.table if row.k == self.k)


def describe_choice(chosen: ChosenNumber, columns: Columns, progress: Progress) -> Choice:
    """Add to a decision what other criteria say, and what other numbers of segments look like.

    Args:
        chosen: the decision, and the schema it was made for.
        columns: raw columns of the rows in which every clustering column is present.
        progress: called after each step of the work.
    """
    number = chosen.number
    opinions = second_opinions(number, Workers(jobs=number.settings.jobs, progress=progress))
    rows = tuple(
        KRow(
            **asdict(row),
            **asdict(indices),
            kind=kind_of(row, number.natural_k),
            failed=failed_conditions(row, number.limit, number.settings),
        )
        for row, indices in zip(number.table, opinions.indices, strict=True)
    )
    labels = [chosen.schema.label(name) for name in chosen.left_out]
    return Choice(
        k=number.k,
        kind=number.kind,
        chosen_by=number.chosen_by,
        p_value=number.p_value,
        reason=number.reason + _unused(labels),
        table=rows,
        limit=number.limit,
        natural_k=number.natural_k,
        others=_others(chosen, columns),
        left_out=number.left_out,
        unused_columns=tuple(labels),
        elbow=opinions.answers[ELBOW],
        second_opinions=opinions.sentences,
        sample_rows=number.sample_rows,
        draws=number.draws,
        settings=number.settings,
    )


def _unused(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    verb = "shows no groups and is" if len(labels) == 1 else "show no groups and are"
    return f" {listed(labels)} {verb} not used."


def _others(chosen: ChosenNumber, columns: Columns) -> tuple[OtherK, ...]:
    """The other numbers with their segments, without those that have a segment of too few customers."""
    found = []
    for other in chosen.number.others:
        fitted = segmentation_of(chosen.schema, columns, chosen.number, k=other.k)
        ordered, _ = in_order(fitted, columns, None)
        segments = describe_segments(ordered, columns, ordered.nearest(columns))
        sizes = tuple(segment.size for segment in segments)
        if min(sizes) >= LEAST_ROWS:
            names = tuple(segment.name for segment in segments)
            found.append(OtherK(**asdict(other), names=names, sizes=sizes, option=f"--k {other.k}"))
    return tuple(found)
