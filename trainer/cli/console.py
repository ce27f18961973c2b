"""What a run shows on the screen: its progress, then the decisions and their reasons."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table as Grid

from inference.wording import listed, shortened
from trainer.parallel import Progress
from trainer.report.run_report import warnings
from trainer.report.whole_words import whole_sentences
from trainer.results.trained import Trained
from trainer.roles.proposal import CLUSTERING, OUTCOME, PROFILE, Proposal
from trainer.table.customer_table import Table

MOST_LETTERS = 28  # of a header or a name in a line
MOST_NAMES = 110  # letters of the names of segments in a line


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """One bar per step on the console of the error stream, with the time left, and its time when finished.

    Without a terminal, a line for each finished step.
    """
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Bars(*columns, console=console) as bars:
        known: dict[str, int] = {}

        def report(label: str, done: int, total: int) -> None:
            if label not in known:
                known[label] = int(bars.add_task(label.capitalize(), total=total))
            bars.update(known[label], completed=done, total=total)  # type: ignore[arg-type]  # TaskID is an int

        yield report


def _lines(console: Console) -> Progress:
    """Reports each finished step with its time."""
    started: dict[str, float] = {}

    def report(label: str, done: int, total: int) -> None:
        begun = started.setdefault(label, time.monotonic() if done == 0 else last[0])
        if done == total:
            last[0] = time.monotonic()
            console.print(f"{label.capitalize()}: {last[0] - begun:.1f} s", highlight=False)

    last = [time.monotonic()]
    return report


def show_table(console: Console, table: Table) -> None:
    """Show what was read and what cleaning did."""
    console.print(f"[bold]{table.source}[/bold]")
    for sentence in table.report.sentences(examples=True):
        console.print(f"  {sentence}", highlight=False, markup=False)


def show_roles(console: Console, proposal: Proposal | None) -> None:
    """Show the role of each column and why; without a proposal, that the Mall Customers schema is used."""
    if proposal is None:
        console.print("  the columns are those of Mall Customers and have the same roles")
        return
    if not console.is_terminal:
        for line in _role_lines(proposal):
            console.print(line, highlight=False, markup=False)
    else:
        console.print(_role_grid(proposal))
    for sentence in _meanings(proposal):
        console.print(f"  {sentence}", highlight=False, markup=False)
    for note in proposal.notes:
        console.print(f"[yellow]note[/yellow]: {escape(note)}", highlight=False)


def _role_rows(proposal: Proposal) -> Iterator[tuple[str, str, str, str, str]]:
    """Header, name, kind, role and reason of each column, then of each feature."""
    for each in proposal.decisions:
        missing = f"; {each.missing_share:.0%} missing" if 0.005 <= each.missing_share < 1 else ""
        header = " ".join(each.header.split())
        yield header, each.name, each.kind, each.role, " ".join(each.reason.split()) + missing
    for feature in proposal.features:
        role = CLUSTERING if feature.name in proposal.clustering else PROFILE
        why = proposal.reasons.get(feature.name, f"{feature.formula.text}, as you set it")
        yield "", feature.name, "feature", role, why


def _role_lines(proposal: Proposal) -> Iterator[str]:
    """One line per column, for a file or another program."""
    rows = [("column", "name", "kind", "role", "why"), *_role_rows(proposal)]
    widths = [min(MOST_LETTERS, max(len(row[index]) for row in rows)) for index in range(4)]
    yield "Roles of the columns"
    for row in rows:
        cells = [f"{shortened(cell, width):<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join((*cells, row[-1])).rstrip()


def _role_grid(proposal: Proposal) -> Grid:
    """The same as a grid that fits the terminal."""
    grid = Grid(title="Roles of the columns", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for title in ("column", "name", "kind", "role", "why"):
        grid.add_column(title, overflow="fold")
    styles = {CLUSTERING: "bold green", PROFILE: "", OUTCOME: "cyan"}
    for row in _role_rows(proposal):
        grid.add_row(*map(escape, row), style=styles.get(row[3], "dim"))
    return grid


def _meanings(proposal: Proposal) -> Iterator[str]:
    if proposal.value is None:
        yield "no column shows what customers spend: segments will have no tier"
    else:
        yield f"tiers are computed from {proposal.value}"
    for title, name in (("capacity", proposal.capacity), ("spending", proposal.spend)):
        if name is not None:
            yield f"{name} shows the {title} of a customer"


def show_decisions(console: Console, trained: Trained) -> None:
    """Show what was decided and why."""
    choice = trained.choice
    if trained.config.alternative is not None:
        schema = trained.table.schema
        columns = listed([schema.plain_label(name) for name in schema.clustering])
        line = f"Clustering columns of {trained.config.alternative}: {columns}"
        console.print(f"\n{line}", highlight=False, markup=False)
    console.print(f"\n[bold]Number of segments[/bold]: {choice.k}, {choice.kind}")
    for sentence in (choice.reason, *choice.left_out, *choice.second_opinions):
        console.print(f"  {sentence}", highlight=False, markup=False)
    if choice.others:
        console.print("  Other numbers to consider:", highlight=False)
        for other in choice.others:
            names = listed([f"{name} ({size})" for name, size in other.segments])
            line = f"    {other.option}  {other.kind}, mean ARI {other.ari:.2f}: {names}"
            console.print(line, highlight=False, markup=False)
    for line in _other_columns(trained):
        console.print(line, highlight=False, markup=False)
    console.print("\n[bold]Segments[/bold]")
    console.print(_segments(trained))
    for sentence in (*_outcomes(trained), *whole_sentences(trained)):
        console.print(sentence, highlight=False, markup=False)
    if trained.moves:
        console.print("[bold]Compared with the previous model[/bold]")
        for move in trained.moves:
            console.print(f"  {move.sentence()}", highlight=False, markup=False)
    console.print("[bold]Classifier[/bold], used only where a clustering column is unknown")
    console.print(f"  {trained.selection.reason}", highlight=False, markup=False)
    checked = trained.verification
    console.print("\n[bold]Verified[/bold] against scikit-learn and XGBoost")
    console.print(
        f"  {checked.rows:,} rows, 0 labels differ, {checked.ties} too close to a tie to compare",
        highlight=False,
    )
    for name, value in checked.largest.items():
        console.print(f"  {name}: largest difference {value:.2g}", highlight=False)


def _other_columns(trained: Trained) -> Iterator[str]:
    """What other clustering columns give, with their segments; nothing where the segments are natural."""
    if trained.choice.kind == "natural" or len(trained.sensitivity) < 2:
        return
    rows = [
        ("k", "kind", "excess", "ARI", "columns", "option"),
        *(
            (str(each.k), each.kind, f"{each.excess:+.3f}", f"{each.ari:.2f}", each.title, each.option)
            for each in trained.sensitivity
        ),
    ]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    yield "  With other columns (excess: silhouette above that of one population):"
    for row, names in zip(rows, ((), *(each.names for each in trained.sensitivity)), strict=True):
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        yield f"    {'  '.join(cells)}".rstrip()
        if names:
            yield f"      {shortened('; '.join(names), MOST_NAMES)}"


def show_warnings(console: Console, trained: Trained) -> None:
    """Show what readers should know before they use the file; often nothing."""
    for warning in warnings(trained):
        console.print(f"[yellow]note[/yellow]: {escape(warning)}", highlight=False)


def _segments(trained: Trained) -> Grid:
    grid = Grid(box=None, padding=(0, 2))
    for title in ("id", "name", "tier", "customers", "share", "index"):
        justify: Literal["left", "right"] = "left" if title in ("name", "tier") else "right"
        grid.add_column(title, justify=justify, no_wrap=justify == "right")
    for segment in trained.fitted.segments:
        tier = segment.tier + (", high potential" if segment.high_potential else "")
        index = "" if segment.index is None else f"{segment.index:.2f}"
        index += "" if segment.rate_index is None else f" (rate {segment.rate_index:.2f})"
        grid.add_row(str(segment.id), segment.name, tier, str(segment.size), f"{segment.share:.1%}", index)
    return grid


def _outcomes(trained: Trained) -> Iterator[str]:
    """A line per outcome and segment, with the 95% interval."""
    for outcome in trained.described.outcomes:
        yield f"{outcome.title}, with 95% intervals: {outcome.words(outcome.overall)} of all customers"
        for segment, figure in zip(trained.fitted.segments, outcome.segments, strict=True):
            yield f"  {segment.name}: {outcome.words(figure) or 'too few customers'}"


def consoles() -> tuple[Console, Console]:
    """The console for results (standard output) and the one for progress and errors (standard error)."""
    return Console(file=sys.stdout, soft_wrap=True), Console(file=sys.stderr)
