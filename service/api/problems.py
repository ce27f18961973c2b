"""Problems as in RFC 9457: ``application/problem+json``, in the same form for every refusal."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from service.api import api_texts as texts
from service.api.schemas import Refusal

MEDIA_TYPE = "application/problem+json"


_FULL = (errno.ENOSPC, errno.EDQUOT)


def system_fault(error: BaseException | None) -> OSError | None:
    """The error of the operating system that an error is, or was caused by; none where a file is damaged."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error
        error = error.__cause__ or error.__context__
    return None


def fault_of_server(fault: OSError) -> Problem:
    """What is answered when the operating system fails: 507 for a full disk, else 500."""
    full = fault.errno in _FULL
    return Problem(507 if full else 500, texts.DISK_FULL if full else texts.FAILED)


class Problem(Exception):  # noqa: N818 - it is what the RFC calls it
    """A request that is refused, or an answer that failed.

    Attributes:
        status: the HTTP status; its phrase is the title.
        detail: what must be true, what was seen, what to do.
        errors: the fields at fault, one by one.
        headers: to send along, such as ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any] | Refusal] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self, request_id: str) -> Response:
        """The problem as it is sent."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.errors:
            body["errors"] = self.errors
        return Response(orjson.dumps(body), self.status, self.headers, MEDIA_TYPE)
