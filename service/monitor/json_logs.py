"""Logs as lines of JSON, without any value that a client sent.

Of our own records the fields are logged, which hold words and numbers of ours. Of everybody else's, only the
text before values are put into it, and of an error its type and where it happened, because its message may
quote a customer.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any

import orjson

OURS = "service."
_DEPTH = 12  # calls of a traceback that are logged, the innermost


class JsonFormatter(logging.Formatter):
    """Formats a record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
        }
        fields = getattr(record, "fields", None)
        if record.name.startswith(OURS) and isinstance(fields, dict):
            line |= fields
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = where(record.exc_info[1])
        return orjson.dumps(line).decode()


def where(error: BaseException) -> list[str]:
    """Where an error happened: files, lines and functions, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-_DEPTH:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def log_as_json(stream: IO[str] | None = None) -> logging.Handler:
    """Log everything as lines of JSON, to the standard error if to nothing else; returns the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("service").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    return handler
