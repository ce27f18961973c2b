"""Which model something was written from, for its first line."""

from __future__ import annotations

import hashlib

from inference import Segmenter


def model_mark(model: Segmenter) -> str:
    """A sentence with the first digits of the file's SHA-256: no name, which could end a comment."""
    return f"Segments by the model file {hashlib.sha256(model.content).hexdigest()[:12]}, as it answers."
