"""Collects the files of a release in a new folder, with their checksums.

    python .github/stage_release.py FOLDER --tag v0.2.0 [--bom CYCLONEDX_PY] [--signer PYTHON --key PEM]

The tag must be the version of pyproject.toml, and CHANGELOG.md must have it. The files are the wheels, the
model with its card, test vectors and ML-BOM, with --bom a list of what the light wheel is used with
(CycloneDX), with --key the model's signature (OpenSSF Model Signing, by the Python of
requirements/release.lock), and SHA256SUMS.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ("model.onnx", "MODEL_CARD.md", "test_vectors.json", "test_vectors.schema.json")


def check(tag: str) -> None:
    """Refuse a tag that is not the version.

    Raises:
        ValueError: with what must be changed.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if tag != f"v{version}":
        raise ValueError(f"the tag must be v{version}, the version of pyproject.toml, but it is {tag!r}")
    if f"\n## {version}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        raise ValueError(f"CHANGELOG.md must have a section '## {version}', but it has none")


def stage(folder: Path, bom: str | None, *, signer: str = "", key: Path | None = None) -> None:
    """Write every file into a new folder; the checksums last."""
    folder.mkdir(parents=True)
    for project in (ROOT, ROOT / "inference" / "files"):
        command = ["uv", "build", "--quiet", "--no-build-isolation", "--no-create-gitignore", "--out-dir"]
        subprocess.run([sys.executable, "-m", *command, str(folder), str(project)], check=True)
    for name in ARTIFACTS:
        shutil.copy2(ROOT / "artifacts" / name, folder / name)
    model = folder / "model.onnx"
    described = str(folder / "model.cdx.json")
    subprocess.run([sys.executable, ROOT / ".github" / "model_bom.py", model, described], check=True)
    if key is not None:
        options = [str(model), "--private_key", str(key), "--signature", f"{model}.sig"]
        subprocess.run([signer, "-m", "model_signing", "sign", "key", *options], check=True)
    if bom is not None:
        lock, out = ROOT / "requirements" / "light.lock", folder / "light.cdx.json"
        options = ["--output-reproducible", "--output-file", str(out), str(lock)]
        subprocess.run([bom, "requirements", *options], check=True)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Collects the files of a release.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tag", required=True)
    parser.add_argument("--bom", help="the command cyclonedx-py")
    parser.add_argument("--signer", default=sys.executable, help="the Python that has model-signing")
    parser.add_argument("--key", type=Path, help="the private key to sign the model with, in PEM")
    options = parser.parse_args()
    try:
        check(options.tag)
    except ValueError as error:
        sys.exit(str(error))
    stage(options.folder, options.bom, signer=options.signer, key=options.key)
