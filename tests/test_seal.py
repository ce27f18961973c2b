"""Damages and falsifies model files: none may load with another answer, or fail otherwise than ArtifactError.

``DAMAGES=2000`` flips that many bits, a tenth as often it cuts the file; the normal run does fewer.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from inference import ArtifactError, Segmenter
from inference.loading.seal import SEAL_BYTES, has_seal
from tests.conftest import ROOT
from tests.falsified import falsified

DAMAGES = int(os.environ.get("DAMAGES", "200"))
MODEL = ROOT / "artifacts" / "model.onnx"
CUSTOMERS = {
    "gender": ["Female", None, "Male", None],
    "age": [31, 60, None, None],
    "annual_income": [17, 90, 55, None],
    "spending_score": [40, None, 50, None],
}


@pytest.fixture(scope="module")
def content() -> bytes:
    return MODEL.read_bytes()


def answers(segmenter: Segmenter) -> list[Any]:
    found = segmenter.predict_many(CUSTOMERS)
    return [
        (row.segment, row.tier, row.action, row.enough, row.probability)
        for row in map(found.row, range(len(found)))
    ]


def outcome(content: bytes) -> list[Any] | None:
    """The answers of a file, or ``None`` where it is refused."""
    try:
        return answers(Segmenter.load(content))
    except ArtifactError:
        return None


def test_no_flipped_bit_gives_another_answer(content: bytes) -> None:
    rng = np.random.default_rng(0)
    right = answers(Segmenter.load(content))
    for place in rng.integers(0, len(content) * 8, DAMAGES):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << int(place % 8)
        assert outcome(bytes(damaged)) in (None, right)


def test_every_flipped_bit_before_the_seal_is_refused(content: bytes) -> None:
    rng = np.random.default_rng(1)
    for place in rng.integers(0, (len(content) - SEAL_BYTES) * 8, DAMAGES // 4):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << int(place % 8)
        with pytest.raises(ArtifactError, match="must have the SHA-256 of its seal"):
            Segmenter.load(bytes(damaged))


@pytest.mark.parametrize("place", range(SEAL_BYTES))
def test_a_damaged_seal_is_refused(content: bytes, place: int) -> None:
    damaged = bytearray(content)
    damaged[len(content) - SEAL_BYTES + place] ^= 1
    with pytest.raises(ArtifactError):
        Segmenter.load(bytes(damaged))


def test_a_cut_file_is_refused(content: bytes) -> None:
    rng = np.random.default_rng(2)
    for keep in (0, 1, len(content) - SEAL_BYTES, *rng.integers(0, len(content), DAMAGES // 10)):
        assert outcome(content[:keep]) is None


def test_appended_bytes_are_refused(content: bytes) -> None:
    for more in (b"\0", b"x" * 100, content):
        assert outcome(content + more) is None


def test_a_folder_a_pipe_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    pipe, huge = tmp_path / "pipe", tmp_path / "huge.onnx"
    os.mkfifo(pipe)
    with huge.open("wb") as file:
        file.truncate(30 * 2**30)  # takes no room on the disk
    for path in (tmp_path, pipe):
        with pytest.raises(ArtifactError, match="not a regular file"):
            Segmenter.load(path)
    with pytest.raises(ArtifactError, match="32,212,254,720 bytes, more than an ONNX file can have"):
        Segmenter.load(huge)
    with pytest.raises(ArtifactError, match="no model file can be read"):
        Segmenter.load("a\0b")


NAN, INFINITE = float("nan"), float("inf")


def setting(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one value of the contract."""

    def change(document: dict[str, Any]) -> None:
        entry: Any = document
        for step in path[:-1]:
            entry = entry[step]
        entry[path[-1]] = copy.deepcopy(to)

    return change


def fewer_segments(document: dict[str, Any]) -> None:
    del document["segments"][-1]


def more_segments(document: dict[str, Any]) -> None:
    document["segments"].append({**document["segments"][-1], "id": 5, "name": "One more", "share": 0.0})


def reversed_segments(document: dict[str, Any]) -> None:
    document["segments"].reverse()


def renumbered_segments(document: dict[str, Any]) -> None:
    document["segments"].reverse()
    for number, segment in enumerate(document["segments"]):
        segment["id"] = number


