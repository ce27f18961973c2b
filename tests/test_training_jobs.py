"""Checks that trainings run in turn, end in every way with a sentence, and leave nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.api.problems import Problem
from service.settings import TrainingSettings
from service.thread_pools import BusyError
from service.train import trainer_commands, training_jobs
from service.train.training_desk import wanted_of
from service.train.training_job import Job, State, Wanted
from service.train.training_jobs import MOST_KEPT, MOST_OF_ONE, TrainingJobs
from service.train.training_result import result_of
from service.train.work_folder import WorkFolder
from tests.test_roles_command import customers

ROLES: dict[str, Any] = {"columns": [], "orders": None, "notes": []}


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    return WorkFolder(tmp_path)


@pytest.fixture
def made(work: WorkFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TrainingJobs]]:
    """Makes a queue whose trainings carry out a task of ``child_tasks`` in place of the trainer."""
    queues: list[TrainingJobs] = []

    def make(task: str = "family", **limits: int) -> TrainingJobs:
        monkeypatch.setattr(trainer_commands, "train", lambda *_, **__: ["tests.child_tasks", task])
        monkeypatch.setattr(training_jobs, "result_of", lambda job: None)
        queues.append(TrainingJobs(TrainingSettings(**{"queue": 4, **limits}), work))
        return queues[-1]

    yield make
    for each in queues:
        each.close()


def job(work: WorkFolder, client: str = "a") -> Job:
    """A training whose columns are known."""
    folder = work.new()
    table = folder / "given.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    return Job(folder=folder, table=table, client=client, wanted=Wanted(), roles=dict(ROLES))


def wait(found: Callable[[], object]) -> None:
    """Wait for an event that another thread brings about."""
    for _ in range(1200):
        if found():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about within a minute")


def test_one_runs_and_the_others_wait_in_their_order(
    work: WorkFolder, made: Callable[..., TrainingJobs]
) -> None:
    jobs = made()
    first, second, third = (jobs.add(job(work, client)) for client in "abc")
    wait(lambda: first.share > 0.05)
    assert [each.state for each in (first, second, third)] == [State.RUNNING, State.WAITING, State.WAITING]
    assert [jobs.position(each) for each in (first, second, third)] == [0, 1, 2]
    assert first.stage == "Waiting"
    jobs.forget(first.id)
    wait(lambda: second.state is State.RUNNING)
    assert [jobs.position(each) for each in (second, third)] == [0, 1]


def test_a_full_queue_and_a_greedy_client_are_refused(
    work: WorkFolder, made: Callable[..., TrainingJobs]
) -> None:
    jobs = made(queue=3)
    for _ in range(MOST_OF_ONE):
        jobs.add(job(work, "greedy"))
    with pytest.raises(Problem, match="At most 3 of your trainings") as refused:
        jobs.add(job(work, "greedy"))
    assert refused.value.status == 429
    jobs.add(job(work, "other"))
    with pytest.raises(BusyError):
        jobs.add(job(work, "third"))


def test_cancelling_ends_a_training_and_removes_its_files(
    work: WorkFolder, made: Callable[..., TrainingJobs]
) -> None:
    jobs = made()
    running, waiting = jobs.add(job(work)), jobs.add(job(work))
    wait(lambda: running.share > 0.05)
    for each in (waiting, running):
        assert jobs.forget(each.id)
    wait(lambda: not running.folder.exists())
    assert not waiting.folder.exists()
    assert jobs.find(running.id) is None
    assert not jobs.forget(running.id)


@pytest.mark.parametrize(
    ("task", "limits", "sentence"),
    [
        ("family", {"seconds": 1}, "A training may take 1 seconds here"),
        ("refuse", {}, "The table must have rows, but it has none."),
        ("crash", {}, "The trainer stopped without a result."),
    ],
)
def test_a_failure_is_a_sentence(
    work: WorkFolder,
    made: Callable[..., TrainingJobs],
    task: str,
    limits: dict[str, int],
    sentence: str,
) -> None:
    failed = made(task, **limits).add(job(work))
    wait(lambda: failed.ended is not None)
    assert failed.state is State.FAILED
    assert failed.problem.startswith(sentence)


def test_a_fault_of_ours_does_not_stop_the_queue(
    work: WorkFolder, made: Callable[..., TrainingJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = made("answer")
    broken = job(work)
    broken.wanted = Wanted(columns=[{"header": b"no JSON"}])
    jobs.add(broken)
    wait(lambda: broken.ended is not None)
    assert broken.state is State.FAILED
    after = jobs.add(job(work))
    wait(lambda: after.state is State.DONE)


def test_results_are_forgotten_after_a_while(work: WorkFolder, made: Callable[..., TrainingJobs]) -> None:
    jobs = made("answer", kept_minutes=1)
    done = jobs.add(job(work))
    wait(lambda: done.state is State.DONE)
    assert jobs.find(done.id) is done
    jobs._clock = lambda: time.time() + 61
    assert jobs.find(done.id) is None
    assert not done.folder.exists()


def test_the_oldest_of_too_many_results_go(
    work: WorkFolder, made: Callable[..., TrainingJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_jobs, "MOST_KEPT", 1)
    jobs = made("answer")
    assert MOST_KEPT > 1
    first, second = jobs.add(job(work)), jobs.add(job(work))
    wait(lambda: second.state is State.DONE)
    wait(lambda: jobs.find(first.id) is None)
    assert jobs.find(second.id) is second


def test_stopping_the_service_ends_and_removes_everything(
    work: WorkFolder, made: Callable[..., TrainingJobs]
) -> None:
    jobs = made()
    running = jobs.add(job(work))
    jobs.add(job(work))
    wait(lambda: running.share > 0.05)
    jobs.close()
    assert not work.path.exists()
    with pytest.raises(BusyError):
        jobs.add(running)


def test_the_time_left_is_known_once_a_part_is_done(work: WorkFolder) -> None:
    one = job(work)
    one.state, one.began = State.RUNNING, 100.0
    assert one.seconds_left(130.0) is None
    one.share = 0.25
    assert one.seconds_left(130.0) == 90


def test_a_table_becomes_a_model_with_the_names_and_roles_that_are_wanted(
    work: WorkFolder, tmp_path: Path
) -> None:
    jobs = TrainingJobs(TrainingSettings(), work)
    folder = work.new()
    table = customers(folder)
    roles: dict[str, Any] = {}
    try:
        first = jobs.add(Job(folder=folder, table=table, client="a", wanted=Wanted(k=2)))
        wait(lambda: first.ended is not None)
        assert (first.problem, first.state) == ("", State.DONE)
        roles = first.roles or {}
        found = result_of(first)
        again = work.new()
        edited = [
            {**each, "label": "Cart"} if each["name"] == "basket" else each for each in roles["columns"]
        ]
        wanted = wanted_of(
            "k=2", quick=True, columns=edited, names={found.automatic[0]: {"name": 'Best "ones"\x7f'}}
        )
        second = jobs.add(Job(folder=again, table=customers(again), client="a", wanted=wanted))
        wait(lambda: second.ended is not None)
        assert (second.problem, second.state) == ("", State.DONE)
        contract = result_of(second).contract
        assert contract.segments[0].name == 'Best "ones"\x7f'
        assert "Cart" in [column.label for column in contract.columns]
        assert [each.size for each in contract.segments] == [each.size for each in found.contract.segments]
        assert second.scored is not None
        assert "segment" in second.scored.read_text(encoding="utf-8").splitlines()[0]
    finally:
        jobs.close()
    assert list(tmp_path.iterdir()) == []
