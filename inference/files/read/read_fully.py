"""Reads a binary stream in pieces of a wanted size."""

from __future__ import annotations

from typing import BinaryIO

from inference.errors import InputError


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Up to ``size`` bytes; a pipe gives them in small pieces.

    Raises:
        InputError: when the stream breaks.
    """
    pieces, missing = [], size
    try:
        while missing > 0 and (piece := stream.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)
    except OSError as error:
        raise InputError(
            f"the file must be readable to its end, but it is not ({error.strerror}); copy it again"
        ) from error
    except TypeError as error:
        raise InputError("the stream must give bytes, but it gives text; open it in binary mode") from error
