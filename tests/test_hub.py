"""Checks that a model is published to the Hub and loaded from it; the Hub is a stand-in on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from huggingface_hub import ModelCard, ModelCardData

from inference import ArtifactError, Segmenter
from inference.registries.hub import split_address
from tests.conftest import ROOT
from tests.fake_hub import FakeHub, fake_hub

ADDRESS, REPOSITORY = "hf://owner/model", "owner/model"
EXPECTED = {"README.md", "config.json", "model.onnx", "report.json", "test_vectors.json"}


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """An empty Hub."""
    with fake_hub() as server:
        yield server


def environment(hub: FakeHub, home: Path, **more: str) -> dict[str, str]:
    given = {name: text for name, text in os.environ.items() if not name.lower().endswith("_proxy")}
    given |= {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(home),
        "HF_TOKEN": "hf_test",
        "HF_HUB_DISABLE_XET": "1",
    }
    return {**given, **more}


def publish(hub: FakeHub, home: Path, *more: str, status: int = 0) -> str:
    command = [sys.executable, "-m", "trainer", "publish", ADDRESS, *more]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(hub, home), capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def load(hub: FakeHub, home: Path, address: str = ADDRESS, **more: str) -> subprocess.CompletedProcess[str]:
    code = f"from inference import Segmenter; print(Segmenter.load({address!r}).fingerprint)"
    env = environment(hub, home, **more)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_what_is_published_is_loaded_byte_for_byte(
    hub: FakeHub, tmp_path: Path, published: Segmenter
) -> None:
    assert "Published as hf://owner/model (commit " in publish(hub, tmp_path / "one")
    files = hub.files[REPOSITORY]
    assert set(files) >= EXPECTED
    assert files["model.onnx"] == (ROOT / "artifacts" / "model.onnx").read_bytes()
    done = load(hub, tmp_path / "two")
    assert done.stdout.strip() == published.fingerprint, done.stderr
    hub.files.clear()  # now from the cache
    assert load(hub, tmp_path / "two", HF_HUB_OFFLINE="1").stdout.strip() == published.fingerprint


def test_the_card_names_fidelity_as_fidelity(hub: FakeHub, tmp_path: Path, published: Segmenter) -> None:
    publish(hub, tmp_path)
    card = ModelCard(hub.files[REPOSITORY]["README.md"].decode())
    results = cast(ModelCardData, card.data).eval_results
    evaluation, classifier = published.contract.evaluation, published.contract.classifier
    assert results
    assert evaluation
    assert classifier
    chosen = evaluation.classifiers[classifier.chosen]
    assert [result.metric_value for result in results] == [
        round(j.fidelity.accuracy, 4) for j in chosen.values()
    ]
    assert all(str(result.metric_name).startswith("Surrogate fidelity") for result in results)
    config = json.loads(hub.files[REPOSITORY]["config.json"])
    assert config["sha256"] == published.fingerprint


def test_a_file_that_is_no_longer_published_is_deleted(hub: FakeHub, tmp_path: Path) -> None:
    hub.files[REPOSITORY] = {"old.bin": b"1"}
    publish(hub, tmp_path)
    assert "old.bin" not in hub.files[REPOSITORY]


@pytest.mark.parametrize("faults", [[503, 503], [0], [504, 0]], ids=str)
def test_a_fault_that_passes_is_survived(hub: FakeHub, tmp_path: Path, faults: list[int]) -> None:
    hub.faults = [*faults]
    publish(hub, tmp_path)
    assert hub.faults == []
    assert set(hub.files[REPOSITORY]) >= EXPECTED


def test_a_refusal_is_reported_and_not_repeated(hub: FakeHub, tmp_path: Path) -> None:
    hub.faults = [403]
    assert "the Hugging Face Hub must take the files" in publish(hub, tmp_path, status=2)
    assert hub.asked.count("POST /api/repos/create") == 1


def test_a_damaged_model_is_not_published(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"damaged")
    assert "damaged or not a model" in publish(hub, tmp_path, "--artifacts", str(tmp_path), status=2)
    assert hub.asked == []


def test_a_model_that_its_config_does_not_name_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    publish(hub, tmp_path / "one")
    hub.files[REPOSITORY]["config.json"] = b'{"sha256": "0"}'
    done = load(hub, tmp_path / "two")
    assert "must be the one that its config.json names" in done.stderr


def test_a_repository_that_is_not_there_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    done = load(hub, tmp_path, "hf://owner/other")
    assert "'hf://owner/other' must be on the Hugging Face Hub" in done.stderr


def test_without_the_client_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ArtifactError, match="huggingface_hub must be installed"):
        Segmenter.load(ADDRESS)


@pytest.mark.parametrize("address", ["hf://owner", "hf://owner/name/more", "hf://owner/na me", "hf://a/b@"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(ArtifactError, match="must be given as hf://owner/name"):
        split_address(address)
