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
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from inference import InputError
from service.api.api_predictions import Predictor
from service.api.file_scoring import file_limits, headings, where_the_table_is
from service.api.operations import Operation
from service.api.parameter_advice import query_advice
from service.api.problems import Problem
from service.api.request_body import accepts_gzip, refuse_announced, require_type
from service.rest.streams import Incoming, Outgoing
from service.settings import Settings
from service.thread_pools import WorkerPools, Workers

if TYPE_CHECKING:
    from inference import Scored

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {CSV: "csv", PARQUET: "parquet", EXCEL: "excel"}
ANSWERED = {CSV: CSV, PARQUET: PARQUET, EXCEL: CSV}  # what comes back for what was sent
HINT = "-H 'Content-Type: text/csv' --data-binary @customers.csv"
IN_MEMORY = 256 * 1024  # bytes; a larger answer waits on disk
PIECE = 64 * 1024  # bytes sent at once


def score_file_route(
    operation: Operation, predictor: Predictor, settings: Settings, pools: WorkerPools
) -> Callable[[Request], Awaitable[Response]]:
    """The route of an operation on a file; when all workers are busy, clients are asked to come back."""
    limits = file_limits(settings)
    workers = operation.cost.workers(pools) or pools.score

    async def answer(request: Request) -> Response:
        kind = require_type(request, tuple(FORMATS), HINT)
        refuse_announced(request, limits["max_bytes"])
        back = ANSWERED[kind]
        options = {"format": FORMATS[kind], "output_format": FORMATS[back], **limits, **asked(request)}
        packing = back == CSV and accepts_gzip(request)
        spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
        try:
            incoming = Incoming(request, limits["max_bytes"])
            scored = await _in_worker(
                workers,
                incoming,
                lambda: _scored(
                    lambda source, target: operation.call(predictor, source, target, options),
                    incoming,
                    spool,
                    packing=packing,
                ),
            )
        except BaseException:
            spool.close()
            raise
        return _response(spool, back, scored, packing=packing)

    return answer


async def _in_worker(workers: Workers, incoming: Incoming, work: Callable[[], Scored]) -> Scored:
    watching = asyncio.ensure_future(incoming.watch())
    try:
        return await workers.run(work)
    finally:
        watching.cancel()


def _scored(
    scoring: Callable[[BinaryIO, BinaryIO], Scored], incoming: Incoming, spool: IO[bytes], *, packing: bool
) -> Scored:
    source = cast(BinaryIO, io.BufferedReader(incoming, PIECE))
    out = Outgoing(spool, incoming.left)
    try:
        if not packing:
            return scoring(source, cast(BinaryIO, out))
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as target:
            return scoring(source, cast(BinaryIO, target))
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
    """Options in the query about the file: its columns' headings, the columns it lacks, where its table is.

    Raises:
        Problem: 422 for an option that cannot be used.
    """
    query = request.query_params
    field = "column"
    try:
        columns = headings(query.getlist("column"))
        field = "header_row"
        where = where_the_table_is(
            query.get("sheet", ""), query.get("header_row", ""), query.get("keep_totals", "")
        )
    except InputError as error:
        raise Problem(422, str(error), errors=[{"field": field, "message": str(error)}]) from None
    return {"columns": columns, "missing": tuple(query.getlist("missing")), **where}


def scored_headers() -> Mapping[str, str]:
    """The headers of an answer about the whole file."""
    return {"X-Rows": "Rows of the file.", "X-Rows-Refused": "Rows that could not be answered."}
