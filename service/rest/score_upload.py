"""Scores a file that streams in: constant memory, a whole answer or a problem, and nothing kept.

The body is stored in a temporary file without a name, and goes to a worker thread when all of it is there: a
client that sends slowly keeps no worker from the others. What the thread writes stays in another such file
until the last row is scored, and is sent then. So a fault in the last row is a problem with its own status
and never a file cut short, and a client that sends its whole body before it reads cannot get stuck.

The content decides what a file is; the media type only says whether the body is a file or a form with one.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from inference import InputError
from inference.files.options import EXTENSIONS, FORMATS
from service.api.api_predictions import Predictor
from service.api.file_scoring import file_limits, file_option
from service.api.http.media_types import ALIASES, MEDIA_TYPES, PACKED, Accepted
from service.api.http.request_body import accepts_gzip, refuse_announced, require_type
from service.api.http.upload_shares import UploadShares, client_of, upload_shares
from service.api.operations import Operation
from service.api.parameter_advice import query_advice
from service.api.problems import Problem, fault_of_server, system_fault
from service.rest.form_file import OVERHEAD, FormFile
from service.rest.streams import Outgoing, receive, watch
from service.settings import Settings
from service.thread_pools import WorkerPools, Workers

if TYPE_CHECKING:
    from inference import Scored

ANY, EXCEL_CSV = "application/octet-stream", "application/vnd.ms-excel"  # and for CSV from Windows
FORM = "multipart/form-data"
ACCEPTED = (*MEDIA_TYPES.values(), *ALIASES, EXCEL_CSV, ANY, FORM)
ANSWERED = tuple(MEDIA_TYPES.values())
HEAD = 1 << 16  # bytes by which the format of a file is told
HINT = "-F file=@customers.csv, or -H 'Content-Type: text/csv' --data-binary @customers.csv"
IN_MEMORY = 256 * 1024  # bytes; a larger answer waits on disk
MOST_GROWTH, MOST_ADDED = 4, 512  # times a file's bytes, and bytes per row, that its answer may have
PIECE = 64 * 1024  # bytes sent at once


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was scored, the format of the answer, and whether it is compressed."""

    scored: Scored
    output: str
    packed: bool


