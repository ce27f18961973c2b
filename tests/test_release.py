"""Checks signature and ML-BOM of the model with the libraries of a release.

``just signature`` runs this file alone, in the environment of requirements/release.lock.
"""

from __future__ import annotations

import importlib.util
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inference import ArtifactError, Segmenter

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A new private key and its public key."""
    return make_keys(tmp_path / "keys")


def make_keys(folder: Path) -> tuple[Path, Path]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return private, public


def signed(folder: Path, private: Path) -> Path:
    """A copy of the model, signed as a release is."""
    model = folder / "model.onnx"
    shutil.copy2(MODEL, model)
    signing = [sys.executable, "-m", "model_signing", "sign", "key"]
    options = [str(model), "--private_key", str(private), "--signature", f"{model}.sig"]
    subprocess.run([*signing, *options], check=True, capture_output=True)
    return model


@pytest.mark.release
def test_a_signed_model_loads_with_the_key_of_its_owner(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    segmenter = Segmenter.load(signed(tmp_path, private), public_key=public)
    assert segmenter.predict(age=31).segment == Segmenter.load(MODEL).predict(age=31).segment


@pytest.mark.release
def test_another_key_or_another_model_is_refused(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    model = signed(tmp_path, private)
    _, other = make_keys(tmp_path / "other")
    with pytest.raises(ArtifactError, match="must have been signed with the key of"):
        Segmenter.load(model, public_key=other)
    content = model.read_bytes()
    model.write_bytes(content[:-1] + b"x")
    with pytest.raises(ArtifactError, match="must have been signed with the key of"):
        Segmenter.load(model, public_key=public)
    model.write_bytes(content)
    Path(f"{model}.sig").write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="must have been signed with the key of"):
        Segmenter.load(model, public_key=public)


@pytest.mark.release
def test_a_missing_signature_or_key_is_named(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    model = signed(tmp_path, private)
    with pytest.raises(ArtifactError, match=r"the public key for .* must be at .*, but no file is there"):
        Segmenter.load(model, public_key=tmp_path / "none.pem")
    Path(f"{model}.sig").unlink()
    with pytest.raises(ArtifactError, match=r"the signature for .* must be at .*, but no file is there"):
        Segmenter.load(model, public_key=public)


@pytest.mark.release
def test_the_bill_of_materials_follows_its_schema(tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    out = tmp_path / "model.cdx.json"
    script = ROOT / ".github" / "model_bom.py"
    subprocess.run([sys.executable, str(script), str(MODEL), str(out)], check=True)
    text = out.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    component = json.loads(text)["metadata"]["component"]
    assert component["hashes"] == [{"alg": "SHA-256", "content": Segmenter.load(MODEL).fingerprint}]
    assert runpy.run_path(str(script))["model_bom"](MODEL) == json.loads(text)


@pytest.mark.skipif(
    importlib.util.find_spec("model_signing") is not None, reason="is about its absence; runs where it is not"
)
def test_without_the_library_a_key_is_refused_with_what_to_install() -> None:
    with pytest.raises(ArtifactError, match=r"'model_signing' must be installed .* install model-signing"):
        Segmenter.load(MODEL, public_key="public.pem")
