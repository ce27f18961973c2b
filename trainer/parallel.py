"""Run the same function for many tasks, one after another or on all cores, with the same answers.

Every task has its own seed and runs with one BLAS and one OpenMP thread, so an answer depends neither on the
worker nor on the order of a parallel sum.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs
from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Answer = TypeVar("Answer")

Progress = Callable[[str, int, int], None]
"""Called as ``progress(label, done, total)``, always from the calling thread."""


_LOST = "`sklearn.utils.parallel.delayed` should be used"


def no_progress(label: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, kw_only=True)
class Workers:
    """How many workers to use, and where to report progress.

    Attributes:
        jobs: number of workers; ``-1`` for one per core, ``1`` for the calling thread alone.
        progress: called after each task, in the order of the tasks.
        processes: whether the workers are processes. Threads are better where a task releases the
            interpreter, as K-Means and distances on many rows do. Processes take seconds to start and are
            better where it does not, as in fitting many small classifiers.
    """

    jobs: int = 1
    progress: Progress = no_progress
    processes: bool = False

    def map(self, label: str, function: Callable[[Task], Answer], tasks: Sequence[Task]) -> list[Answer]:
        """Return ``[function(task) for task in tasks]``, reported under ``label``."""
        collected: list[Answer] = []
        # BLAS keeps one setting for all threads, OpenMP one for each.
        with threadpool_limits(limits=1), _filters_kept():
            if min(effective_n_jobs(self.jobs), len(tasks)) < 2:
                answers = (function(task) for task in tasks)
            else:
                kind = "processes" if self.processes else "threads"
                parallel = Parallel(n_jobs=self.jobs, prefer=kind, return_as="generator", max_nbytes=None)
                answers = parallel(delayed(_on_one_thread)(function, task) for task in tasks)
            for answer in answers:
                collected.append(answer)
                self.progress(label, len(collected), len(tasks))
        return collected


@contextmanager
def _filters_kept() -> Iterator[None]:
    """Keep the filters of warnings, and show none about their loss, while threads run.

    scikit-learn sets them aside for every tree by ``warnings.catch_warnings``, which is not safe in threads
    before Python 3.14: two of them may leave no filter, and then it warns of that once for every tree.
    """
    filters, show = list(warnings.filters), warnings.showwarning

    def shown(message: Warning | str, *about: Any, **more: Any) -> None:
        if not str(message).startswith(_LOST):
            show(message, *about, **more)

    warnings.showwarning = shown
    try:
        yield
    finally:
        warnings.showwarning = show
        warnings.resetwarnings()
        warnings.filters.extend(filters)  # type: ignore[attr-defined]  # a list, which it promises not to be


def _on_one_thread(function: Callable[[Task], Answer], task: Task) -> Answer:
    with threadpool_limits(limits=1):
        return function(task)
