"""Checks that the command line shows the roles of columns, writes them to a file, and uses them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pyarrow.csv
import pytest

from inference import Segmenter
from tests import shapes
from tests.conftest import quick_config
from trainer.__main__ import main
from trainer.cli.role_options import given_roles
from trainer.cli.train_options import train_parser
from trainer.roles.settings.role_settings import ColumnSettings, Roles


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's table as a CSV file."""
    path = tmp_path_factory.mktemp("data") / "shop.csv"
    pyarrow.csv.write_csv(shapes.shop(240), path)
    return path


def _given(*arguments: str) -> Roles:
    return given_roles(train_parser().parse_args(arguments))


def test_columns_are_listed_with_commas_repetition_and_quotes() -> None:
    roles = _given("--cluster", 'a, "b, c"', "--cluster", "d", "--ignore", "e", "--profile", "f", "--id", "g")
    assert (roles.cluster, roles.ignore, roles.profile) == (("a", "b, c", "d"), ("e",), ("f",))
    assert (roles.identifier, roles.log) == ("g", True)
    assert _given("--no-log", "--column", "income=Annual = Income").columns == {
        "income": ColumnSettings(source="Annual = Income")
    }
    assert not _given("--no-log").log
    assert _given() == Roles()


def test_an_option_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "segmentation.toml"
    path.write_text(
        'cluster = ["a", "b"]\nignore = ["c", "D"]\n[columns.e]\nsource = "E"\nunit = "k"\n', encoding="utf-8"
    )
    roles = _given("--config", str(path), "--ignore", "b", "--profile", "d", "--column", "e=F")
    assert (roles.cluster, roles.ignore, roles.profile) == (("a",), ("b", "c"), ("d",))
    assert roles.columns == {"e": ColumnSettings(source="F", unit="k")}


def test_init_writes_the_file_once_and_trains_nothing(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--data", str(shop), "--init"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["segmentation.toml"]
    document = tomllib.loads((tmp_path / "segmentation.toml").read_text(encoding="utf-8"))
    assert "log_total_spend" in document["cluster"]
    assert document["id"] == "Customer ID"
    assert "Written to segmentation.toml" in capsys.readouterr().out
    assert main(["--data", str(shop), "--init"]) == 2
    reported = " ".join(capsys.readouterr().err.split())
    assert "is not overwritten; move it, or give --init another FILE" in reported


def test_a_table_is_shown_trained_and_written(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "trainer.__main__.train_config", lambda options: quick_config(user_k=options.k, classifier="xgboost")
    )
    monkeypatch.setenv("COLUMNS", "300")  # so that no cell of the shown table is folded
    out = tmp_path / "artifacts"
    arguments = ["--data", str(shop), "--out", str(out), "--k", "4"]
    assert main([*arguments, "--cluster", "Orders,Basket (EUR)", "--ignore", "Returns (%)"]) == 0
    reported = " ".join(capsys.readouterr().out.split())
    for part in (
        "Roles of the columns",
        "identifier its header suggests an identifier; never a feature",
        "left out, as set by you",
        "not among the clustering columns you named",
        "tiers are computed from total_spend",
    ):
        assert part in reported
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["clustering"] == ["orders", "basket"]
    assert report["config"]["roles"]["ignore"] == ["Returns (%)"]
    assert Segmenter.load(out / "model.onnx").predict(orders=40, basket=160, country="Spain").complete
