"""Logs as lines of JSON, without any value that a client sent.

Of our own records the fields are logged, which hold words and numbers of ours. Of everybody else's, only the
text before values are put into it, and of an error its type and where it happened, because its message may
quote a customer.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson
from uvicorn.config import LOGGING_CONFIG

OURS = "service."
_log = logging.getLogger(__name__)
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


def log_as_json() -> None:
    """Log everything of this process as lines of JSON to the standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("service").setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = _log_thread
    for part in ("loggers", "handlers", "formatters"):
        LOGGING_CONFIG[part].clear()  # the server configures its own handlers with it when it starts


def _log_thread(ended: threading.ExceptHookArgs) -> None:
    """Log an error that ended a thread."""
    if ended.exc_value is not None:
        _log.error("thread ended", exc_info=ended.exc_value)
