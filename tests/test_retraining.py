"""Checks that a model is trained again on stored customers, compared, and published by rule or by hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from customers.records import Sent
from customers.store import open_store
from inference import InputError, Segmenter
from inference.contract.same_interface import broken_promises
from tests.conftest import ROOT, quick_config
from trainer import Roles, Trained, prepare, train
from trainer.__main__ import main
from trainer.report.artifacts import COMPARISON, write_artifacts
from trainer.report.comparison_words import comparison_section
from trainer.report.model_comparison import compare
from trainer.report.published_folder import candidate_of, previous_of, publish_candidate, roll_back
from trainer.roles.running_roles import roles_like
from trainer.schema.column_arrays import Columns
from trainer.segments.matching import Move
from trainer.table.stored_customers import read_stored

TABLE = ROOT / "trainer" / "data" / "mall_customers.csv"
SHIFT = 15  # thousands, more than half a standard deviation of the incomes
COPIES = 2
AGES = {
    "sqlite": "SELECT json_extract(inputs, '$.age') AS age FROM customers LIMIT 60",
    "postgresql": "SELECT CAST(inputs AS json) ->> 'age' AS age FROM customers LIMIT 60",
}


def customers(shift: float) -> pd.DataFrame:
    """Customers like those of the embedded table, with other incomes."""
    rng = np.random.default_rng(1)
    read = pd.read_csv(TABLE).iloc[:, 1:]
    found = pd.concat([read] * COPIES, ignore_index=True)
    found.columns = pd.Index(["gender", "age", "annual_income", "spending_score"])
    found["annual_income"] = (
        (found["annual_income"] + shift + rng.normal(0, 1.5, len(found))).clip(1).round(1)
    )
    return found


def columns(table: pd.DataFrame) -> Columns:
    """The same as clean columns."""
    return {
        str(name): cells.to_numpy(dtype=object if name == "gender" else float)
        for name, cells in table.items()
    }


def store(url: str, table: pd.DataFrame) -> str:
    """Fill the app's store at this URL with these customers; returns the URL."""
    opened = open_store(url)
    rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    sent = [
        Sent(id=f"c{place}", inputs=row, segment_id=0, segment="Any", probability=1.0, route="complete")
        for place, row in enumerate(rows)
    ]
    opened.save(sent, model="0" * 64)
    opened.close()
    return url


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The published artifacts, in a folder of their own."""
    return Path(shutil.copytree(ROOT / "artifacts", tmp_path / "artifacts"))


def version(folder: Path) -> str:
    """The SHA-256 of a folder's model."""
    return Segmenter.load(folder / "model.onnx").fingerprint


