"""Starts the app as a Hugging Face Space does, and checks its answers; in a clean environment of its own.

    python deploy/start_space.py             as a Space on a processor
    python deploy/start_space.py --zero-gpu  as a ZeroGPU Space, with the real package ``spaces``

The staged files are read-only (for root by a mount), HOME is elsewhere, and the port is 7860.
It trains on the embedded table as a visitor does. With --zero-gpu, a server on this machine takes the place
of ZeroGPU's: the app must report at its start that it has a function for a GPU, and must never ask for one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # a script's own folder is on the path, the project's is not

PORT, PATIENCE = 7860, 120
SPACES = "spaces==0.51.3"
TABLE = ROOT / "trainer" / "data" / "mall_customers.csv"
TRAINING = 300  # seconds
READ_ONLY = (
    'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; cd "$PWD"; '
    'if touch written; then echo "the files must be read-only" >&2; exit 1; fi; exec "$0" "$@"'
)
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


class GpuServer(ThreadingHTTPServer):
    """Takes the place of ZeroGPU's server; remembers what it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _GpuRequest)
        self.asked: list[str] = []


class _GpuRequest(BaseHTTPRequestHandler):
    server: GpuServer

    def do_POST(self) -> None:
        """Agree to everything."""
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def gpu_server() -> Iterator[GpuServer]:
    """A running stand-in for ZeroGPU's server."""
    server = GpuServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def install(folder: Path, *, zero_gpu: bool) -> Path:
    """Stage the Space and install its requirements; returns the interpreter."""
    subprocess.run([sys.executable, ROOT / ".github" / "stage_space.py", folder / "space"], check=True)
    python = folder / "venv" / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    packages = ["-r", str(folder / "space" / "requirements.txt"), *([SPACES] if zero_gpu else [])]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return python


@contextmanager
def started(folder: Path, python: Path, more: dict[str, str]) -> Iterator[str]:
    """The running app's address; it must end by itself when it is stopped."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            raise RuntimeError(f"port {PORT} must be free, but something answers there; stop it")
    home = folder / "home"
    home.mkdir()
    for path in [folder / "space", *(folder / "space").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    command = [str(python), "app.py"]
    if os.geteuid() == 0:  # to whom modes mean nothing
        command = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", READ_ONLY, *command]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "SYSTEM": "spaces",
        "SPACE_ID": "owner/space",
        **more,
    }
    environment |= {"GRADIO_SSR_MODE": "True", "PYTHONDONTWRITEBYTECODE": "1"}
    app = subprocess.Popen(command, cwd=folder / "space", env=environment)
    try:
        _wait(app)
        yield f"http://127.0.0.1:{PORT}"
    finally:
        app.send_signal(signal.SIGTERM)
        app.wait(timeout=30)


def _wait(app: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 5):
        if app.poll() is not None:
            raise RuntimeError(f"the app must keep running, but it ended with {app.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/v1/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the app must answer within {PATIENCE} s, but it does not")


def check(address: str, commit: str) -> str:
    """Ask the page and the API; returns the predicted segment."""
    from inference import Segmenter

    with urlopen(f"{address}/", timeout=30) as page:
        text = page.read().decode()
    if commit[:12] not in text:
        raise RuntimeError(f"the page must show the commit {commit[:12]} it was built from, but it does not")
    asked = Request(
        f"{address}/v1/predict", json.dumps(CUSTOMER).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(asked, timeout=30) as answer:
        served = str(json.load(answer)["segment"])
    expected = Segmenter.load(ROOT / "artifacts" / "model.onnx").predict(**CUSTOMER).segment
    if served != expected:
        raise RuntimeError(
            f"the Space must answer {expected!r} as its model file does, but it answers {served!r}"
        )
    return served


def train(address: str) -> int:
    """Train on the embedded table as a visitor does; returns the number of segments."""
    sent = Request(f"{address}/v1/train", TABLE.read_bytes(), {"Content-Type": "text/csv"})
    with urlopen(sent, timeout=30) as answer:
        job = json.load(answer)["job"]
    for _ in range(TRAINING):
        with urlopen(f"{address}/v1/train/{job}", timeout=30) as answer:
            state = json.load(answer)
        if state["status"] not in ("waiting", "running"):
            break
        time.sleep(1)
    if state["status"] != "done":
        raise RuntimeError(f"a training must be done within {TRAINING} s, but it is {state}")
    return len(state["result"]["segments"])


def main() -> int:
    """Start, check, print."""
    parser = argparse.ArgumentParser(description="Starts the app as a Hugging Face Space does.")
    parser.add_argument("--zero-gpu", action="store_true", help="as a ZeroGPU Space, with the package spaces")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="space-"))
    folder.chmod(0o755)
    try:
        python = install(folder, zero_gpu=options.zero_gpu)
        commit = (folder / "space" / "COMMIT").read_text(encoding="utf-8").strip()
        with gpu_server() as gpu:
            address = f"http://127.0.0.1:{gpu.server_address[1]}"
            more = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": address}
            with started(folder, python, more if options.zero_gpu else {}) as app:
                segment, trained = check(app, commit), train(app)
        wanted = ["/startup-report"] if options.zero_gpu else []
        if gpu.asked != wanted:
            raise RuntimeError(f"ZeroGPU's server must be asked {wanted}, but it was asked {gpu.asked}")
        kind = "ZeroGPU" if options.zero_gpu else "CPU"
        print(f"{kind} Space: started, answered {segment!r}, trained {trained} segments, {gpu.asked}")
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
