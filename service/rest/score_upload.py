"""Scores a file that streams in: constant memory, a whole answer or a problem, and nothing kept.

The body goes to a worker thread as it arrives. What the thread writes stays in a temporary file without a
name until the last row is scored, and is sent then. So a fault in the last row is a problem with its own
status and never a file cut short, and a client that sends its whole body before it reads cannot get stuck.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from inference import InputError, Segmenter
from inference.wording import quoted
from service.api.api_predictions import Questions
from service.api.parameter_advice import query_advice
from service.api.problems import Problem
from service.api.request_body import accepts_gzip, refuse_announced, require_type
from service.rest.streams import Incoming, Outgoing
from service.settings import Settings
from service.thread_pools import Workers

if TYPE_CHECKING:
    from inference import Scored

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {CSV: "csv", PARQUET: "parquet", EXCEL: "excel"}
ANSWERED = {CSV: CSV, PARQUET: PARQUET, EXCEL: CSV}  # what comes back for what was sent
HINT = "-H 'Content-Type: text/csv' --data-binary @customers.csv"
IN_MEMORY = 256 * 1024  # bytes; a larger answer waits on disk
PIECE = 64 * 1024  # bytes sent at once
MEGABYTE = 1_000_000


def score_file_route(
    questions: Questions, settings: Settings, workers: Workers
) -> Callable[[Request], Awaitable[Response]]:
    """The route that scores a file; only so many at once, the rest are told to come again."""
    limit = settings.max_upload_mb * MEGABYTE

    async def score(request: Request) -> Response:
        kind = require_type(request, tuple(FORMATS), HINT)
        refuse_announced(request, limit)
        back = ANSWERED[kind]
        limits = {"max_bytes": limit, "max_rows": settings.max_upload_rows}
        options = {"format": FORMATS[kind], "output_format": FORMATS[back], **limits, **asked(request)}
        packing = back == CSV and accepts_gzip(request)
        spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
        try:
            incoming = Incoming(request, limit)
            scored = await _in_worker(
                workers,
                incoming,
                lambda: _scored(questions.segmenter, incoming, spool, options, packing=packing),
            )
        except BaseException:
            spool.close()
            raise
        return _response(spool, back, scored, packing=packing)

    return score


async def _in_worker(workers: Workers, incoming: Incoming, work: Callable[[], Scored]) -> Scored:
    watching = asyncio.ensure_future(incoming.watch())
    try:
        return await workers.run(work)
    finally:
        watching.cancel()


def _scored(
    segmenter: Segmenter, incoming: Incoming, spool: IO[bytes], options: dict[str, Any], *, packing: bool
) -> Scored:
    source = cast(BinaryIO, io.BufferedReader(incoming, PIECE))
    out = Outgoing(spool, incoming.left)
    try:
        if not packing:
            return _score(segmenter, source, cast(BinaryIO, out), options)
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as target:
            return _score(segmenter, source, cast(BinaryIO, target), options)
    except InputError as error:
        sentence = error.sentence(query_advice)
        raise Problem(422, sentence, errors=[{"field": error.column, "message": sentence}]) from None


def _response(spool: IO[bytes], kind: str, scored: Scored, *, packing: bool) -> Response:
    headers: dict[str, str] = {
        "Content-Length": str(spool.tell()),
        "Content-Disposition": f'attachment; filename="scored.{FORMATS[kind]}"',
        "X-Rows": str(scored.rows),
        "X-Rows-Refused": str(scored.errors),
        "Vary": "Accept-Encoding",
    }
    if packing:
        headers["Content-Encoding"] = "gzip"
    spool.seek(0)
    return StreamingResponse(_pieces(spool), 200, headers, kind)


async def _pieces(spool: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := spool.read(PIECE):
            yield piece
            await asyncio.sleep(0)  # a single prediction may slip in between
    finally:
        spool.close()


def asked(request: Request) -> dict[str, Any]:
    """What the query says about the file: its columns' headings, and which columns it does not have.

    Raises:
        Problem: 422 for a ``column`` that is not ``NAME=HEADING``.
    """
    query = request.query_params
    try:
        return {"columns": headings(query.getlist("column")), "missing": tuple(query.getlist("missing"))}
    except InputError as error:
        raise Problem(422, str(error), errors=[{"field": "column", "message": str(error)}]) from None


def headings(given: Sequence[str]) -> dict[str, str]:
    """Column -> heading, from texts such as ``age=Years``.

    Raises:
        InputError: for a text without both.
    """
    split = [text.partition("=") for text in given]
    for text, (name, _, heading) in zip(given, split, strict=True):
        if not name or not heading:
            raise InputError(f"a column must be NAME=HEADING, but it is {quoted(text)}")
    return {name: heading for name, _, heading in split}


def score_path(
    questions: Questions, settings: Settings, files: tuple[Path, Path], *, about: dict[str, Any]
) -> Scored:
    """Score a file on disk within the limits of the settings; CSV unless its name says otherwise.

    Args:
        questions: about the model.
        settings: how much is taken.
        files: the file and where its answer goes.
        about: further ``ScoreOptions``.

    Raises:
        InputError: for a file that is refused.
    """
    limits = {"max_bytes": settings.max_upload_mb * MEGABYTE, "max_rows": settings.max_upload_rows}
    return _score(questions.segmenter, *files, {**limits, **about})


def _score(
    segmenter: Segmenter, source: Path | BinaryIO, target: Path | BinaryIO, options: dict[str, Any]
) -> Scored:
    from inference import ScoreOptions, score_file  # loads pyarrow, which only files need

    return score_file(segmenter, source, target, options=ScoreOptions(**options))


def scored_headers() -> Mapping[str, str]:
    """The headers of an answer that tell about the file as a whole."""
    return {"X-Rows": "Rows of the file.", "X-Rows-Refused": "Rows that could not be answered."}
