"""Checks what of logging to MLflow needs no MLflow: what is logged, and what is said without it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from inference import ArtifactError, InputError, Segmenter
from inference.loading.mlflow_registry import split_model_address
from tests.conftest import ROOT
from trainer.__main__ import main
from trainer.report.mlflow_run import Tracking, input_example, metrics, parameters

ARTIFACTS = ROOT / "artifacts"


@pytest.mark.parametrize(
    "address", ["models:/name", "models:/name@", "models:/name/0", "models:/a/b/c", "models:name@a"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ArtifactError, match=r"models:/name@alias or models:/name/version"):
        split_model_address(address)


def test_without_mlflow_loading_says_what_to_install() -> None:
    with pytest.raises(ArtifactError, match="mlflow must be installed to load 'models:/shoppers@champion'"):
        Segmenter.load("models:/shoppers@champion")


@pytest.mark.parametrize("options", [["--mlflow"], ["--mlflow", "sqlite:///runs.db"], []])
def test_without_mlflow_nothing_is_trained(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not options:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    out = tmp_path / "out"
    assert main(["--quick", "--out", str(out), *options]) == 2
    assert "mlflow must be installed" in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


@pytest.mark.parametrize(("name", "alias"), [("a/b", "best"), ("a:b", "best"), ("a", "1st"), ("a", "b@c")])
def test_a_name_that_no_registry_takes_is_refused(name: str, alias: str) -> None:
    with pytest.raises(InputError, match="must be NAME@ALIAS"):
        Tracking(name=name, alias=alias)


def test_parameters_and_metrics_are_those_of_the_report(published: Segmenter) -> None:
    report = json.loads((ARTIFACTS / "report.json").read_text(encoding="utf-8"))
    found = parameters(report, published)
    assert found["model.sha256"] == published.fingerprint
    assert (found["seed"], found["segments"]) == ("0", str(report["choice"]["k"]))
    assert all(len(text) <= 500 for text in found.values())
    figures = metrics(report)
    assert all(math.isfinite(value) for value in figures.values())
    assert "choice.silhouette" in figures
    without = [name for name in figures if name.startswith("fidelity.without annual_income.")]
    assert "fidelity.without annual_income.log_loss" in without


def test_the_example_is_a_customer_that_the_model_takes(published: Segmenter) -> None:
    made = {name: feed[0, 0] for name, feed in input_example(published.contract).items()}
    assert list(made) == list(published.contract.names)
    answer = published.predict(
        **{name: each if isinstance(each, str) else each.item() for name, each in made.items()}
    )
    assert answer.complete
