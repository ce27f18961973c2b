"""Scores a stored table into a folder; a second run finds it complete, or starts again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from inference.files.options import CSV
from inference.files.predictions import ERROR_ROUTE, ROUTES
from inference.files.read.reading import Reading
from inference.files.spark.frame_scoring import reading_of, scored_frame
from inference.files.spark.marked_folder import check_apart, is_done, mark_of, start
from inference.files.spark.spark_tables import MALFORMED, FolderOptions, format_of, read_frame
from inference.files.spark.storage import Storage
from inference.files.write.writer import added_names
from inference.segmenter import Segmenter
from inference.wording import counted

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession


@dataclass(frozen=True, kw_only=True)
class ScoredFolder:
    """What came of a table: rows by route and by segment's name, and what was assumed about it.

    ``reading`` is ``None`` where the folder was complete before.
    """

    routes: Mapping[str, int] = field(default_factory=dict)
    segments: Mapping[str, int] = field(default_factory=dict)
    reading: Reading | None = None
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(self.routes.values())

    def sentences(self) -> list[str]:
        """The result in words."""
        if self.reading is None:
            return ["the folder already has this table, complete; nothing was done"]
        routes = ", ".join(f"{count:,} {route}" for route, count in self.routes.items())
        segments = ", ".join(f"{name}: {count:,}" for name, count in self.segments.items())
        return [
            *self.reading.sentences(),
            f"{counted(self.rows, 'row')} in {self.seconds:.1f} s: {routes}",
            f"rows per segment: {segments}",
        ]


def score_folder(
    segmenter: Segmenter,
    source: str,
    target: str,
    *,
    session: SparkSession,
    options: FolderOptions | None = None,
) -> ScoredFolder:
    """Score a file or folder of Parquet or CSV into a folder of Parquet.

    The target is complete when it has ``_SUCCESS``. A second run with the same model, source and settings
    does nothing then; after an unfinished run it starts again from nothing.

    Args:
        source, target: paths or addresses that Spark reads and writes.
        options: as for ``score``, and those of a folder.

    Raises:
        InputError: when source or target cannot be used.
    """
    options = options or FolderOptions()
    started = time.perf_counter()
    there, goal = Storage(session, source), Storage(session, target)
    check_apart(there, goal)
    files = there.files()
    kind = format_of([each.name for each in files], options.format, source)
    settings = {**asdict(options), "format": kind, "replace": False}
    mark = mark_of(segmenter.fingerprint, files, settings)
    if is_done(goal, mark) and not options.replace:
        return ScoredFolder()
    df = read_frame(session, source, kind, options)
    malformed = MALFORMED if kind == CSV else ""
    own = df.drop(malformed) if malformed else df
    reading = reading_of(own, segmenter, options)
    scored = scored_frame(df, segmenter, reading, malformed=malformed)
    start(goal, mark, force=options.replace)
    routes, segments = _written(scored, target, segmenter, added_names(own.columns))
    return ScoredFolder(
        routes=routes, segments=segments, reading=reading, seconds=time.perf_counter() - started
    )


def _written(
    scored: DataFrame, target: str, segmenter: Segmenter, added: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, int]]:
    """Write a scored table, and count its rows by route and by segment as they go by."""
    from pyspark.sql import Observation
    from pyspark.sql import functions as sql

    def rows_with(name: str, value: str) -> Column:
        return sql.count_if(sql.col(f"`{name.replace('`', '``')}`") == value)

    names = [each.name for each in segmenter.contract.segments]
    wanted: dict[str, Any] = {f"route {each}": rows_with(added[2], each) for each in ROUTES}
    wanted |= {f"segment {index}": rows_with(added[0], name) for index, name in enumerate(names)}
    seen = Observation()
    scored.observe(seen, *(column.alias(key) for key, column in wanted.items())).write.mode("append").parquet(
        target
    )
    counts = seen.get
    routes = {each if each != ERROR_ROUTE else "failed": counts[f"route {each}"] for each in ROUTES}
    return routes, {name: counts[f"segment {index}"] for index, name in enumerate(names)}
