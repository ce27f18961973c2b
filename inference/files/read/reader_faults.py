"""What a reader of damaged files may raise, made into the one kind of error that callers know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pyarrow as pa

from inference.errors import InputError
from inference.wording import shortened

FAULTS = (
    pa.ArrowException,
    OSError,  # which Arrow raises for some damaged pages
    ValueError,  # bytes that are not text among them
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    MemoryError,
    RuntimeError,
    StopIteration,  # which no future may be given: who waits for it would wait for ever
)

Item = TypeVar("Item")


@contextmanager
def refused_when_damaged() -> Iterator[None]:
    """Within this block, whatever a reader raises about a file is an ``InputError``.

    Raises:
        InputError: in place of each fault; one that is raised within passes unchanged.
    """
    try:
        yield
    except InputError:
        raise
    except FAULTS as error:
        detail = shortened(" ".join(str(error)[:400].split()) or type(error).__name__)
        raise InputError(
            f"the file must be readable to its end, but it is not ({detail}); it is damaged: write it again"
        ) from error


def until_damaged(items: Iterable[Item]) -> Iterator[Item]:
    """The items, and an ``InputError`` for whatever their reader raises."""
    given = iter(items)
    while True:
        with refused_when_damaged():
            try:
                item = next(given)
            except StopIteration:
                return
        yield item
