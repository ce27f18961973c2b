"""Checks that the command line shows its reasons, writes complete artifacts, and returns the right status."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import onnx
import pytest

from inference import Segmenter
from tests.conftest import quick_config
from trainer import Trained, read_table
from trainer.__main__ import main
from trainer.report.artifacts import differences

MALL_HEADER = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run here is a small one, and none but that of ``run`` draws, which takes as long as the rest."""
    monkeypatch.setattr("trainer.report.artifacts.write_figures", lambda *_, **__: None)
    monkeypatch.setattr(
        "trainer.__main__.train_config",
        lambda options: replace(quick_config(user_k=options.k), strict=options.strict),
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of one run with ``--joblib``."""
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.__main__.train_config", lambda options: quick_config())
        assert main(["--out", str(folder / "artifacts"), "--joblib", str(folder / "parts")]) == 0
    return folder / "artifacts", folder / "parts"


def test_writes_model_card_report_and_figures(run: tuple[Path, Path], trained: Trained) -> None:
    artifacts, _ = run
    assert (artifacts / "model.onnx").read_bytes() == trained.model
    assert {path.name for path in artifacts.iterdir()} == {
        "model.onnx",
        "MODEL_CARD.md",
        "report.json",
        "test_vectors.json",
        "test_vectors.schema.json",
        "figures",
    }
    assert {"elbow.svg", "silhouette.svg"} <= {path.name for path in (artifacts / "figures").iterdir()}
    report = json.loads((artifacts / "report.json").read_text(encoding="utf-8"))
    assert report["choice"]["k"] == 5


def test_no_customer_row_is_in_any_artifact(run: tuple[Path, Path]) -> None:
    """Age, income and score of a customer, in the order of the table, in any text of the folder."""
    artifacts, _ = run
    columns = read_table().columns
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in artifacts.rglob("*") if path.is_file()]
    for age, income, score in zip(
        *(columns[name] for name in ("age", "annual_income", "spending_score")), strict=True
    ):
        for spelling in (
            f"{age:g},{income:g},{score:g}",
            f"{age}, {income}, {score}",
            f"[{age}, {income}, {score}]",
        ):
            assert not [text for text in texts if spelling in text]


def test_the_joblib_parts_answer_as_the_file(run: tuple[Path, Path], trained: Trained) -> None:
    artifacts, parts = run
    scaler, kmeans, classifier = (
        joblib.load(parts / f"{name}.joblib") for name in ("scaler", "kmeans", "classifier")
    )
    names = json.loads((parts / "feature_names.json").read_text(encoding="utf-8"))
    columns = read_table().columns
    income, score = columns["annual_income"], columns["spending_score"]
    features = {
        "gender=Male": (columns["gender"] == "Male").astype(float),
        "spending_efficiency": score / (income + 1),
        "income_spend_interaction": income * score,
    } | {name: columns[name] for name in ("age", "annual_income", "spending_score")}
    segmenter = Segmenter.load(artifacts / "model.onnx")
    answers = segmenter.predict_many(columns)
    assert [type(part).__name__ for _, part in kmeans.steps] == [
        "FunctionTransformer",
        "StandardScaler",
        "KMeans",
    ]
    clustering = np.column_stack([features[name] for name in names["kmeans"]])
    assert np.array_equal(kmeans.predict(clustering), answers.segment_id)
    scaled = scaler.transform(np.column_stack([features[name] for name in names["scaler"]]))
    assert classifier.n_features_in_ == len(names["classifier"]) >= scaled.shape[1]
    assert np.allclose(scaled, trained.fitted.segmentation.scaled(columns))


def test_prints_what_it_decided_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "artifacts"), "--k", "5"]) == 0
    reported = capsys.readouterr().out
    for part in (
        "200 rows read",
        "the columns are those of Mall Customers",
        "k = 5 was chosen by the user",
        "premium",
        "0 labels differ",
        "Written to",
    ):
        assert part in reported


def test_a_second_run_keeps_ids_and_names(
    run: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    artifacts = tmp_path / "artifacts"
    shutil.copytree(run[0], artifacts)
    before = (artifacts / "model.onnx").read_bytes()
    assert main(["--out", str(artifacts)]) == 0
    assert (artifacts / "model.onnx").read_bytes() == before
    assert "Compared with the previous model" not in capsys.readouterr().out


def test_check_accepts_its_own_artifacts_and_not_others(
    run: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    artifacts, _ = run
    assert main(["--check", "--out", str(artifacts)]) == 0
    assert "byte for byte" in capsys.readouterr().out
    assert main(["--check", "--out", str(artifacts), "--k", "4"]) == 1
    assert "model.onnx: .choice.k is 5 and 4" in capsys.readouterr().out


def test_check_detects_a_changed_graph_and_a_changed_card(run: tuple[Path, Path], tmp_path: Path) -> None:
    artifacts, _ = run
    changed = tmp_path / "artifacts"
    shutil.copytree(artifacts, changed)
    assert differences(artifacts, changed) == []
    (changed / "MODEL_CARD.md").write_text("nonsense", encoding="utf-8")
    model = onnx.load(changed / "model.onnx")
    numbers = next(each for each in model.graph.initializer if list(each.dims) == [5, 2])
    numbers.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(numbers) + 0.3, numbers.name))
    onnx.save(model, changed / "model.onnx")
    vectors = (changed / "test_vectors.json").read_text(encoding="utf-8")
    (changed / "test_vectors.json").write_text(vectors.replace("true", "false", 1), encoding="utf-8")
    (changed / "report.json").unlink()
    reported = differences(artifacts, changed)
    assert any(line.startswith("MODEL_CARD.md") for line in reported)
    assert any(line.startswith("model.onnx: .initializers") for line in reported)
    assert any(line.startswith("test_vectors.json: .outputs.complete") for line in reported)
    assert f"report.json: is not in {changed}" in reported


def test_check_accepts_a_model_with_names_of_the_user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.toml"
    names.write_text('[segments."Mid income, mid score"]\nname = "Middle"\n', encoding="utf-8")
    out = str(tmp_path / "artifacts")
    assert main(["--out", out, "--k", "5", "--names", str(names)]) == 0
    assert main(["--check", "--out", out, "--k", "5"]) == 0
    assert "byte for byte" in capsys.readouterr().out


def test_check_without_artifacts_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--out", str(tmp_path)]) == 2
    assert "no model file can be read" in " ".join(capsys.readouterr().err.split())


def test_invalid_data_gives_a_message_and_keeps_the_old_artifacts(
    run: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    artifacts, _ = run
    before = (artifacts / "model.onnx").read_bytes()
    data = tmp_path / "customers.csv"
    data.write_text("Gender,Age\n" + "Male,19\nFemale,20\n" * 30, encoding="utf-8")
    assert main(["--data", str(data), "--out", str(artifacts)]) == 2
    reported = " ".join(capsys.readouterr().err.split())
    assert "error: at least one column of numbers must describe what customers do" in reported
    assert "'Age': 2 values" in reported
    assert (artifacts / "model.onnx").read_bytes() == before


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of one population."""
    rng = np.random.default_rng(0)
    rows = [
        f"{i},Male,{rng.integers(18, 70)},{rng.normal(60, 20):.0f},{rng.normal(50, 15):.0f}"
        for i in range(120)
    ]
    data = tmp_path_factory.mktemp("noise") / "noise.csv"
    data.write_text("\n".join([MALL_HEADER, *rows]) + "\n", encoding="utf-8")
    return data


def test_one_population_gets_a_file_that_says_what_its_segments_are(
    noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(noise), "--out", str(tmp_path / "artifacts")]) == 0
    reported = " ".join(capsys.readouterr().out.split())
    choice = Segmenter.load(tmp_path / "artifacts" / "model.onnx").contract.choice
    assert choice is not None
    assert choice.kind != "natural"
    assert f"Number of segments: {choice.k}, {choice.kind}" in reported
    assert choice.reason in reported
    assert f"the {choice.k} segments are {choice.kind}, not natural" in reported
    assert "Other numbers to consider:" in reported
    for other in choice.others:
        assert f"--k {other.k} {other.kind}, mean ARI {other.ari:.2f}: {other.names[0]} (" in reported


