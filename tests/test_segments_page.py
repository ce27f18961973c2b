"""Checks the page of segments: what is on it, that it is one page, and that it is the same each time."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from inference import Segmenter
from trainer.__main__ import main
from trainer.report.figures.figure_style import drawing
from trainer.report.figures.segments_page import save_segments_page, segments_page

MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"
PAGES = re.compile(rb"/Type /Page\b")


def drawn(path: Path) -> bytes:
    """The instructions that draw the page."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    return b"".join(_unpacked(each) for each in streams)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_the_command_writes_one_page_that_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    assert main(["page", str(MODEL), str(first)]) == 0
    assert main(["page", str(MODEL), str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert len(PAGES.findall(first.read_bytes())) == 1
    assert drawn(first).count(b"Tj") + drawn(first).count(b"TJ") > 20


def test_twenty_segments_with_long_texts_stay_on_the_page(published: Segmenter, tmp_path: Path) -> None:
    long = "a sentence that goes on and on " * 30
    one = replace(published.contract.segments[0], because=long, action=long)
    many = replace(published.contract, segments=tuple(replace(one, id=place) for place in range(20)))
    save_segments_page(many, tmp_path / "many.pdf")
    assert len(PAGES.findall((tmp_path / "many.pdf").read_bytes())) == 1
    with drawing():
        page = segments_page(many)
        renderer = FigureCanvasAgg(page).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's
        boxes = [text.get_window_extent(renderer) for text in page.texts]
    assert min(box.y0 for box in boxes) > 0
    assert max(box.x1 for box in boxes) < page.bbox.width
    assert len(boxes) > 2 * 20


def test_what_is_no_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.onnx").write_bytes(b"nothing")
    assert main(["page", str(tmp_path / "no.onnx"), str(tmp_path / "x.pdf")]) == 2
    assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()