def test_after_drift_the_rule_publishes_and_one_command_returns(
    out: Path, store_url: str, published: Segmenter, capsys: pytest.CaptureFixture[str]
) -> None:
    url = store(store_url, customers(SHIFT))
    assert main(["--quick", "--from-store", url, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "the rule publishes it" in told
    found = json.loads((out / COMPARISON).read_text(encoding="utf-8"))
    assert found["publish"] is True
    assert found["running"] == published.fingerprint
    assert found["retrained"] == version(out) != published.fingerprint
    assert (found["before"]["retrain"], found["after"]["retrain"]) == (True, False)
    assert sum(sum(flow.values()) for flow in found["flows"].values()) == found["customers"] == 200 * COPIES
    assert 0 < found["moved"] < found["customers"]
    card = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "## Compared with the running model" in card
    assert f"{found['moved']:,} of {found['customers']:,} customers" in card
    assert version(previous_of(out)) == published.fingerprint
    assert not candidate_of(out).exists()
    assert not broken_promises(published.contract, Segmenter.load(out / "model.onnx").contract)

    assert main(["--rollback", "--out", str(out)]) == 0
    assert version(out) == published.fingerprint
    assert not (out / COMPARISON).exists()
    assert version(previous_of(out)) == found["retrained"]
    assert main(["--rollback", "--out", str(out)]) == 0
    assert version(out) == found["retrained"]


def test_without_drift_it_waits_for_a_person(
    out: Path, tmp_path: Path, published: Segmenter, capsys: pytest.CaptureFixture[str]
) -> None:
    url = store(f"sqlite:///{tmp_path / 'store.db'}", customers(0))
    assert main(["--quick", "--from-store", url, "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert "the checks of drift do not advise to train again" in told
    assert version(out) == published.fingerprint
    waiting = version(candidate_of(out))
    assert main(["--publish", "--out", str(out)]) == 0
    assert version(out) == waiting
    assert version(previous_of(out)) == published.fingerprint
    assert main(["--publish", "--out", str(out)]) == 2
    assert "must wait in" in capsys.readouterr().err


def test_the_store_is_the_one_of_the_app_and_must_have_customers(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("STORE_PATH", str(tmp_path / "store.db"))
    open_store(f"sqlite:///{tmp_path / 'store.db'}").close()
    assert main(["--from-store", "--out", str(out)]) == 2
    assert "there must be stored customers" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'no_tables.db'}")
    assert main(["--from-store", "--out", str(out)]) == 2
    assert "no such table: customers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--rollback"], "the artifacts before must be in"),
        (["--publish"], "must wait in"),
        (["--from-store", "sqlite:///a.db", "--data", "b.csv"], "but both are given"),
    ],
)
def test_what_cannot_be_done_is_said(
    out: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(out)]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_without_a_running_model_there_is_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--retrain", "--out", str(tmp_path / "none")]) == 2
    assert "the model in --out must be usable" in " ".join(capsys.readouterr().err.split())


def test_stored_customers_are_read_from_json_and_from_columns(store_url: str) -> None:
    table = customers(0)
    url = store(store_url, table)
    read = read_stored(url)
    assert sorted(read.cells.column_names) == sorted(table.columns)  # JSONB keeps no order of keys
    assert read.cells["annual_income"].to_pylist() == table["annual_income"].tolist()
    some = read_stored(url, AGES[url.split(":")[0]])
    assert some.cells.column_names == ["age"]
    assert len(some.cells) == 60
    with pytest.raises(InputError, match="there must be stored customers"):
        read_stored(url, "SELECT inputs FROM customers WHERE id = 'nobody'")
    with pytest.raises(InputError, match="must hold JSON objects"):
        read_stored(url, "SELECT '[1]' AS inputs")


def test_the_same_model_moves_nobody(published: Segmenter) -> None:
    found = compare(published, published, columns(customers(0)))
    assert (found.moved, found.agreement) == (0, 1.0)
    assert found.kept == tuple(segment.name for segment in published.contract.segments)
    assert not found.publish
    assert "it is the same model" in found.against


def test_a_renamed_segment_is_the_same_segment(published: Segmenter, trained: Trained) -> None:
    """Of the running model's names one becomes another; its customers did not move, but a person decides."""
    other = Segmenter.load(trained.model)
    first = published.contract.segments[0].name
    assert [each.name for each in other.contract.segments] == [
        each.name for each in published.contract.segments
    ]
    contract = replace(
        published.contract,
        segments=(replace(published.contract.segments[0], name="Before"), *published.contract.segments[1:]),
    )
    before = Segmenter(published._session, contract, published.content)
    move = Move(
        before="Before", after=first, distance=0.1, share_before=0.2, share_after=0.2, reason="renamed"
    )
    found = compare(before, other, columns(customers(0)), moves=[move])
    assert found.renamed == {"Before": first}
    assert not found.gone
    assert not found.new
    assert found.moved == compare(published, other, columns(customers(0))).moved
    assert "not every segment of the running model keeps its name" in found.against
    lost = compare(before, other, columns(customers(0)))
    assert (lost.gone, lost.new) == (("Before",), (first,))


