"""Files in Gradio's own folder, from where a page offers them."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path

from gradio.utils import get_upload_folder


def offered_file(content: bytes, name: str) -> str:
    """The path of a file with this content, under this name in a folder that its content names.

    Another process may offer the same file in the same place. It gets its name only when it is whole, so that
    a download that has begun there reads on in the file it began with.
    """
    path = Path(get_upload_folder()).resolve() / sha256(content).hexdigest() / name
    path.parent.mkdir(exist_ok=True, parents=True)
    part = path.with_name(f"{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return str(path)
