"""Checks what an executor of Spark does with a partition, without Spark."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pytest

from inference import InputError, Segmenter
from inference.files.options import ReadOptions
from inference.files.read.reading import read_as
from inference.files.scoring import score_batches
from inference.files.spark import batch_scorer
from inference.files.spark.batch_scorer import BatchScorer
from inference.files.spark.frame_scoring import Closure, SampleSource
from inference.files.spark.marked_folder import check_apart, is_done, mark_of, start
from inference.files.spark.storage import StoredFile

BATCH = pa.record_batch(
    {
        "id": [1, 2, 3, 4],
        "gender": ["Female", None, "Male", "Male"],
        "age": [31.0, None, None, 200.0],
        "annual_income": [17.0, None, 50.0, 50.0],
        "spending_score": [40.0, None, 1_000.0, None],
    }
)


@dataclass
class Counted:
    """A model's content that counts how often it is asked for."""

    content: bytes
    asked: int = 0

    @property
    def value(self) -> bytes:
        self.asked += 1
        return self.content


def scorer(segmenter: Segmenter, content: Any, **more: Any) -> BatchScorer:
    reading = read_as(SampleSource([BATCH]), segmenter.contract.columns, ReadOptions())
    return BatchScorer(fingerprint=segmenter.fingerprint, content=content, reading=reading, **more)


def test_a_partition_has_the_answers_of_one_machine_without_the_row(published: Segmenter) -> None:
    sent = pickle.loads(pickle.dumps(scorer(published, Closure(published.content))))  # noqa: S301 - our own
    found = pa.Table.from_batches(sent.scored_batches(iter([BATCH, BATCH[:1]]))).to_pylist()
    expected = pa.Table.from_batches(score_batches(published, [BATCH, BATCH[:1]])).to_pylist()
    assert [row["route"] for row in found] == ["complete", "prior", "error", "partial", "complete"]
    for row, other in zip(found, expected, strict=True):
        assert row == {**other, "error": other["error"] and other["error"].partition(": ")[2]}


def test_a_process_loads_the_model_once(published: Segmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_scorer, "_LOADED", {})
    content = Counted(published.content)
    for _ in range(3):
        assert len(list(scorer(published, content).scored_batches(iter([BATCH, BATCH])))) == 2
    assert content.asked == 1


def test_a_partition_without_rows_asks_for_no_model(published: Segmenter) -> None:
    content = Counted(published.content)
    assert list(scorer(published, content).scored_batches(iter([]))) == []
    (empty,) = scorer(published, content).scored_batches(iter([BATCH[:0]]))
    assert (empty.num_rows, empty.schema.names[-6:]) == (
        0,
        ["segment", "probability", "route", "novelty", "error", "note"],
    )


def test_a_row_of_another_length_is_in_error_whatever_its_cells(published: Segmenter) -> None:
    marked = BATCH.append_column("_malformed", pa.array(["1,Female", None, None, None]))
    (found,) = scorer(published, Closure(published.content), malformed="_malformed").scored_batches(
        iter([marked])
    )
    assert "_malformed" not in found.schema.names
    assert [route.as_py() for route in found["route"]] == ["error", "prior", "error", "partial"]
    assert found["error"][0].as_py().startswith("the row must have as many cells as the header")


class Folder:
    """A folder in memory with what ``Storage`` offers."""

    def __init__(self, address: str, **files: str) -> None:
        self.address = address
        self.contents = files

    def exists(self, name: str = "") -> bool:
        return name in self.contents

    def read(self, name: str) -> str:
        return self.contents[name]

    def write(self, name: str, text: str) -> None:
        self.contents[name] = text

    def remove(self) -> None:
        self.contents.clear()

    def is_empty(self) -> bool:
        return not self.contents


FILES = [StoredFile("a.parquet", 10, 1)]
MARK = mark_of("f1", FILES, {"na": ()})


def test_a_mark_differs_by_model_source_and_settings() -> None:
    others = [
        mark_of("f2", FILES, {"na": ()}),
        mark_of("f1", [replace(FILES[0], size=11)], {"na": ()}),
        mark_of("f1", [replace(FILES[0], changed=2)], {"na": ()}),
        mark_of("f1", FILES, {"na": ("x",)}),
    ]
    assert len({MARK, *others}) == 5
    assert mark_of("f1", list(FILES), {"na": ()}) == MARK


def test_only_what_an_unfinished_run_left_is_removed() -> None:
    folder = Folder("file:/out", **{"_segmentation.json": "another", "part-0": "rows"})
    start(folder, MARK, force=False)
    assert folder.contents == {"_segmentation.json": MARK}
    assert not is_done(folder, MARK)
    folder.write("_SUCCESS", "")
    assert is_done(folder, MARK)
    with pytest.raises(InputError, match="has the table of another model, source or settings"):
        start(folder, "another", force=False)
    own = Folder("file:/out", mine="mine")
    with pytest.raises(InputError, match="but it has other files; name another, or let it be replaced"):
        start(own, MARK, force=False)
    assert own.contents == {"mine": "mine"}
    start(own, MARK, force=True)
    assert own.contents == {"_segmentation.json": MARK}


@pytest.mark.parametrize("target", ["file:/a/b", "file:/a/b/c", "file:/a"])
def test_source_and_target_are_apart(target: str) -> None:
    with pytest.raises(InputError, match="must be in another folder than its source"):
        check_apart(Folder("file:/a/b"), Folder(target))
    check_apart(Folder("file:/a/b"), Folder("file:/a/bc"))