def score_file_route(
    operation: Operation,
    predictor: Predictor,
    settings: Settings,
    pools: WorkerPools,
    shares: UploadShares | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """The route of an operation on a file; when all workers are busy, clients are asked to come back."""
    limits = file_limits(settings)
    most = MOST_GROWTH * limits["max_bytes"] + MOST_ADDED * limits["max_rows"]
    workers = operation.cost.workers(pools) or pools.score
    shares = shares or upload_shares(settings)

    async def answer(request: Request) -> Response:
        form = require_type(request, ACCEPTED, HINT) == FORM
        most_sent = limits["max_bytes"] + (OVERHEAD if form else 0)
        refuse_announced(request, most_sent)
        options = {**limits, **asked(request, operation)}
        accepted = Accepted.of(request)
        if "output_format" not in options:
            accepted.choose(FORMATS)  # whatever the file is, so that nothing is sent in vain
        client = client_of(request)
        spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as body, shares.upload(client) as upload:
                file = FormFile(cast(io.RawIOBase, body), request.headers["content-type"]) if form else body
                await receive(request, body, upload, most_sent)
                with shares.scoring(client):
                    scored = await _in_worker(
                        workers,
                        request,
                        lambda left: _scored(
                            lambda source, target, output: operation.call(
                                predictor, source, target, {**options, "output_format": output}
                            ),
                            cast(BinaryIO, file),
                            options.get("output_format") or accepted,
                            Outgoing(spool, left, most),
                            packing=accepts_gzip(request),
                        ),
                    )
        except BaseException as error:
            spool.close()
            fault = system_fault(error) if isinstance(error, (OSError, InputError)) else None
            if fault is not None:
                raise fault_of_server(fault) from None
            raise
        return _response(spool, scored)

    return answer


async def _in_worker(
    workers: Workers, request: Request, work: Callable[[asyncio.Event], Answered]
) -> Answered:
    left = asyncio.Event()
    watching = asyncio.ensure_future(watch(request, left))
    try:
        return await workers.run(lambda: work(left))
    finally:
        watching.cancel()


def _scored(
    scoring: Callable[[BinaryIO, BinaryIO, str], Scored],
    file: BinaryIO,
    wanted: str | Accepted,
    out: Outgoing,
    *,
    packing: bool,
) -> Answered:
    """Score the file, and compress the answer if the client accepts it and it gets smaller."""
    with _seekable(file) as source:
        output = wanted if isinstance(wanted, str) else wanted.choose(_by_preference(source))
        packed = packing and output in PACKED
        scored = _score_or_refuse(
            lambda file, target: scoring(file, target, output), source, out, packed=packed
        )
        return Answered(scored=scored, output=output, packed=packed)


def _by_preference(source: BinaryIO) -> list[str]:
    """All formats, in front the one in which a file is answered if nothing else is asked for."""
    from inference.files.read.open_source import kind_of  # loads pyarrow, which only files need
    from inference.files.write.open_writer import natural_format

    head = source.read(HEAD)
    source.seek(0)
    try:
        first = natural_format(kind_of(head))
    except InputError:  # which scoring says again
        first = FORMATS[0]
    return [first, *(each for each in FORMATS if each != first)]


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file of a form as a file of its own; any other as it is, from its beginning."""
    if not isinstance(file, FormFile):
        yield file
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
        shutil.copyfileobj(file, whole, PIECE)
        whole.seek(0)
        yield cast(BinaryIO, whole)


def _score_or_refuse(
    scoring: Callable[[BinaryIO, BinaryIO], Scored], source: BinaryIO, out: Outgoing, *, packed: bool
) -> Scored:
    """Score the file; one that is refused is a problem."""
    try:
        if not packed:
            return scoring(source, cast(BinaryIO, out))
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as target:
            return scoring(source, cast(BinaryIO, target))
    except InputError as error:
        if system_fault(error) is not None:
            raise
        errors = [
            {"field": each.column, "message": each.alone(query_advice)} for each in (error, *error.more)
        ]
        raise Problem(422, error.sentence(query_advice), errors=errors) from None


def _response(spool: IO[bytes], answered: Answered) -> Response:
    scored = answered.scored
    headers: dict[str, str] = {
        "Content-Length": str(spool.tell()),
        "Content-Disposition": f'attachment; filename="scored.{EXTENSIONS[answered.output]}"',
        "X-Rows": str(scored.rows),
        "X-Rows-Refused": str(scored.errors),
        "Vary": "Accept, Accept-Encoding",
    }
    if answered.packed:
        headers["Content-Encoding"] = "gzip"
    spool.seek(0)
    return StreamingResponse(_pieces(spool), 200, headers, MEDIA_TYPES[answered.output])


async def _pieces(spool: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := spool.read(PIECE):
            yield piece
            await asyncio.sleep(0)  # a single prediction may slip in between
    finally:
        spool.close()


def asked(request: Request, operation: Operation) -> dict[str, Any]:
    """Options in the query about the file: how its columns are read, and where its table is.

    Raises:
        Problem: 422 for an option that cannot be used.
    """
    options: dict[str, Any] = {}
    for each in operation.parameters:
        try:
            options |= file_option(each.name, request.query_params.getlist(each.name))
        except InputError as error:
            raise Problem(422, str(error), errors=[{"field": each.name, "message": str(error)}]) from None
    return options


def scored_headers() -> Mapping[str, str]:
    """The headers of an answer about the whole file."""
    return {"X-Rows": "Rows of the file.", "X-Rows-Refused": "Rows that could not be answered."}
