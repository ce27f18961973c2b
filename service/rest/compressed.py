"""Answers that are written already, compressed where the client takes that and it is worth it."""

from __future__ import annotations

import gzip

from starlette.responses import Response

from service.api.http.request_body import JSON

LEAST_COMPRESSED = 1024  # bytes; a smaller answer fits one packet anyway


def packed(body: bytes, *, packing: bool, kind: str = JSON) -> Response:
    """An answer, compressed if it is large enough and the client accepts it; for a worker thread."""
    headers = {"Vary": "Accept-Encoding"}
    if packing and len(body) >= LEAST_COMPRESSED:
        body = gzip.compress(body, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(body, 200, headers, kind)
