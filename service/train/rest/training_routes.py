"""The REST routes of training, below ``/v1``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api.described_route import DescribedRoute
from service.api.http.request_body import JSON
from service.api.http.upload_shares import client_of
from service.api.problems import Problem
from service.train import training_texts as texts
from service.train.rest import training_openapi
from service.train.rest.table_upload import Sent, receive_table
from service.train.result_files import sent_file
from service.train.training_desk import ALTERNATIVE, NUMBER, TrainingDesk, discard, json_part, wanted_of
from service.train.training_job import Job, State
from service.train.training_result import files_of, summary

PATHS = ("/train", "/train/roles", "/train/{job}", "/train/{job}/{file}")
ROLES_PART, NAMES_PART = "roles", "names"
_SWITCH = {"true": True, "false": False}


def training_routes(desk: TrainingDesk | None) -> list[Route]:
    """The routes; without a desk each says that training is off."""
    if desk is None:
        return [Route(path, _off, methods=["GET", "POST", "DELETE"]) for path in PATHS]
    made = _Routes(desk)
    table = [
        ("/train/roles", made.roles, "POST", training_openapi.ROLES),
        ("/train", made.train, "POST", training_openapi.TRAIN),
        ("/train/{job}", made.status, "GET", training_openapi.STATUS),
        ("/train/{job}", made.cancel, "DELETE", training_openapi.CANCEL),
        ("/train/{job}/{file}", made.file, "GET", training_openapi.FILE),
    ]
    routes = [
        DescribedRoute(path, endpoint, method=method, description=description)
        for path, endpoint, method, description in table
    ]
    for route in routes:
        route.allowed = sorted(each.method for each in routes if each.path == route.path)
    return [*routes]


async def _off(request: Request) -> Response:
    del request
    raise Problem(404, texts.OFF)


class _Routes:
    def __init__(self, desk: TrainingDesk) -> None:
        self._desk = desk

    async def roles(self, request: Request) -> Response:
        self._desk.check()
        sent = await self._received(request)
        try:
            return _json(await self._desk.roles(sent.table, sent.folder))
        finally:
            discard(sent.folder)

    async def train(self, request: Request) -> Response:
        self._desk.check()
        query = request.query_params
        quick = _SWITCH.get(query.get("quick", "true").lower())
        if quick is None:
            raise Problem(422, texts.NO_QUICK)
        option = _option(query)
        sent = await self._received(request, ROLES_PART, NAMES_PART)
        try:
            columns = _columns(json_part(ROLES_PART, sent.texts.get(ROLES_PART)))
            names = json_part(NAMES_PART, sent.texts.get(NAMES_PART))
            wanted = wanted_of(option, quick=quick, columns=columns, names={} if names is None else names)
            job = Job(folder=sent.folder, table=sent.table, client=client_of(request), wanted=wanted)
            self._desk.jobs.add(job)
        except BaseException:
            discard(sent.folder)
            raise
        return _json(self._state(job), 202, {"Location": f"/v1/train/{job.id}", "Retry-After": "2"})

    async def status(self, request: Request) -> Response:
        return _json(self._state(self._job(request)))

    async def cancel(self, request: Request) -> Response:
        job = self._job(request)
        return _json({"removed": self._desk.jobs.forget(job.id)})

    async def file(self, request: Request) -> Response:
        return sent_file(self._job(request), request.path_params["file"])

    async def _received(self, request: Request, *parts: str) -> Sent:
        desk = self._desk
        return await receive_table(request, desk.folder, desk.shares, max_mb=desk.limits.max_mb, texts=parts)

    def _job(self, request: Request) -> Job:
        job = self._desk.find(request.path_params["job"])
        if job is None:
            raise Problem(404, texts.NO_JOB)
        return job

    def _state(self, job: Job) -> dict[str, Any]:
        return state_of(self._desk, job)


def state_of(desk: TrainingDesk, job: Job) -> dict[str, Any]:
    """Where a job is, for programs."""
    now = datetime.now(UTC).timestamp()
    kept = None if job.ended is None else job.ended + 60 * desk.limits.kept_minutes
    done, found = job.state is State.DONE, job.found
    return {
        "job": job.id,
        "status": job.state.value,
        "stage": job.stage,
        "percent": int(100 * job.share),
        "seconds_left": job.seconds_left(now),
        "place": desk.jobs.position(job),
        "problem": job.problem or None,
        "notes": list((job.roles or {}).get("notes", ())),
        "kept_until": None
        if kept is None
        else datetime.fromtimestamp(kept, UTC).isoformat(timespec="seconds"),
        "result": summary(found, scored=job.scored is not None) if done and found else None,
        "files": {name: f"/v1/train/{job.id}/{name}" for name in files_of(job)} if done else {},
        "page": f"/own/{job.id}/" if done else None,
    }


def _option(query: Mapping[str, str]) -> str:
    if "k" in query and "alternative" in query:
        raise Problem(422, texts.TWO_OPTIONS)
    if "k" in query:
        return f"{NUMBER}{query['k']}"
    return f"{ALTERNATIVE}{query['alternative']}" if "alternative" in query else ""


def _columns(sent: Any) -> list[Any] | None:
    """The edited columns: a list, or the whole answer of ``/train/roles`` with them in it."""
    found = sent.get("columns") if isinstance(sent, dict) else sent
    if sent is not None and not isinstance(found, list):
        raise Problem(422, texts.NO_COLUMNS)
    return found


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, JSON)
