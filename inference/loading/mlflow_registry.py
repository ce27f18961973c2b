"""Model files from a model registry of MLflow: ``models:/name@alias`` or ``models:/name/version``."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

from inference.errors import ArtifactError
from inference.wording import quoted

SCHEME = "models:/"
SHA256 = "sha256"  # the tag of a version with the SHA-256 of its model file
_ADDRESS = re.compile(
    r"models:/(?P<name>[^/:@]+)(?:@(?P<alias>[A-Za-z][\w-]*)|/(?P<version>[1-9][0-9]*|latest))"
)


def split_model_address(address: str) -> tuple[str, str | None, str | None]:
    """Name, alias (or ``None``) and version (or ``None``) of an address.

    Raises:
        ArtifactError: when it is no such address.

    Example:
        >>> split_model_address("models:/shoppers@champion")
        ('shoppers', 'champion', None)
        >>> split_model_address("models:/shoppers/3")
        ('shoppers', None, '3')
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ArtifactError(
            "a model in MLflow must be given as models:/name@alias or models:/name/version, but it is "
            f"{quoted(address)}"
        )
    return found["name"], found["alias"], found["version"]


def from_mlflow(address: str) -> bytes:
    """The model file of a version; its SHA-256 must be that of the version's tag, if it has one.

    The server is the one that MLflow's own settings name, such as ``MLFLOW_TRACKING_URI``.

    Raises:
        ArtifactError: when mlflow is not installed, or the file cannot be had or is not the one of the tag.
    """
    name, alias, version = split_model_address(address)
    try:
        from mlflow import MlflowClient
        from mlflow.artifacts import download_artifacts
        from mlflow.models import Model
    except ModuleNotFoundError as error:
        raise ArtifactError(
            f"mlflow must be installed to load {quoted(address)}, but {quoted(error.name)} is not; install "
            "mlflow or mlflow-skinny, or download the file and give its path"
        ) from error
    try:
        client = MlflowClient()
        if alias is not None:
            found = client.get_model_version_by_alias(name, alias)
        elif version == "latest":
            found = max(client.search_model_versions(f"name='{name}'"), key=lambda each: int(each.version))
        else:
            found = client.get_model_version(name, version)
        with tempfile.TemporaryDirectory() as folder:
            uri = f"models:/{name}/{found.version}"
            path = Path(download_artifacts(artifact_uri=uri, dst_path=folder))
            content: bytes = (path / Model.load(str(path)).flavors["onnx"]["data"]).read_bytes()
    except Exception as error:  # its client raises many unrelated types
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise ArtifactError(
            f"the model {quoted(address)} must be in MLflow's registry as an ONNX model, but it cannot be "
            f"had ({reason}); check name, alias and MLFLOW_TRACKING_URI"
        ) from error
    wanted = found.tags.get(SHA256)
    if wanted is not None and hashlib.sha256(content).hexdigest() != wanted:
        raise ArtifactError(
            f"the model {quoted(address)} must be the one that its tag {SHA256!r} names, but its SHA-256 "
            "differs; log it again"
        )
    return content
