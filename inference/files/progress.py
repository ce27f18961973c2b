"""A progress bar with rows per second, on the error stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from inference.files.scoring import Report
from inference.wording import counted


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Report | None]:
    """Draw a bar while rows go by; on a stream that is no terminal nothing is drawn."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def report(rows: int, read: int, size: int | None) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            speed = f", {rows / elapsed:,.0f} rows/s" if elapsed else ""
            bar.update(task, completed=read, total=size, description=f"{counted(rows, 'row')}{speed}")

        yield report
