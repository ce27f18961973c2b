"""Logs faults of the server without the values of the request that met them."""

from __future__ import annotations

import logging
import traceback

_log = logging.getLogger(__name__)


def log_quietly(error: Exception) -> None:
    """Log where an error came from, but not its message, which may contain the customer's values."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s while answering\n%s", type(error).__name__, where, extra={"fields": _fields(error)})


def _fields(error: Exception) -> dict[str, object]:
    """The same for logs that are not text: the type, and files, lines and functions."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "where": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }
