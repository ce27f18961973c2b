"""Removes what the app never loads from an environment, so that an image is smaller.

    /opt/venv/bin/python deploy/remove_unused.py     (in the environment of that Python)

Only whole features that nothing here uses; `deploy/run_dockerfile.py` then checks that the page opens, a
customer is answered, and files are scored.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

UNUSED = {  # pattern below site-packages -> why the app does not need it
    "pyarrow/libarrow_flight.so*": "Arrow over the network",
    "pyarrow/libarrow_python_flight.so*": "Arrow over the network",
    "pyarrow/_flight.*.so": "Arrow over the network",
    "pyarrow/libarrow_s3.so*": "files in S3",
    "pyarrow/_s3fs.*.so": "files in S3",
    "pyarrow/_azurefs.*.so": "files in Azure",
    "pyarrow/_gcsfs.*.so": "files in Google Cloud",
    "pyarrow/include": "headers for C++",
    "pyarrow/src": "sources of C++",
    "pyarrow/tests": "tests",
    "gradio/templates/node": "pages made by Node, which are switched off",
    "gradio/templates/frontend/static/ffmpeg": "videos in the browser",
    "gradio/media_assets": "example pictures, sounds and videos",
    "onnxruntime/capi/libonnxruntime.so*": "the library for C; Python has its own copy of it",
    "onnxruntime/quantization": "smaller models",
    "onnxruntime/tools": "conversion of models",
    "onnxruntime/transformers": "conversion of language models",
    "pandas/tests": "tests",
    "numpy/**/tests": "tests",
}


def remove(site: Path) -> int:
    """Remove every match; returns the bytes.

    Raises:
        FileNotFoundError: for a pattern without a match: the package has changed, so look at it again.
    """
    removed = 0
    for pattern, why in UNUSED.items():
        found = [path for path in site.glob(pattern) if not path.is_symlink()]
        if not found:
            raise FileNotFoundError(
                f"{pattern} ({why}) must match something in {str(site)!r}, but nothing does; "
                f"change UNUSED in {__file__}"
            )
        for path in found:
            removed += _size(path)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return removed


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file() and not each.is_symlink())


def main() -> int:
    """Remove, and print how much."""
    site = Path(sysconfig.get_path("purelib"))
    before = _size(site)
    print(f"removed {remove(site) / 1e6:.0f} of {before / 1e6:.0f} MB: features that the app never loads")
    return 0


if __name__ == "__main__":
    sys.exit(main())
