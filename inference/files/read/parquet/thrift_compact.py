"""Decodes the compact protocol of Thrift, in which a Parquet file's footer and page headers are written.

See https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md. Damaged data raises an
``IndexError`` or ``ValueError``; nothing is allocated by what the data announces.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DEEPEST = 16  # structures within each other; page headers and schema elements have three
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_DOUBLE_BYTES, _LONG_LIST, _VARINT_BITS = 8, 15, 63


class ThriftReader:
    """Reads values from ``data``, from ``at`` on."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """A structure as a mapping from the fields' numbers."""
        return dict(self.fields(depth))

    def fields(self, depth: int = 0) -> Iterator[tuple[int, Any]]:
        """The fields of a structure one by one, so that one may stop early."""
        if depth > DEEPEST:
            raise ValueError("structures within each other")
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            yield number, self._value(head & 15, depth)

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in (_LIST, _SET):
            return self._list(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_BYTE, _DOUBLE):
            return self._bytes(1 if kind == _BYTE else _DOUBLE_BYTES)
        raise ValueError(f"type {kind} of a field")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < _LONG_LIST else self._varint()
        kind = head & 15
        if kind in (_TRUE, _FALSE):  # in a list each is a byte of its own
            kind = _BYTE
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _integer(self) -> int:
        coded = self._varint()
        return (coded >> 1) ^ -(coded & 1)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > _VARINT_BITS:
                raise ValueError("a whole number of more than 64 bits")

    def _byte(self) -> int:
        byte = self._data[self.at]
        self.at += 1
        return byte

    def _bytes(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self._data):
            raise IndexError("the data ends within a text")
        found = self._data[self.at : end]
        self.at = end
        return found