def test_strict_writes_nothing_unless_the_segments_are_natural(
    noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(noise), "--out", str(tmp_path / "artifacts"), "--strict"]) == 3
    reported = " ".join(capsys.readouterr().err.split())
    assert "One population explains the data" in reported
    assert "Nothing was written; without --strict the file is written." in reported
    assert not (tmp_path / "artifacts").exists()
    assert main(["--out", str(tmp_path / "artifacts"), "--strict"]) == 0
    assert (tmp_path / "artifacts" / "model.onnx").exists()


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--cluster", "CustomerID"], "'CustomerID' identifies customers and does not describe them"),
        (["--cluster", "agee"], "no column is called 'agee'"),
        (["--ignore", "Agee"], "Did you mean 'Age'?"),
        (["--column", "income"], "--column must be NAME=SOURCE"),
        (["--config", "nothing.toml"], "must be readable TOML"),
        (["--names", "nothing.toml"], "must be readable TOML"),
    ],
)
def test_a_wrong_option_gives_a_message(
    arguments: list[str], wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "artifacts")]) == 2
    assert wanted in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "artifacts").exists()


def test_an_invalid_date_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main(["--out", str(tmp_path / "artifacts")]) == 2
    assert "SOURCE_DATE_EPOCH must be whole seconds since 1970" in capsys.readouterr().err


def test_an_unreadable_previous_model_is_not_overwritten_silently(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    assert main(["--out", str(tmp_path)]) == 2
    assert "start without it with --fresh" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "model.onnx").read_bytes() == b"not a model"
