"""Checks what the tab Your data shows of a table, a training and its result, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference import Segmenter
from service.languages.language import LANGUAGES, speaking
from service.page.draw.markup import Markup
from service.settings import DEFAULT_MODEL
from service.train.own_data import own_data_texts as texts
from service.train.own_data.own_data_handlers import changed_columns
from service.train.own_data.own_data_views import (
    failed_view,
    names_form,
    progress_view,
    result_view,
    stage_view,
)
from service.train.own_data.roles_view import SHOWN_NOTES, roles_form
from service.train.training_job import Job, Result, State, Wanted

NOW = 1_000.0


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(folder=tmp_path, table=tmp_path / "shop.csv", client="a", wanted=Wanted())


@pytest.fixture(scope="module")
def result() -> Result:
    contract = Segmenter.load(DEFAULT_MODEL).contract
    names = tuple(segment.name for segment in contract.segments)
    return Result(contract=contract, automatic=names, warnings=("few customers",))


def column(header: str, **more: Any) -> dict[str, Any]:
    """A column as the trainer lists it."""
    return {
        "header": header,
        "role": "profile",
        "label": header,
        "unit": "",
        "meaning": "none",
        "order": [],
        "kind": "number",
        "reason": "whole numbers",
        "missing_share": 0.0,
        "categories": [],
        "usable": True,
        **more,
    }


def found(*columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the trainer finds in a table."""
    proposed = {"rows": 60, "notes": [], "roles": ["clustering", "profile"], "meanings": ["none", "income"]}
    return {**proposed, "columns": list(columns), **more}


def test_headers_and_notes_of_a_file_are_text_and_no_markup() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    shown = str(roles_form(found(column(hostile, label=hostile, unit=hostile), notes=[hostile])))
    assert "<img" not in shown
    assert shown.count("&lt;img") >= 4


def test_a_column_that_cannot_be_used_has_a_role_and_nothing_else() -> None:
    shown = str(roles_form(found(column("Notes", usable=False))))
    assert 'data-field="role"' in shown
    assert 'data-field="label"' not in shown


def test_an_order_can_be_given_to_three_categories_and_more() -> None:
    three = column("Plan", categories=["low", "mid", "high"], order=["low", "mid", "high"])
    assert 'value="low, mid, high"' in str(roles_form(found(three)))
    assert 'data-field="order"' not in str(roles_form(found(column("Plan", categories=["a", "b"]))))


def test_order_lines_are_said_to_be_customers_now() -> None:
    orders = {"lines": 400, "customers": 60, "snapshot": "2025-12-31", "notes": ["returns are negative"]}
    shown = str(roles_form(found(column("Recency"), orders=orders)))
    assert "400 order lines became 60 customers, as of 2025-12-31." in shown
    assert "Returns are negative" in shown


def test_of_many_notes_the_first_are_shown() -> None:
    shown = str(roles_form(found(column("A"), notes=[f"note {count}" for count in range(40)])))
    assert shown.count("<li>") == SHOWN_NOTES


def test_the_progress_says_the_time_left_once_it_is_known(job: Job) -> None:
    job.state, job.began, job.share = State.RUNNING, NOW - 10, 0.05
    assert "left" not in str(progress_view(job, 0, NOW))
    job.share = 0.5
    assert "50 % · about 10 s left" in str(progress_view(job, 0, NOW))
    job.began = NOW - 600
    assert "about 10 min left" in str(progress_view(job, 0, NOW))


def test_a_training_that_waits_says_how_many_are_before(job: Job) -> None:
    assert "1 training is before yours" in str(stage_view(job, 1))
    assert "3 trainings are before yours" in str(stage_view(job, 3))


def test_a_result_lists_its_segments_and_what_can_be_taken_along(job: Job, result: Result) -> None:
    job.ended = 0.0
    shown = str(result_view(job, result, 60))
    assert "5 segments of 200 customers" in shown
    assert "until 01:00 UTC" in shown
    assert all(segment.name in shown and segment.because in shown for segment in result.contract.segments)
    assert f'href="./own/{job.id}/"' in shown
    assert f"{job.id}/files/customers" not in shown  # they could not be scored
    job.scored = job.folder / "scored.csv"
    assert f'href="./own/{job.id}/files/customers"' in str(result_view(job, result, 60))


def test_a_result_leads_to_its_page_in_the_language_and_to_the_same_files(job: Job, result: Result) -> None:
    job.ended, job.scored = 0.0, job.folder / "scored.csv"
    with speaking(LANGUAGES["de"]):
        shown = str(result_view(job, result, 60))
    assert f'href="../own/{job.id}/de/"' in shown
    assert f'href="../own/{job.id}/files/customers"' in shown
    assert f"{job.id}/de/files" not in shown


def test_each_segment_can_be_renamed_and_given_a_tier(result: Result) -> None:
    shown = str(names_form(result))
    assert shown.count('data-field="name"') == len(result.contract.segments)
    assert shown.count('data-field="tier"') == len(result.contract.segments)


def test_a_failure_says_why_and_a_cancelled_training_that_it_is_gone(job: Job) -> None:
    job.state, job.problem = State.FAILED, "A table must have <50> customers."
    assert "A table must have &lt;50&gt; customers." in str(failed_view(job))
    job.state = State.CANCELLED
    assert failed_view(job) == Markup(f'<p class="said done" role="status">{texts.CANCELLED}</p>')


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ([], None),
        ("no list", None),
        ([{"header": "A", "role": "profile"}], None),
        ([{"header": "A", "role": "clustering", "king": 1}], {"role": "clustering"}),
        ([{"header": "B", "role": "clustering"}], None),
    ],
)
def test_only_what_was_edited_differs_from_the_proposal(sent: Any, changed: dict[str, str] | None) -> None:
    proposal = found(column("A"))
    expected = None if changed is None else [{**column("A"), **changed}]
    assert changed_columns(proposal, sent) == expected
