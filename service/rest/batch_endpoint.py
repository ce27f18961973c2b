"""Many customers in, as JSON or lines of it; answers out as JSON, as lines one by one, or as a table."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from inference import InputError
from inference.files.options import ARROW, CSV, EXCEL, EXTENSIONS, JSON, JSON_LINES, PARQUET
from service.api import api_texts as texts
from service.api.api_predictions import Predictor, UnreadableRow
from service.api.http.media_types import ALIASES, MEDIA_TYPES, PACKED, Accepted
from service.api.http.request_body import accepts_gzip, parse_json, read_body, require_rows, require_type
from service.api.operations import LARGEST, Operation, Takes
from service.api.problems import Problem
from service.api.schemas import Predictions, Refusal, RowRefusal
from service.rest.compressed import packed
from service.thread_pools import BusyError, WorkerPools

ANSWERED = (JSON, JSON_LINES, CSV, ARROW, PARQUET, EXCEL)  # JSON where nothing is asked for
LINES = (MEDIA_TYPES[JSON_LINES], *(kind for kind, meant in ALIASES.items() if meant == JSON_LINES))
SENT = (MEDIA_TYPES[JSON], *LINES)
HINT = "--json instead of -d"
AT_ONCE = 1_000  # rows that are answered before their lines are sent
_PAUSE = 0.05  # seconds until a place among the workers is asked for again
_COLUMNS = ("segment", "segment_id", "tier", "action", "probability", "enough", "route", "novelty")


class BatchEndpoint:
    """Answers the requests for an operation on rows whose answer is ``Predictions``."""

    def __init__(self, operation: Operation, predictor: Predictor, pools: WorkerPools) -> None:
        self._operation = operation
        self._predictor = predictor
        self._workers = operation.cost.workers(pools) or pools.batch

    async def answer(self, request: Request) -> Response:
        """Read the rows, and answer in the format that the client wants."""
        lines = require_type(request, SENT, HINT) in LINES
        output = Accepted.of(request).choose(ANSWERED)
        body = await read_body(request, LARGEST[Takes.ROWS])
        packing = accepts_gzip(request)
        if output == JSON_LINES:
            return await self._lines(body, from_lines=lines)
        return await self._workers.run(lambda: self._whole(body, output, from_lines=lines, packing=packing))

    def _whole(self, body: bytes, output: str, *, from_lines: bool, packing: bool) -> Response:
        found = self._found(_rows(body, from_lines=from_lines))
        content = orjson.dumps(found) if output == JSON else _table(found, output)
        answer = packed(content, packing=packing and output in PACKED, kind=MEDIA_TYPES[output])
        answer.headers["Vary"] = "Accept, Accept-Encoding"
        if output != JSON:
            answer.headers["Content-Disposition"] = f'attachment; filename="segments.{EXTENSIONS[output]}"'
        return answer

    async def _lines(self, body: bytes, *, from_lines: bool) -> Response:
        """A line for each row; the first ones are made before anything is sent, so a refusal has a status."""

        def begin() -> tuple[Sequence[Any], bytes]:
            rows = _rows(body, from_lines=from_lines)
            return rows, self._some(rows, 0)

        rows, first = await self._workers.run(begin)

        async def pieces() -> AsyncIterator[bytes]:
            yield first
            for start in range(AT_ONCE, len(rows), AT_ONCE):
                yield await self._soon(rows, start)

        return StreamingResponse(pieces(), 200, {"Vary": "Accept"}, MEDIA_TYPES[JSON_LINES])

    async def _soon(self, rows: Sequence[Any], start: int) -> bytes:
        """Lines of the next rows; an answer that has begun waits for its turn instead of ending early."""
        while True:
            try:
                return await self._workers.run(lambda: self._some(rows, start))
            except BusyError:
                await asyncio.sleep(_PAUSE)

    def _some(self, rows: Sequence[Any], start: int) -> bytes:
        found = self._found(rows[start : start + AT_ONCE])
        wrong = _by_row(found["errors"])
        lines = []
        for index, answer in enumerate(found["answers"]):
            told = {"errors": wrong[index]} if answer is None else answer
            lines.append(orjson.dumps({"row": start + index, **told}))
        return b"".join(line + b"\n" for line in lines)

    def _found(self, rows: Any) -> Predictions:
        try:
            found: Predictions = self._operation.call(self._predictor, rows)
        except InputError as error:
            raise Problem(422, str(error), errors=[{"field": "rows", "message": str(error)}]) from None
        except RecursionError:
            raise Problem(422, texts.TOO_DEEP) from None
        return found


def _rows(body: bytes, *, from_lines: bool) -> list[Any]:
    """The rows of a body.

    Raises:
        Problem: for a body that has none.
    """
    if from_lines:
        rows = [_row(line) for line in body.split(b"\n") if line.strip()]
        if not rows:
            raise Problem(400, texts.EMPTY.format())
        return rows
    return require_rows(parse_json(body))


def _row(line: bytes) -> Any:
    """A customer, or what keeps a line from being one; the other lines are answered."""
    try:
        return parse_json(line)
    except Problem as problem:
        return UnreadableRow(problem.detail)


def _by_row(errors: Sequence[RowRefusal]) -> dict[int, list[Refusal]]:
    """What is wrong with each row that was refused."""
    wrong: dict[int, list[Refusal]] = {}
    for error in errors:
        wrong.setdefault(error["row"], []).append(Refusal(field=error["field"], message=error["message"]))
    return wrong


def _table(found: Predictions, output: str) -> bytes:
    """A row for each customer: its answer, or what is wrong with it."""
    import pyarrow as pa  # only tables need it

    from inference.files.write.table_writer import row_format

    wrong = _by_row(found["errors"])
    answers: list[Any] = list(found["answers"])
    columns: dict[str, list[Any]] = {"row": list(range(len(answers)))}
    for name in _COLUMNS:
        columns[name] = [None if answer is None else answer[name] for answer in answers]
    columns["errors"] = [
        " ".join(each["message"] or "" for each in wrong[at]) if at in wrong else None
        for at in range(len(answers))
    ]
    kinds = {"row": pa.int64(), "segment_id": pa.int64(), "enough": pa.bool_()}
    kinds |= {name: pa.float64() for name in ("probability", "novelty")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in columns])
    batch = pa.RecordBatch.from_pydict(columns, schema=schema)
    stream = io.BytesIO()
    written = row_format(output, stream, schema.names, own_columns=len(schema))
    written.write(written.encode(batch))
    written.close()
    return stream.getvalue()
