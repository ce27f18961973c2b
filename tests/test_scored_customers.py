"""Checks what becomes of a scored file on the page: its customers on the map, and one list per segment."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from inference import InputError, ScoreOptions, Segmenter, score_file
from inference.answers import Brief
from inference.validation import Checked
from service.page.draw.decision_map import MapCache, RegionMap
from service.page.scored.customer_sample import MOST, CustomerSample
from service.page.scored.customers_map import customers_map
from service.page.scored.segment_lists import NO_SEGMENT, segment_lists
from service.page.scored.upload import Upload
from service.page.texts import score_texts
from service.settings import Settings

HEADER = "Name;age;annual_income;spending_score"
ROWS = ("Zoë;31;17;40", '"Smith; Ann";52;;18', "=1+1;40;86;82", "Ben;40;nonsense;82", "Cy;33;88;90")


def drawn(model: Segmenter) -> RegionMap:
    found = MapCache(model).map_for({})
    assert found is not None
    return found


def observed(sample: CustomerSample, income: list[float], score: list[float], segment: list[int]) -> None:
    """Let customers with these values take part."""
    rows = len(income)
    nothing = np.zeros(rows, dtype=bool)
    feeds = {"annual_income": np.array([income]).T, "spending_score": np.array([score]).T}
    answers = Brief(
        segment_id=np.array(segment),
        probability=np.ones(rows, dtype=np.float32),
        complete=~nothing,
        nothing=nothing,
        novelty=np.zeros(rows),
    )
    sample.observe(Checked(feeds=feeds, rows=rows), answers)


def test_customers_without_a_column_of_the_map_are_not_on_it(published: Segmenter) -> None:
    sample = CustomerSample(drawn(published))
    observed(sample, [17, np.nan, 86], [40, 50, np.nan], [0, 1, 2])
    assert (len(sample), sample.seen) == (1, 1)
    assert sample.of(0).tolist() == [[17, 40]]


def test_every_customer_is_as_likely_to_be_in_the_sample(published: Segmenter) -> None:
    sample = CustomerSample(drawn(published))
    for block in range(10):
        observed(sample, [20.0] * 1_000, [float(block)] * 1_000, [0] * 1_000)
    assert (len(sample), sample.seen) == (MOST, 10_000)
    per_block = np.bincount(sample.of(0)[:, 1].astype(int), minlength=10)
    assert per_block.sum() == MOST
    assert per_block.min() > MOST / 10 / 2  # one of 400 draws is 40 +- 6 in each block
    assert per_block.max() < MOST / 10 * 2


def test_each_customer_is_a_dot_in_the_colour_of_its_segment(published: Segmenter) -> None:
    sample, plane = CustomerSample(drawn(published)), drawn(published)
    observed(sample, [17, 20, 86], [40, 45, 82], [3, 3, 0])
    shown = str(customers_map(published.contract, plane, sample))
    layer = re.search(r'<svg class="customers".*?</svg>', shown)
    assert layer is not None
    paths = re.findall(r'<path d="([^"]*)"', layer[0])
    assert sorted(path.count("h0") for path in paths) == [1, 2]
    assert score_texts.SCORE_MAP.format(count=3) in shown
    assert customers_map(published.contract, plane, CustomerSample(plane)) == ""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["Our customers;;;", HEADER, *ROWS]), encoding="cp1252")
    return path


@pytest.mark.parametrize("output", ["csv", "excel", "parquet", "json"])
def test_every_row_is_in_the_list_of_its_segment(
    published: Segmenter, source: Path, tmp_path: Path, output: str
) -> None:
    target = tmp_path / f"scored.{output}"
    score_file(published, source, target, options=ScoreOptions(output_format=output))
    names = [segment.name for segment in published.contract.segments]
    lists: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(segment_lists(target, names)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            lists[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    rows = [row for each in lists.values() for row in each]
    assert sorted(row["Name"] for row in rows) == sorted(["Zoë", "Smith; Ann", "'=1+1", "Ben", "Cy"])
    assert [row["Name"] for row in lists.pop(f"{NO_SEGMENT}.csv")] == ["Ben"]
    for name, each in lists.items():
        number = int(name.partition("-")[0])
        assert {row["segment"] for row in each} == {names[number - 1]}
    assert {path.name for path in tmp_path.iterdir()} == {source.name, target.name, "scored-lists.zip"}


def test_a_file_that_was_not_scored_has_no_lists(source: Path) -> None:
    with pytest.raises(InputError, match="must have the columns segment, probability"):
        segment_lists(source, ["A"])


def test_the_page_makes_lists_of_its_own_files_only(
    published: Segmenter, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    upload = Upload(published, Settings())
    target = tmp_path / "gradio" / "scored.csv"
    target.parent.mkdir()
    score_file(published, source, target)
    _, download = upload.lists(str(target))
    assert Path(download["value"]).is_file()
    button, download = upload.lists(str(source))
    assert (button["value"], download["visible"]) == (score_texts.SCORE_LISTS_GONE, False)
