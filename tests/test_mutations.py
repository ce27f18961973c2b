"""Any damage to a file is answered by a result or one sentence, by scoring as by the trainer's reader.

Each format has 1,000 damaged files from a fixed seed, so that a failure names a file that can be made again.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, ScoreOptions, Segmenter, score_file
from tests.scored_files import HEADER
from tests.test_excel_source import workbook
from trainer.table.raw_table import read_raw

MUTATIONS = 1_000
ROWS = range(40)
LONGEST_SENTENCE = 300
MOST_SECONDS = 30  # for one damaged file, on a machine with other things to do
MOST_ROWS = 100_000
ODD = [b"\0", b"\xff", b'"', b"\n", b"\r", b",", b"\xef\xbb\xbf", b"9" * 40, b"\x80\x80\x80\x80\x7f"]


def table() -> list[list[str | int]]:
    """Customers of the published model and a column of notes."""
    return [
        [f"{row:04}", ("Male", "Female")[row % 2], 18 + row, 15 + row, 1 + row, "é,;"] for row in range(40)
    ]


def csv_file() -> bytes:
    lines = [f'{a},{b},{c},{d},{e},"{f}"' for a, b, c, d, e, f in table()]
    return "\n".join([f"{HEADER},note", *lines, ""]).encode()


def parquet_file() -> bytes:
    columns = zip(*table(), strict=True)
    content = io.BytesIO()
    made = pa.table([pa.array(column) for column in columns], names=[*HEADER.split(","), "note"])
    parquet.write_table(made, content, row_group_size=25)
    return content.getvalue()


def excel_file() -> bytes:
    return workbook([*HEADER.split(","), "note"], *table())


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The data with one to three changes: bytes changed, cut out, put in, put twice, or the end cut off."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice([1, 1, 2, 8, 100]))
        change = chance.choice(["bits", "bytes", "out", "in", "twice", "end"])
        if change == "bits" and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        elif change == "bytes":
            data = data[:at] + chance.randbytes(end - at) + data[end:]
        elif change == "out":
            data = data[:at] + data[end:]
        elif change == "in":
            data = data[:at] + chance.choice(ODD) + data[at:]
        elif change == "twice":
            data = data[:end] + data[at:end] + data[end:]
        elif change == "end" and chance.random() < 0.2:
            data = data[:at]
    return data


def damaged_within(data: bytes, chance: random.Random) -> bytes:
    """An archive whose parts are damaged and whose directory is right, so that the damage is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = given.namelist()
        hit = chance.choice([name for name in names if name.endswith((".xml", ".rels"))])
        for name in names:
            part = given.read(name)
            made.writestr(name, damaged(part, chance) if name == hit else part)
    return out.getvalue()


def answered(act: Callable[[], object], seed: int) -> bool:
    """Whether there is a result; if not, there is one sentence."""
    started = time.monotonic()
    sentence = ""
    try:
        act()
    except InputError as error:
        sentence = str(error)
    except BaseException as error:
        raise AssertionError(f"the damaged file of seed {seed} ends in {error!r}") from error
    assert time.monotonic() - started < MOST_SECONDS, seed
    assert len(sentence) <= LONGEST_SENTENCE, (seed, sentence)
    assert "\n" not in sentence, (seed, sentence)
    return not sentence


def check(
    segmenter: Segmenter, folder: Path, make: Callable[[random.Random], bytes], *, in_turn: bool = False
) -> tuple[int, int]:
    """How many of the damaged files are scored, and how many are read by the trainer; ``in_turn``: by one."""
    path = folder / "damaged"
    options = ScoreOptions(max_rows=MOST_ROWS)
    scored = read = 0
    for seed in range(MUTATIONS):
        content = make(random.Random(seed))  # noqa: S311 - the same every time
        path.write_bytes(content)
        if not in_turn or seed % 2:
            scored += answered(lambda: score_file(segmenter, path, io.BytesIO(), options=options), seed)
        if not in_turn or not seed % 2:
            read += answered(lambda: read_raw(path, options=options), seed)
    return scored, read


def test_a_damaged_csv_file_is_answered(published: Segmenter, tmp_path: Path) -> None:
    whole = csv_file()
    scored, read = check(published, tmp_path, lambda chance: damaged(whole, chance))
    assert 0 < scored < MUTATIONS
    assert 0 < read < MUTATIONS


def test_a_damaged_parquet_file_is_answered(published: Segmenter, tmp_path: Path) -> None:
    whole = parquet_file()
    scored, read = check(published, tmp_path, lambda chance: damaged(whole, chance))
    assert 0 < scored < MUTATIONS
    assert 0 < read < MUTATIONS


@pytest.mark.parametrize("change", [damaged, damaged_within], ids=["archive", "parts"])
def test_a_damaged_excel_file_is_answered(
    published: Segmenter,
    tmp_path: Path,
    change: Callable[[bytes, random.Random], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.test_mutations.MUTATIONS", MUTATIONS // 2)
    whole = excel_file()
    # Each file takes a process of its own, which costs more than all the rest.
    scored, read = check(published, tmp_path, lambda chance: change(whole, chance), in_turn=True)
    assert 0 < scored < MUTATIONS
    assert 0 < read < MUTATIONS
