"""The day in texts that hold a time, too: cut off before the time, many rows at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.dates.date_texts import TIME

_TIME_STARTS = r"(?:[T,]| at| um| à| a las)? *\d{1,2}[:h]\d{2}|T\d{4}(?:\d{2})?Z?$"
_TIME_FIRST = r"^\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?,? "
_TIME_BEFORE_YEAR = r" \d{1,2}:\d{2}:\d{2}(?: [A-Z]{3,5})? (\d{4})$"  # Thu Sep 22 09:12:00 CEST 2022

DayPart = tuple[NDArray[np.int64], pa.Array]


def day_parts(texts: pa.Array) -> list[DayPart]:
    """Texts ``[N]`` without times and zones, in groups: rows of the texts, and their days as text.

    A text whose end is not a time of day stays as it is.
    """
    everything = np.arange(len(texts))
    if not pc.any(pc.match_substring_regex(texts, r"\d[:hT]\d")).as_py():
        return [(everything, texts)]
    starts = pc.find_substring_regex(texts, _TIME_STARTS).fill_null(-1).to_numpy(zero_copy_only=False)
    timed = pc.match_substring_regex(texts, f"{TIME}$").fill_null(False).to_numpy(zero_copy_only=False)
    usual = timed & (starts > 0)
    groups = []
    for start in np.unique(starts[usual]).tolist():
        rows = np.flatnonzero(usual & (starts == start))
        part = texts if len(rows) == len(texts) else texts.take(pa.array(rows))
        days = pc.binary_slice(part.cast(pa.large_binary()), 0, start).cast(pa.large_string())
        groups.append((rows, pc.utf8_rtrim(days, ", ")))
    rest = everything[~usual]
    if len(rest):
        others = texts.take(pa.array(rest))
        others = pc.replace_substring_regex(others, _TIME_FIRST, "")
        groups.append((rest, pc.replace_substring_regex(others, _TIME_BEFORE_YEAR, r" \1")))
    return groups
