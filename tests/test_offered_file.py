"""Checks the files that a page offers from Gradio's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.gradio_api.offered_file import offered_file


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of Gradio."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


def test_the_same_content_is_offered_in_one_place_and_another_in_another() -> None:
    assert offered_file(b"a model", "model.onnx") == offered_file(b"a model", "model.onnx")
    assert offered_file(b"another", "model.onnx") != offered_file(b"a model", "model.onnx")


def test_a_download_that_has_begun_reads_on_when_the_file_is_offered_again() -> None:
    """A file that is written in place is empty for a moment, and the download breaks off."""
    path = Path(offered_file(b"a model", "model.onnx"))
    with path.open("rb", buffering=0) as begun:
        before = path.stat().st_ino
        assert begun.read(2) == b"a "
        assert Path(offered_file(b"a model", "model.onnx")) == path
        assert path.stat().st_ino != before
        assert begun.read() == b"model"


def test_nothing_but_the_file_is_left(folder: Path) -> None:
    path = Path(offered_file(b"a model", "model.onnx"))
    assert [each for each in folder.rglob("*") if each.is_file()] == [path]
    assert path.read_bytes() == b"a model"
