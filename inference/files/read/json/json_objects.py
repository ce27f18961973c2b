"""The objects of a JSON file, one after the other, with every number as it is written."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from inference.errors import InputError
from inference.wording import quoted

MOST_LINE = 1 << 20  # bytes of one object
MOST_DOCUMENT = 16 << 20  # bytes of a list, which is held as a whole
_EXACT_DIGITS = 15  # a number of more may not come back as it was
_LIST = re.compile(r'\s*(?:\{\s*"rows"\s*:\s*)?\[\s*')
_BETWEEN = re.compile(r"\s*(,|\])\s*")
_BOM = b"\xef\xbb\xbf"
_INTEGERS, _LONGEST = range(-(2**63), 2**63), 20  # characters


class LongNumber(str):
    """A number of so many digits that only its text is exact."""

    __slots__ = ()


def objects_by_line(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of NDJSON with their lines, from the beginning of the stream; blank lines are passed over.

    Raises:
        InputError: for a line that is no object, with its number.
    """
    stream.seek(0)
    number = 0
    while line := stream.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise InputError(
                f"each line must have at most {MOST_LINE >> 20} MiB, but line {number:,} has more; put each "
                "customer on a line of its own"
            )
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.strip():
            continue
        where = f"line {number:,}"
        text = _text(line, where)
        with _in_words(where):
            value = _DECODER.decode(text)
        yield number, _object(value, where)


def objects_of_list(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list, or of the list ``rows`` of an object, with their positions from 1 on.

    Raises:
        InputError: when it is something else, or larger than a list may be.
    """
    size = stream.seek(0, io.SEEK_END)
    if size > MOST_DOCUMENT:
        raise InputError(
            f"a JSON list must have at most {MOST_DOCUMENT >> 20} MiB, but it has {size >> 20}; write one "
            "object per line instead (NDJSON)"
        )
    stream.seek(0)
    text = _text(stream.read().removeprefix(_BOM), "the file")
    begin = _LIST.match(text)
    if begin is None:
        raise InputError(
            "a JSON file must be a list of objects, but it is something else; write one object per customer"
        )
    at, number = begin.end(), 0
    ended = text.startswith("]", at)
    at += ended
    while not ended:
        number += 1
        where = f"object {number:,}"
        with _in_words(where):
            value, at = _DECODER.raw_decode(text, at)
        yield number, _object(value, where)
        between = _BETWEEN.match(text, at)
        if between is None:
            raise _no_json(where, "no comma and no ] follows it")
        at, ended = between.end(), between[1] == "]"
    _check_end(text, at, wrapped=begin[0].lstrip().startswith("{"))


def _check_end(text: str, at: int, *, wrapped: bool) -> None:
    rest = text[at : at + 100].strip()
    if rest != ("}" if wrapped else ""):
        raise InputError(
            f"nothing must follow the list of a JSON file, but there is {quoted(rest or 'no }')}; remove it, "
            "or write the list alone"
        )


def _text(line: bytes, where: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"JSON must be UTF-8, but {where} is not; write it again as UTF-8") from None


@contextmanager
def _in_words(where: str) -> Iterator[None]:
    """What the decoder raises about an object, as a refusal."""
    try:
        yield
    except RecursionError:
        raise _no_json(where, "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise _no_json(where, f"{error.msg} at {line}column {error.colno}") from None
    except ValueError as error:
        raise _no_json(where, str(error)) from None


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(
            f"each customer must be a JSON object of columns and values, but {where} is something else; "
            'write {"column": value}'
        )
    return value


def _no_json(where: str, reason: str) -> InputError:
    return InputError(
        f"each customer must be a JSON object, in a list or on a line of its own, but {where} cannot be read "
        f"({reason[:120]}); correct it"
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"{quoted(twice)} occurs twice")
    return found


def _number(text: str) -> float | LongNumber:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {quoted(text)} is too large")
    digits = text.lower().partition("e")[0].replace(".", "").lstrip("-0")
    return value if len(digits) <= _EXACT_DIGITS or repr(value) == text else LongNumber(text)


def _integer(text: str) -> int | LongNumber:
    return value if len(text) <= _LONGEST and (value := int(text)) in _INTEGERS else LongNumber(text)


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_number, parse_int=_integer, parse_constant=_constant
)
