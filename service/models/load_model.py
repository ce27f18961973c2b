"""Loads a model file as the settings permit."""

from __future__ import annotations

from pathlib import Path

from inference import Segmenter
from service.settings import Settings


def load_model(path: Path, settings: Settings) -> Segmenter:
    """The model to serve, with its self-test.

    Raises:
        ArtifactError: when it cannot be used, is not the one with ``MODEL_SHA256``, or is not signed with the
            key at ``MODEL_PUBLIC_KEY``.
    """
    key = settings.model_public_key or ""
    segmenter = Segmenter.load(path, sha256=settings.model_sha256, public_key=key)
    segmenter.warm_up()
    return segmenter
