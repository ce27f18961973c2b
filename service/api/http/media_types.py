"""The media types of tables, and which of them a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from inference.files.options import ARROW, CSV, EXCEL, JSON, JSON_LINES, PARQUET
from inference.wording import quoted
from service.api import api_texts as texts
from service.api.problems import Problem

MEDIA_TYPES: Mapping[str, str] = {
    CSV: "text/csv",
    PARQUET: "application/vnd.apache.parquet",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ARROW: "application/vnd.apache.arrow.stream",
    JSON_LINES: "application/x-ndjson",
    JSON: "application/json",
}
ALIASES = {"application/ndjson": JSON_LINES, "application/jsonl": JSON_LINES, "application/parquet": PARQUET}
PACKED = (CSV, JSON_LINES, JSON)  # which compression makes smaller


@dataclass(frozen=True)
class Wish:
    """A part of ``Accept``: a media type, perhaps with ``*``, and how much it is wanted."""

    kind: str
    weight: float

    def fits(self, media_type: str) -> bool:
        """Whether a media type is meant by it."""
        main, _, _ = media_type.partition("/")
        return self.kind in (media_type, f"{main}/*", "*/*")


class Accepted:
    """What a request says that it accepts; a request that says nothing accepts everything."""

    def __init__(self, header: str) -> None:
        self._wishes = list(_wishes(header)) or [Wish("*/*", 1.0)]
        self._header = header

    @classmethod
    def of(cls, request: Request) -> Accepted:
        """Of the headers of a request."""
        return cls(", ".join(request.headers.getlist("accept")))

    def choose(self, formats: Sequence[str]) -> str:
        """The format that is wanted most; of those wanted alike the first.

        Raises:
            Problem: 406 when none of them is accepted.
        """
        best = max(formats, key=lambda each: (self._weight(each), -formats.index(each)))
        if self._weight(best) > 0:
            return best
        offered = " or ".join(MEDIA_TYPES[each] for each in formats)
        raise Problem(406, texts.NOT_ACCEPTED.format(offered=offered, seen=quoted(self._header)))

    def _weight(self, name: str) -> float:
        """How much a format is wanted: by its most exact mention."""
        spellings = [MEDIA_TYPES[name], *(kind for kind, meant in ALIASES.items() if meant == name)]
        return max(self._weight_of(each) for each in spellings)

    def _weight_of(self, media_type: str) -> float:
        fitting = [each for each in self._wishes if each.fits(media_type)]
        if not fitting:
            return 0.0
        return min(fitting, key=lambda each: each.kind.count("*")).weight


def _wishes(header: str) -> Iterator[Wish]:
    for part in header.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not kind:
            continue
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            yield Wish(kind, min(1.0, max(0.0, float(weight))))
        except ValueError:
            yield Wish(kind, 1.0)
