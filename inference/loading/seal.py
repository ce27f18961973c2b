"""The seal of a model file: the SHA-256 of everything before it, as its last entry.

A file is its graph with all metadata (contract, small graphs), followed by one more metadata entry in the
encoding of protobuf, which repeated fields allow: 10 fixed bytes, then the hexadecimal SHA-256 of all bytes
before the entry, 64 bytes. So every language can check it without an ONNX library. A file that says
``"sealed": true`` in its contract must have one; files of earlier versions do not say so and load without.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.errors import ArtifactError

if TYPE_CHECKING:
    from collections.abc import Callable

SEAL_KEY = "seal"
_DIGITS = 64
_ENTRY = b"\x72\x48\x0a\x04" + SEAL_KEY.encode("ascii") + b"\x12\x40"  # metadata_props {key, value}
SEAL_BYTES = len(_ENTRY) + _DIGITS


def add_seal(content: bytes) -> bytes:
    """A model file with its seal; an earlier seal is replaced.

    Example:
        >>> sealed = add_seal(b"graph and contract")
        >>> len(sealed) - len(b"graph and contract"), has_seal(sealed), add_seal(sealed) == sealed
        (74, True, True)
    """
    body = content[:-SEAL_BYTES] if has_seal(content) else content
    return body + _ENTRY + _sha256(body).encode("ascii")


def has_seal(content: bytes) -> bool:
    """Whether a file ends in a seal, right or wrong."""
    return content[-SEAL_BYTES:-_DIGITS] == _ENTRY


def check_seal(content: bytes, path: str | Path) -> None:
    """Compare a file with its seal, if it has one.

    Raises:
        ArtifactError: when any byte was changed since the file was written.
    """
    if not has_seal(content):
        return
    found = _sha256(content[:-SEAL_BYTES])
    if content[-_DIGITS:] != found.encode("ascii"):
        raise ArtifactError(
            f"the file {str(path)!r} must have the SHA-256 of its seal, but its content has {found}: it was "
            "changed after training; copy it again, or write it again with `python -m trainer`"
        )


def require_seal(content: bytes, path: str | Path) -> None:
    """Refuse a file without a seal whose contract says that it has one.

    Raises:
        ArtifactError: when it has none.
    """
    if not has_seal(content):
        raise ArtifactError(
            f"the file {str(path)!r} must end with its seal, but it does not: it was cut or changed after "
            "training; copy it again, or write it again with `python -m trainer`"
        )


def _sha256(content: bytes) -> str:
    return str(_hash()(content).hexdigest())


def _hash() -> Callable[[bytes], Any]:
    """SHA-256 without OpenSSL, whose loading is a tenth of the start; ``random`` does the same."""
    name = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        made: Callable[[bytes], Any] = __import__(name).sha256
    except ImportError:
        import hashlib

        return hashlib.sha256
    return made
