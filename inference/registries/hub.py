"""Model files from the Hugging Face Hub: ``hf://owner/name`` or ``hf://owner/name@revision``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from inference.errors import ArtifactError
from inference.wording import quoted

SCHEME = "hf://"
MODEL, CONFIG = "model.onnx", "config.json"
_ADDRESS = re.compile(r"hf://(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")


def split_address(address: str) -> tuple[str, str | None]:
    """Repository and revision (or ``None``) of an address.

    Raises:
        ArtifactError: when it is no such address.

    Example:
        >>> split_address("hf://owner/name@v1")
        ('owner/name', 'v1')
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ArtifactError(
            "a model on the Hugging Face Hub must be given as hf://owner/name or hf://owner/name@revision, "
            f"but it is {quoted(address)}"
        )
    return found["repository"], found["revision"]


def from_hub(address: str) -> bytes:
    """The model file of a repository; its SHA-256 must be that of the repository's config.json.

    Both files are cached by huggingface_hub, and are taken from there where the Hub cannot be reached.

    Raises:
        ArtifactError: when huggingface_hub is not installed, or the files cannot be had or do not agree.
    """
    repository, revision = split_address(address)
    try:
        from huggingface_hub import hf_hub_download
    except ModuleNotFoundError as error:
        raise ArtifactError(
            f"huggingface_hub must be installed to load {quoted(address)}, but it is not; install it, or "
            "download the file and give its path"
        ) from error
    try:
        paths = [Path(hf_hub_download(repository, name, revision=revision)) for name in (CONFIG, MODEL)]
    except Exception as error:  # the Hub's client raises many unrelated types
        raise ArtifactError(
            f"the files of {quoted(address)} must be on the Hugging Face Hub, but they cannot be had "
            f"({str(error).strip().splitlines()[0][:120]}); check owner, name, revision and network"
        ) from error
    wanted = json.loads(paths[0].read_bytes()).get("sha256")
    content = paths[1].read_bytes()
    import hashlib

    if hashlib.sha256(content).hexdigest() != wanted:
        raise ArtifactError(
            f"the model of {quoted(address)} must be the one that its config.json names, but its SHA-256 "
            "differs; publish it again"
        )
    return content