def swapped_names(document: dict[str, Any]) -> None:
    first, second, *_ = document["segments"]
    first["name"], second["name"] = second["name"], first["name"]


def no_rows(document: dict[str, Any]) -> None:
    for cells in (*document["self_test"]["inputs"].values(), *document["self_test"]["outputs"].values()):
        cells.clear()


def fewer_inputs(document: dict[str, Any]) -> None:
    del document["self_test"]["inputs"]["age"]


NEEDED = ("columns", "segments", "thresholds", "clustering")
NO_NUMBERS: tuple[object, ...] = (NAN, INFINITE, -INFINITE, -1, 0, "x", None, [], {})
LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "segments reversed": reversed_segments,
    "segments reversed and numbered again": renumbered_segments,
    "one segment fewer": fewer_segments,
    "one segment more": more_segments,
    "no segment": setting("segments", to=[]),
    "names swapped": swapped_names,
    "a name twice": lambda document: document["segments"][0].update(name=document["segments"][1]["name"]),
    "an empty name": setting("segments", 0, "name", to=""),
    "no self-test": setting("self_test", to=None),
    "an empty self-test": setting("self_test", to={"inputs": {}, "outputs": {}}),
    "a self-test without rows": no_rows,
    "a self-test without a column": fewer_inputs,
    "a self-test without outputs": setting("self_test", "outputs", to={}),
    "no sealed entry and another threshold": setting("thresholds", "answer_probability", to=7),
    "columns in another order": lambda document: document["columns"].reverse(),
    "a column twice": lambda document: document["columns"].append(document["columns"][0]),
    "no column": setting("columns", to=[]),
    "no clustering column": setting("clustering", to=[]),
    "an unknown clustering column": setting("clustering", 0, to="size_of_shoes"),
    "a range upside down": setting("columns", 1, "range", to=[120, 0]),
    "a segment's share of 3": setting("segments", 0, "share", to=3),
    "a segment of -1 customers": setting("segments", 0, "size", to=-1),
    "a text as share": setting("segments", 0, "share", to="much"),
    "far distances of fewer segments": setting("thresholds", "far_distances", to=[1.0]),
    "a far distance below 0": setting("thresholds", "far_distances", 0, to=-1.0),
    **{
        f"{name} {value}": setting("thresholds", name, to=value)
        for name in ("answer_probability", "novelty")
        for value in NO_NUMBERS
        if (name, value) != ("answer_probability", 0)  # every answer is certain enough
    },
    **{f"{name} is null": setting(name, to=None) for name in NEEDED},
    **{f"{name} is a text": setting(name, to="x") for name in NEEDED[:3]},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_contract_that_lies_is_refused_in_spite_of_a_right_seal(content: bytes, lie: str) -> None:
    with pytest.raises(ArtifactError):
        Segmenter.load(falsified(content, LIES[lie]))


@pytest.mark.parametrize("lie", LIES)
def test_copies_of_the_contract_that_differ_are_refused(content: bytes, lie: str) -> None:
    with pytest.raises(ArtifactError):
        Segmenter.load(falsified(content, LIES[lie], copies=False))


def test_copies_that_differ_in_words_only_are_refused(content: bytes) -> None:
    title = setting("title", to="Another title")
    with pytest.raises(ArtifactError, match=r"both copies of the contract .* must be the same"):
        Segmenter.load(falsified(content, title, copies=False))
    assert Segmenter.load(falsified(content, title)).contract.title == "Another title"


def test_a_file_without_a_seal_loads_if_its_contract_does_not_promise_one(content: bytes) -> None:
    def unpromised(document: dict[str, Any]) -> None:
        del document["sealed"]

    older = falsified(content, unpromised)[:-SEAL_BYTES]
    assert not has_seal(older)
    segmenter = Segmenter.load(older)
    assert not segmenter.sealed
    assert answers(segmenter) == answers(Segmenter.load(content))
    assert Segmenter.load(content).sealed
    with pytest.raises(ArtifactError, match="must end with its seal"):
        Segmenter.load(content[:-SEAL_BYTES])


def test_onnx_keeps_the_seal_when_it_writes_the_same_file(content: bytes) -> None:
    assert onnx.load_from_string(content).SerializeToString() == content