def test_a_table_as_text_is_compared_as_it_was_trained_on(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cells of a CSV file are text; the models get the values that training read from them."""
    assert main(["--quick", "--retrain", "--data", str(TABLE), "--out", str(out)]) == 1
    found = json.loads((candidate_of(out) / COMPARISON).read_text(encoding="utf-8"))
    assert (found["customers"], found["moved"]) == (200, 0)
    assert "It waits in" in capsys.readouterr().out


def test_a_column_that_nobody_has_is_unknown(published: Segmenter, trained: Trained) -> None:
    table = {name: cells for name, cells in columns(customers(0)).items() if name != "gender"}
    found = compare(published, Segmenter.load(trained.model), table)
    assert found.customers == 200 * COPIES


def test_few_customers_are_not_enough(published: Segmenter, trained: Trained) -> None:
    other = Segmenter.load(trained.model)
    with pytest.raises(InputError, match="at least 50 customers"):
        compare(published, other, columns(customers(0).head(20)))
    found = compare(published, other, columns(customers(SHIFT).head(60)))
    assert any("fewer than half of the 200" in each for each in found.against)


def test_no_value_of_a_customer_is_in_the_comparison(published: Segmenter, trained: Trained) -> None:
    planted = customers(0)
    planted.loc[7, "annual_income"] = 98.76543
    found = compare(published, Segmenter.load(trained.model), columns(planted))
    for text in (found.to_json(), comparison_section(found)):
        assert "98.765" not in text


def test_a_later_run_does_not_keep_an_old_comparison(
    trained: Trained, published: Segmenter, tmp_path: Path
) -> None:
    found = compare(published, Segmenter.load(trained.model), columns(customers(0)))
    write_artifacts(trained, tmp_path / "out", comparison=found)
    assert (tmp_path / "out" / COMPARISON).exists()
    (tmp_path / "out" / "mine.txt").write_text("a file of the user", encoding="utf-8")
    write_artifacts(trained, tmp_path / "out")
    assert not (tmp_path / "out" / COMPARISON).exists()
    assert (tmp_path / "out" / "mine.txt").exists()


def test_publishing_keeps_files_of_the_user_and_the_model_before(out: Path) -> None:
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    before = (out / "model.onnx").read_bytes()
    for turn in (b"one", b"two"):
        shutil.copytree(ROOT / "artifacts", candidate_of(out))
        (candidate_of(out) / "model.onnx").write_bytes(turn)
        publish_candidate(out)
        assert (out / "model.onnx").read_bytes() == turn
        assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"
        assert (previous_of(out) / "model.onnx").read_bytes() == before
        before = turn
    roll_back(out)
    assert (out / "model.onnx").read_bytes() == b"one"


@pytest.fixture(scope="module")
def amounts() -> pd.DataFrame:
    """A table of another shop, with a unit in a header."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 3, 240)
    return pd.DataFrame(
        {
            "Yearly spend (EUR)": np.round(rng.normal(200 + 300 * group, 20), 2),
            "Visits per month": np.round(rng.normal(3 + 4 * (group % 2), 0.4), 1),
            "Plan": rng.choice(["Basic", "Plus"], 240),
        }
    )


def test_columns_keep_their_names_and_units(amounts: pd.DataFrame) -> None:
    """Stored inputs have the model's names; without its roles, units and labels would be lost."""
    running = Segmenter.load(train(amounts, quick_config(user_k=3)).model).contract
    stored = amounts.rename(
        columns={spec.label: spec.name for spec in running.columns}
        | dict(zip(amounts.columns, running.names, strict=True))
    )
    roles = roles_like(running, Roles(), list(stored.columns))
    again = Segmenter.load(
        train(prepare(stored, roles), quick_config(user_k=3), earlier=running).model
    ).contract
    assert not broken_promises(running, again)
    assert again.clustering == running.clustering
    assert [each.unit for each in again.columns] == [each.unit for each in running.columns]
    assert [each.label for each in again.columns] == [each.label for each in running.columns]
