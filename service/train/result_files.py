"""Sends the files of a result."""

from __future__ import annotations

from starlette.responses import FileResponse, Response

from service.api.http.request_body import JSON
from service.api.problems import Problem
from service.train import training_texts as texts
from service.train.training_job import Job, State
from service.train.training_result import files_of

TYPES = {  # last part of the address -> media type and name
    "model": ("application/octet-stream", "model.onnx"),
    "card": ("text/markdown; charset=utf-8", "MODEL_CARD.md"),
    "report": (JSON, "report.json"),
    "customers": ("text/csv; charset=utf-8", "customers-with-segments.csv"),
    "page": ("application/pdf", "segments.pdf"),
}


def sent_file(job: Job, name: str) -> Response:
    """One file of a job's result.

    Raises:
        Problem: 404 for a file that no result or this one has not, 409 before there is a result.
    """
    if name not in TYPES:
        raise Problem(404, texts.NO_FILE.format(names=", ".join(TYPES)))
    if job.state is not State.DONE:
        raise Problem(409, texts.NOT_DONE.format(state=job.state.value))
    found = files_of(job).get(name)
    if found is None:
        raise Problem(404, texts.NOT_SCORED)
    media_type, saved_as = TYPES[name]
    return FileResponse(found, media_type=media_type, filename=saved_as)
