"""The file in a form (multipart/form-data), read while the form arrives."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Collection

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import parse_options_header

from service.api import api_texts
from service.api.problems import Problem

PIECE = 64 * 1024  # bytes of the form that are parsed at once
OVERHEAD = 16 * 1024  # bytes that a form may be larger than its file
LARGEST_TEXT = 512 * 1024  # bytes of a part that is no file
MOST_BOUNDARY = 200  # characters; the standard allows 70


class FormFile(io.RawIOBase):
    """The one file of a form as a stream; reading parses the form just as far as it has to.

    Args:
        form: the body of the request.
        content_type: its header, which names the boundary between the parts.
        texts: names of the parts that may be there besides the file.

    Attributes:
        texts: what those parts hold, as far as the form is parsed.
        name: of the file, as the client calls it.

    Raises:
        Problem: 400 when there is no boundary, and while reading when it is not a complete form, 422 when it
            does not have exactly one file.
    """

    def __init__(self, form: io.RawIOBase, content_type: str, texts: Collection[str] = ()) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        if not 0 < len(boundary) <= MOST_BOUNDARY:
            raise Problem(400, api_texts.NO_BOUNDARY)
        self._form = form
        self._pieces: deque[bytes] = deque()
        self._header, self._value = b"", b""
        self._in_file = self._ended = self._complete = False
        self._files = 0
        self._allowed = frozenset(texts)
        self._text = ""  # the name of the part that is read, where it is one of them
        self.texts: dict[str, bytes] = {}
        self.name = ""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_named,
                "on_header_value": self._header_said,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._data_begins,
                "on_part_data": self._data_comes,
                "on_end": self._form_ends,
            },
        )

    def readable(self) -> bool:
        """Always readable."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # only ever a memoryview
        """Fill the buffer with what there is of the file; 0 at the end of the form."""
        while not self._pieces and not self._ended:
            self._parse(self._form.read(PIECE) or b"")
        if not self._pieces:
            return 0
        piece = self._pieces.popleft()
        taken = piece[: len(buffer)]
        if len(taken) < len(piece):
            self._pieces.appendleft(piece[len(taken) :])
        buffer[: len(taken)] = taken
        return len(taken)

    def _parse(self, piece: bytes) -> None:
        if not piece:
            self._ended = True
            if not self._complete:
                raise Problem(400, api_texts.NO_FORM.format(reason="it ends before its last boundary"))
            if self._files != 1:
                raise _not_one_file(self._files)
            return
        try:
            self._parser.write(piece)
        except (FormParserError, MultipartParseError) as error:
            raise Problem(400, api_texts.NO_FORM.format(reason=str(error)[:120])) from None
        if self._files > 1:
            raise _not_one_file(self._files)

    def _part_begins(self) -> None:
        self._in_file, self._text = False, ""
        self._header = self._value = b""

    def _header_named(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_said(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            options = parse_options_header(self._value)[1]
            named = options.get(b"name", b"").decode("utf-8", "replace")
            if named in self._allowed:
                self._text = named
            elif b"filename" in options or named == "file":
                self._in_file = True
                self.name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._header = self._value = b""

    def _data_begins(self) -> None:
        if self._text:
            self.texts[self._text] = b""
            return
        if not self._in_file:
            raise Problem(
                422, api_texts.OTHER_PART, errors=[{"field": None, "message": api_texts.OTHER_PART}]
            )
        self._files += 1

    def _data_comes(self, data: bytes, start: int, end: int) -> None:
        if self._text:
            self.texts[self._text] += data[start:end]
            if len(self.texts[self._text]) > LARGEST_TEXT:
                raise Problem(413, api_texts.TOO_LARGE.format(limit=LARGEST_TEXT))
            return
        self._pieces.append(data[start:end])

    def _form_ends(self) -> None:
        self._complete = True


def _not_one_file(count: int) -> Problem:
    message = api_texts.ONE_FILE.format(seen="several" if count else "none")
    return Problem(422, message, errors=[{"field": "file", "message": message}])
