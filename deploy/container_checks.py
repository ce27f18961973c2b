"""Runs an image as a container would be run, and checks what the app in it does."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from deploy.chroot_image import Image, mount

PATIENCE = 120  # seconds
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


def run_container(image: Image) -> dict[str, Any]:
    """Start the image as a container with a read-only root; returns what was measured.

    Raises:
        RuntimeError: when it does not become healthy, answers wrongly, can write, or does not end.
    """
    mount("--rbind", image.folder, image.folder)
    mount("--options", "remount,bind,ro", image.folder)
    tmp = image.folder / "tmp"
    mount("--types", "tmpfs", "--options", "size=512m,mode=1777", "tmpfs", tmp)
    _writable_only_in_tmp(image)
    start = time.monotonic()
    app = subprocess.Popen(image.inside(image.command))
    try:
        _until_healthy(image, app, start)
        seconds = time.monotonic() - start
        answer = _predict(image)
        _page_and_files(image)
        owner = Path(f"/proc/{app.pid}").stat().st_uid
        if str(owner) != image.user.split(":")[0]:
            raise RuntimeError(f"the app must run as user {image.user}, but it runs as {owner}")
    finally:
        app.send_signal(image.stop)
        ended = app.wait(timeout=30)
    if ended:
        raise RuntimeError(
            f"the app must end with status 0 after {image.stop.name}, but it ended with {ended}"
        )
    compilers = [
        path for path in image.folder.glob("opt/**/bin/*") if path.name in ("cc", "gcc", "g++", "ld")
    ]
    if compilers:
        raise RuntimeError(f"the image must have no compiler, but it has {compilers}")
    return {
        "healthy_after_seconds": round(seconds, 1),
        "answer": answer,
        "user": owner,
        "environment_megabytes": _megabytes(image.folder / "opt"),
        "app_megabytes": _megabytes(image.folder / "app"),
    }


def _megabytes(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum(path.stat().st_size for path in files) / 1e6)


def _writable_only_in_tmp(image: Image) -> None:
    folders = {"/app": False, "/opt/venv": False, "/": False, "/etc": False}
    folders["/tmp"] = True  # noqa: S108 - the image's own, as it is mounted
    for folder, wanted in folders.items():
        attempt = image.inside(["/bin/sh", "-c", f": > {folder}/written"])
        status = subprocess.run(attempt, capture_output=True, check=False).returncode
        if (status == 0) != wanted:
            must = "must" if wanted else "must not"
            raise RuntimeError(f"{folder} {must} be writable, but writing there ended with status {status}")


def _until_healthy(image: Image, app: subprocess.Popen[bytes], start: float) -> None:
    while subprocess.run(image.inside(image.check), capture_output=True, check=False).returncode:
        if app.poll() is not None:
            raise RuntimeError(f"the app must keep running, but it ended with {app.returncode}")
        if time.monotonic() - start > PATIENCE:
            raise RuntimeError(f"the health check must pass within {PATIENCE} s, but it does not")
        time.sleep(0.3)  # each check starts a process, which slows the app's start


def _predict(image: Image) -> str:
    """The segment that the app gives; it must be that of the model file."""
    code = (
        "import json, urllib.request as u\n"
        f"address = 'http://127.0.0.1:{image.env['PORT']}/v1/predict'\n"
        f"sent = json.dumps({CUSTOMER}).encode()\n"
        "asked = u.Request(address, sent, {'Content-Type': 'application/json'})\n"
        "served = json.load(u.urlopen(asked, timeout=30))['segment']\n"
        "from inference import Segmenter\n"
        f"expected = Segmenter.load('artifacts/model.onnx').predict(**{CUSTOMER}).segment\n"
        "assert served == expected, (served, expected)\n"
        "print(served)"
    )
    return _inside(image, code, "give the answer of its model file")


def _page_and_files(image: Image) -> None:
    """The page opens, and CSV and Parquet are scored and written; nothing that needs was removed."""
    code = (
        "import io, urllib.request as u\n"
        f"address = 'http://127.0.0.1:{image.env['PORT']}'\n"
        "page = u.urlopen(address, timeout=30).read().decode()\n"
        "assert 'gradio_config' in page, page[:200]\n"
        "from inference import Segmenter, score_file\n"
        "segmenter = Segmenter.load('artifacts/model.onnx')\n"
        "names = [column.name for column in segmenter.contract.columns]\n"
        "source = '/tmp/customers.csv'\n"
        "rows = '\\nFemale,31,17,40\\nMale,,90,80\\n'\n"
        "with open(source, 'w') as file: file.write(','.join(names) + rows)\n"
        "for ending in ('parquet', 'csv'):\n"
        "    target = f'/tmp/scored.{ending}'\n"
        "    assert score_file(segmenter, source, target).rows == 2\n"
        "    sent = open(target, 'rb').read()\n"
        "    asked = u.Request(address + '/v1/score', sent, {'Content-Type': 'application/octet-stream'})\n"
        "    assert u.urlopen(asked, timeout=60).read().count(b'\\n') >= 2\n"
        "print('scored')"
    )
    _inside(image, code, "open its page and score files")


def _inside(image: Image, code: str, must: str) -> str:
    """What Python prints inside the image; an error is one of the app, which ``must`` do something."""
    done = subprocess.run(image.inside(["python", "-c", code]), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the app must {must}, but: {done.stderr}")
    return done.stdout.strip()
