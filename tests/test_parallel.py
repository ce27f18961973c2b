"""Checks that tasks give the same answers, in their order, on any number of threads."""

import threading
import warnings

import pytest

from trainer.parallel import Workers


@pytest.mark.parametrize("jobs", [1, 2, -1])
def test_answers_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert Workers(jobs=jobs).map("squares", lambda task: task**2, range(20)) == [n**2 for n in range(20)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_is_reported_after_each_task_from_the_calling_thread(jobs: int) -> None:
    reported = []
    callers = set()

    def progress(label: str, done: int, total: int) -> None:
        reported.append((label, done, total))
        callers.add(threading.get_ident())

    Workers(jobs=jobs, progress=progress).map("work", lambda task: task, ["a", "b", "c"])
    assert reported == [("work", 1, 3), ("work", 2, 3), ("work", 3, 3)]
    assert callers == {threading.get_ident()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_task_reaches_the_caller(jobs: int) -> None:
    with pytest.raises(ZeroDivisionError):
        Workers(jobs=jobs).map("work", lambda task: 1 // task, [1, 0, 2])


def test_filters_of_warnings_that_threads_lose_come_back(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """What two threads in ``catch_warnings`` may do to each other, by scikit-learn."""
    before = list(warnings.filters)
    shown: list[str] = []

    def lose(task: str) -> None:
        warnings.resetwarnings()
        warnings.warn(task, UserWarning, stacklevel=1)

    lost = "`sklearn.utils.parallel.delayed` should be used with `sklearn.utils.parallel.Parallel`"
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: shown.append(str(message))
        kept = list(warnings.filters)
        Workers(jobs=2).map("work", lose, [lost, "another", lost])
        assert list(warnings.filters) == kept
    assert shown == ["another"]
    assert list(warnings.filters) == before
    assert capfd.readouterr().err == ""
