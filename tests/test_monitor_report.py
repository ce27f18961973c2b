"""Promises that the report command reads what a service saved, or a file, and says what it found."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inference import Segmenter
from service.monitor.__main__ import main
from service.monitor.monitor import Monitor
from service.monitor.report import saved, since
from service.page.texts import monitoring_texts
from tests.mall_samples import Columns, count, sample, shifted

DAY = 86_400.0
START = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


def file_of(columns: Columns, path: Path) -> Path:
    """A CSV file of customers."""
    lines = [",".join(columns)]
    lines += [",".join(str(cells[at]) for cells in columns.values()) for at in range(len(columns["age"]))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def state(published: Segmenter, tmp_path: Path) -> Path:
    """Three days of a service: two as in training, then one with higher incomes."""
    now = [START + 3600]
    path = tmp_path / "counts.json"
    monitor = Monitor(state=path, clock=lambda: now[0])
    for day in range(3):
        now[0] = START + day * DAY + 3600
        customers = sample(300, seed=day)
        monitor.add(published, count(published, shifted(customers) if day == 2 else customers), refused=1)
    monitor.close()
    return path


def test_days_are_chosen_by_their_date(published: Segmenter, state: Path) -> None:
    seen = saved(published, state)
    every = since(seen, None)
    assert every is not None
    assert every.counts.rows == 900
    last = since(seen, date(2026, 11, 3))
    assert last is not None
    assert (last.counts.rows, last.judgement.light, last.judgement.retrain) == (300, "red", True)
    assert since(seen, date(2026, 11, 4)) is None


def test_a_report_is_written_as_words_json_and_a_page(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, figures = tmp_path / "report.html", tmp_path / "report.json"
    arguments = ["report", "--since", "2026-11-03", "--html", str(page), "--json", str(figures)]
    assert main(arguments, {"MONITOR_STATE": str(state)}) == 1
    told = capsys.readouterr().out
    assert told.startswith("red: 300 customers, 300 complete ones\nAnnual income differs from training: PSI ")
    assert "Train the model again" in told
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert (found["customers"], found["light"], found["retrain"]) == (300, "red", True)
    written = page.read_text(encoding="utf-8")
    assert monitoring_texts.MONITORING_TITLES["red"] in written
    assert "Annual income differs from training" in written
    assert written.count('class="share-bars') == 5
    assert not re.search(r'(src|href)="|url\(http', written)
    HTMLParser().feed(written)


def test_a_quiet_time_ends_with_status_0(state: Path, tmp_path: Path, published: Segmenter) -> None:
    quiet = file_of(sample(400, seed=9), tmp_path / "quiet.csv")
    assert main(["report", "--file", str(quiet)], {}) == 0
    assert since(saved(published, state), None) is not None


def test_a_file_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    richer = file_of(shifted(sample(400, seed=9)), tmp_path / "richer.csv")
    assert main(["report", "--file", str(richer)], {}) == 1
    assert capsys.readouterr().out.startswith("red: 400 customers")
    few = file_of(sample(20), tmp_path / "few.csv")
    assert main(["report", "--file", str(few)], {}) == 2
    assert "Too few customers to judge" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["report"], "give --state FILE, set MONITOR_STATE, or give --file"),
        (["report", "--state", "none.json"], "there is none at 'none.json'"),
        (["report", "--file", "none.csv"], "none.csv"),
        (["report", "--model", "none.onnx", "--file", "none.csv"], "no model file can be read"),
    ],
)
def test_what_cannot_be_used_is_named(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, {}) == 2
    assert sentence in capsys.readouterr().err


def test_counts_of_another_model_are_refused(
    segmenter: Segmenter, state: Path, capsys: pytest.CaptureFixture[str], model_path: Path
) -> None:
    assert main(["report", "--state", str(state), "--model", str(model_path)], {}) == 2
    assert f"must have counts of the model {segmenter.fingerprint[:12]}" in capsys.readouterr().err


def test_a_day_without_customers_is_refused(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--state", str(state), "--since", "2026-12-01"], {}) == 2
    assert "there must be customers since 2026-12-01" in capsys.readouterr().err


def test_another_word_for_a_day_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "--since", "yesterday"], {})
    assert "must be a day such as 2026-11-01" in capsys.readouterr().err
