"""What the tab Your data does: reads a file, lets a training run, and shows what came of it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from service.api.file_scoring import MEGABYTE
from service.api.http.request_log import log_quietly
from service.api.http.upload_shares import client_of
from service.api.problems import Problem
from service.page.draw.markup import element, in_english
from service.page.scored.upload import own_upload
from service.page.texts import answer_texts
from service.page.views.answer_card import message
from service.thread_pools import BusyError
from service.train.own_data import own_data_texts as texts
from service.train.own_data.own_data_parts import Parts
from service.train.own_data.own_data_views import (
    failed_view,
    names_form,
    progress_view,
    result_view,
    stage_view,
)
from service.train.own_data.roles_view import roles_form
from service.train.rest.table_upload import GIVEN, clean_name
from service.train.trainer_commands import EXAMPLE
from service.train.training_desk import TrainingDesk, discard, wanted_of
from service.train.training_drafts import Draft
from service.train.training_job import ENDED, Job, State, Wanted
from service.train.training_result import options_of

SHOWN_NAMES = 4  # segments of an alternative
Updates = dict[Any, Any]


class OwnDataHandlers:
    """The handlers of the tab; each returns updates of its components and never raises."""

    def __init__(self, desk: TrainingDesk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts

    def given(self, upload: str | None, draft: str) -> Updates:
        """Read a file and show what its columns are for."""
        return self._told(lambda: self._read(own_upload(upload), draft, move=True))

    def example(self, draft: str) -> Updates:
        """The same with the example of the trainer."""
        return self._told(lambda: self._read(EXAMPLE, draft, move=False))

    def find(self, draft: str, quick: bool, sent: str, request: gr.Request) -> Updates:
        """Train on the table, with the roles as they are edited."""
        return self._told(lambda: self._start(draft, quick=quick, sent=sent, client=client_of(request)))

    def take(self, job: str, option: str | None, request: gr.Request) -> Updates:
        """Train again for other segments of the same customers."""
        return self._told(lambda: self._again(job, client_of(request), option=option or ""))

    def rename(self, job: str, sent: str, request: gr.Request) -> Updates:
        """Train again with the user's own names."""
        return self._told(lambda: self._rename(job, sent, client_of(request)))

    def poll(self, id: str) -> Updates:
        """Where the training is, asked every second while it is not over."""
        return self._told(lambda: self._where(id))

    def cancel(self, id: str) -> Updates:
        """End the training."""
        self._desk.jobs.forget(id)
        return self._said(texts.CANCELLED, "done") | self._no_job()

    def remove(self, draft: str, job: str) -> Updates:
        """Forget file and result."""
        parts = self._parts
        self._desk.jobs.forget(job)
        self._desk.drafts.forget(draft)
        hidden = dict.fromkeys((parts.columns,), gr.update(visible=False))
        return self._said(texts.REMOVED, "done") | self._no_job() | hidden | {parts.draft: ""}

    def _read(self, source: Path | None, before: str, *, move: bool) -> Updates:
        desk, parts = self._desk, self._parts
        desk.check()
        if source is None:
            raise Problem(422, texts.NO_FILE)
        folder = desk.folder.new()
        try:
            table = self._kept(source, folder, move=move)
            draft = Draft(folder=folder, table=table, roles=desk.roles_here(table, folder))
        except BaseException:
            discard(folder)
            raise
        desk.drafts.forget(before)
        desk.drafts.add(draft)
        return self._no_job() | {
            parts.draft: draft.id,
            parts.file: None,
            parts.said: "",
            parts.columns: gr.update(visible=True),
            parts.roles: str(roles_form(draft.roles)),
        }

    def _kept(self, source: Path, folder: Path, *, move: bool) -> Path:
        """The file in a folder of ours; an upload leaves Gradio's."""
        most = self._desk.limits.max_mb
        target = folder / GIVEN / clean_name(source.name)
        target.parent.mkdir()
        try:
            if source.stat().st_size > most * MEGABYTE:
                raise Problem(413, texts.TOO_LARGE.format(megabytes=most))
            shutil.copyfile(source, target)
        finally:
            if move:
                source.unlink(missing_ok=True)
        return target

    def _start(self, id: str, *, quick: bool, sent: str, client: str) -> Updates:
        draft = self._desk.drafts.find(id)
        if draft is None:
            raise Problem(404, texts.GONE)
        columns = changed_columns(draft.roles, json.loads(sent))
        wanted = wanted_of("", quick=bool(quick), columns=columns, names={})
        return self._begun(draft, wanted, client)

    def _begun(self, draft: Draft, wanted: Wanted, client: str, *, before: str = "") -> Updates:
        """Let a training on a table wait its turn; the one before it is forgotten."""
        desk, parts = self._desk, self._parts
        folder, table = desk.drafts.copied(draft)
        job = Job(folder=folder, table=table, client=client, wanted=wanted, roles=draft.roles)
        job.draft = draft.id
        try:
            desk.jobs.add(job)
        except BaseException:
            discard(folder)
            raise
        desk.jobs.forget(before)
        return self._no_job() | {
            parts.job: job.id,
            parts.said: "",
            parts.running: gr.update(visible=True),
            **self._progress(job),
            parts.timer: gr.update(active=True),
        }

    def _again(self, id: str, client: str, *, option: str = "", names: Any = None) -> Updates:
        job = self._desk.find(id)
        draft = None if job is None else self._desk.drafts.find(job.draft)
        if job is None or draft is None:
            raise Problem(404, texts.GONE)
        was = job.wanted
        same = option or (
            f"k={was.k}" if was.k else f"alternative={was.alternative}" if was.alternative else ""
        )
        wanted = wanted_of(same, quick=was.quick, columns=was.columns, names=names or {})
        return self._begun(draft, wanted, client, before=id)

    def _rename(self, id: str, sent: str, client: str) -> Updates:
        job, names = self._desk.find(id), json.loads(sent)
        if job is not None and names == job.wanted.names:
            return {self._parts.renamed: _sentence(texts.SAME_NAMES, "problem")}
        return self._again(id, client, names=names)

    def _where(self, id: str) -> Updates:
        job, parts = self._desk.find(id), self._parts
        if job is None:
            return self._said(texts.GONE, "problem") | self._no_job()
        if job.state not in ENDED:
            return self._progress(job)
        shown = self._no_job() | {parts.job: job.id}
        if job.state is not State.DONE or job.found is None:
            return shown | {parts.said: str(failed_view(job))}
        options = options_of(job.found.contract)
        choices = [(_option_words(each), each.key) for each in options]
        return shown | {
            parts.found: gr.update(visible=True),
            parts.result: str(result_view(job, job.found, self._desk.limits.kept_minutes)),
            parts.others: gr.update(visible=bool(options)),
            parts.option: gr.update(choices=choices, value=choices[0][1] if choices else None),
            parts.naming: gr.update(visible=True),
            parts.names: str(names_form(job.found)),
            parts.renamed: "",
        }

    def _progress(self, job: Job) -> Updates:
        position = self._desk.jobs.position(job)
        return {
            self._parts.stage: str(stage_view(job, position)),
            self._parts.progress: str(progress_view(job, position, time.time())),
        }

    def _no_job(self) -> Updates:
        """Nothing runs, and nothing is shown of an earlier result."""
        parts = self._parts
        cards = (parts.running, parts.found, parts.others, parts.naming)
        return {
            **dict.fromkeys(cards, gr.update(visible=False)),
            parts.job: "",
            parts.timer: gr.update(active=False),
        }

    def _told(self, made: Callable[[], Updates]) -> Updates:
        try:
            return made()
        except Problem as problem:
            return self._said(in_english(problem.detail), "problem")
        except BusyError:
            return self._said(texts.BUSY, "problem")
        except Exception as error:  # the message could quote a cell
            log_quietly(error)
            return {self._parts.said: str(message(answer_texts.FAILED_TITLE, answer_texts.FAILED, "problem"))}

    def _said(self, sentence: str, kind: str) -> Updates:
        return {self._parts.said: _sentence(sentence, kind)}


def _sentence(text: str, kind: str) -> str:
    return str(element("p", text, class_=f"said {kind}", role="alert" if kind == "problem" else "status"))


def _option_words(option: Any) -> str:
    kind = answer_texts.KINDS.get(option.kind, option.kind).lower()
    names = "; ".join(option.names[:SHOWN_NAMES]) + (" …" if len(option.names) > SHOWN_NAMES else "")
    return texts.OPTION.format(title=f"{option.title[:1].upper()}{option.title[1:]}", kind=kind, names=names)


def changed_columns(roles: dict[str, Any], sent: Any) -> list[Any] | None:
    """The columns with what was edited; ``None`` where nothing was, so that the proposal is used as it is."""
    edits = {each["header"]: each for each in sent} if isinstance(sent, list) else {}
    columns = []
    for column in roles["columns"]:
        edit = edits.get(column["header"], {})
        columns.append({**column, **{key: value for key, value in edit.items() if key in column}})
    return None if columns == roles["columns"] else columns
