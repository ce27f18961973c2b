"""Carries out the Dockerfile without Docker, and runs the result as a container would be run.

    python deploy/run_dockerfile.py     (as root on Linux)

Each stage is a folder that the steps see as their root (chroot, in a mount namespace of its own). In place of
the base image there are this machine's /usr and the Python that runs this script, both read-only. The last
stage then starts as its USER, with a read-only root and a tmpfs as /tmp: the health check must pass, a
prediction must be right, nothing outside /tmp may be writable, and its stop signal must end it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IN_NAMESPACE = "RUN_DOCKERFILE_IN_NAMESPACE"
PASSED_ON = re.compile(r"(?:PIP|SSL|REQUESTS|HTTPS?|NO)_\w+", re.IGNORECASE)  # how this machine installs
PATIENCE = 120  # seconds
MADE = frozenset((".venv", "node_modules", "__pycache__", "docs-site"))
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}


@dataclass
class Stage:
    """One stage of a Dockerfile: its name, its base image and its instructions."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def parse(text: str) -> list[Stage]:
    """The stages of a Dockerfile.

    Raises:
        ValueError: for an instruction that this script cannot carry out.
    """
    known = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER", "WORKDIR"}
    stages: list[Stage] = []
    lines = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("#"))
    for line in filter(None, re.sub(r"\s*\\\n\s*", " ", lines).splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(name or str(len(stages)), base))
        elif word in known:
            stages[-1].steps.append((word, rest.strip()))
        else:
            raise ValueError(
                f"instruction must be one of {sorted(known)}, but it is {word!r}; extend {__file__}"
            )
    return stages


def ignored(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore keeps a file, named from the root of the context, out of it."""
    out = False
    for rule in rules:
        pattern = rule.removeprefix("!").rstrip("/")
        if pattern.startswith("**/"):
            hit = pattern[3:] in path.split("/")
        else:
            hit = pattern in ("*", path) or path.startswith(f"{pattern}/")
        if hit:
            out = not rule.startswith("!")
    return out


class Image:
    """A stage that is carried out in a folder."""

    def __init__(self, folder: Path, context: Path) -> None:
        self.folder, self.context = folder, context
        self.env = {"PATH": f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/usr/sbin:/bin"}
        self.workdir, self.user = "/", "0:0"
        self.command: list[str] = []
        self.check: list[str] = []
        self.stop = signal.SIGTERM
        _base(folder)

    def carry_out(self, stage: Stage, done: dict[str, Image]) -> None:
        """Each step in turn."""
        for word, rest in stage.steps:
            print(f"{stage.name}: {word} {rest}", flush=True)
            if word in ("ENV", "ARG"):
                for pair in shlex.split(rest):
                    name, _, value = pair.partition("=")
                    self.env[name] = re.sub(r"\$(\w+)", lambda found: self.env.get(found[1], ""), value)
            elif word == "WORKDIR":
                self.workdir = rest
                self.path(rest).mkdir(parents=True, exist_ok=True)
            elif word == "COPY":
                self._copy(shlex.split(rest), done)
            elif word == "RUN":
                subprocess.run(self.inside(["/bin/sh", "-c", rest], installs=True), check=True)
            elif word == "USER":
                self.user = rest
            elif word == "STOPSIGNAL":
                self.stop = signal.Signals[rest]
            elif word == "CMD":
                self.command = json.loads(rest)
            elif word == "HEALTHCHECK":
                self.check = json.loads(rest.partition("CMD ")[2])

    def path(self, name: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.folder / os.path.normpath(Path(self.workdir) / name).lstrip("/")

    def inside(self, command: list[str], *, installs: bool = False) -> list[str]:
        """A command of this machine that runs one in the image, with the image's environment only."""
        passed = {name: text for name, text in os.environ.items() if installs and PASSED_ON.fullmatch(name)}
        variables = [f"{name}={text}" for name, text in {**passed, **self.env}.items()]
        chroot = ["chroot", f"--userspec={self.user}", str(self.folder)]
        return [*chroot, "/usr/bin/env", "-i", "-C", self.workdir, *variables, *command]

    def _copy(self, words: list[str], done: dict[str, Image]) -> None:
        source = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else None
        *names, target = words
        for name in names:
            origin = done[source].path(name) if source else self.context / name
            to = self.path(target)
            if origin.is_dir():
                shutil.copytree(origin, to, symlinks=True, dirs_exist_ok=True)
            else:
                shutil.copy2(origin, to / origin.name if to.is_dir() or target.endswith("/") else to)


def _base(folder: Path) -> None:
    """What stands for the base image: this machine's /usr and this Python, read-only."""
    python = sys.base_prefix.lstrip("/")  # its place is written in its libraries
    for name in ("usr", python, "dev", "proc", "tmp", "etc"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    for name in ("bin", "lib", "lib64", "sbin"):
        (folder / name).symlink_to(f"usr/{name}")
    _mount("--rbind", "/usr", folder / "usr")
    _mount("--bind", sys.base_prefix, folder / python)
    for name in ("usr", python):
        _mount("--options", "remount,bind,ro", folder / name)
    _mount("--rbind", "/dev", folder / "dev")
    _mount("--types", "proc", "proc", folder / "proc")
    for name in ("resolv.conf", "hosts", "nsswitch.conf", "ld.so.cache", "ssl", "passwd", "group"):
        given, copy = Path("/etc") / name, folder / "etc" / name
        if given.is_dir():
            shutil.copytree(given, copy, symlinks=True, ignore=shutil.ignore_patterns("private"))
        elif given.exists():
            shutil.copy2(given, copy)


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True)


def known_files() -> list[str]:
    """The files that git knows or would add; in a copy without git, all but those that tools made."""
    if not (ROOT / ".git").exists():
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [str(path) for path in paths if not MADE.intersection(path.parts)]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.split("\0") if name]


def context(folder: Path) -> None:
    """Copy what Docker would be sent: the files that git knows and .dockerignore leaves in."""
    rules = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    for name in known_files():
        if not ignored(name, rules) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def run(image: Image) -> dict[str, Any]:
    """Start the image as a container with a read-only root; returns what was measured.

    Raises:
        RuntimeError: when it does not become healthy, answers wrongly, can write, or does not end.
    """
    _mount("--rbind", image.folder, image.folder)
    _mount("--options", "remount,bind,ro", image.folder)
    tmp = image.folder / "tmp"
    _mount("--types", "tmpfs", "--options", "size=512m,mode=1777", "tmpfs", tmp)
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
    folders = {"/tmp": True, "/app": False, "/opt/venv": False, "/": False, "/etc": False}  # noqa: S108
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
        time.sleep(0.3)


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


def main() -> int:
    """Carry out every stage, run the last one, print what was measured."""
    if os.environ.get(IN_NAMESPACE) is None:
        os.environ[IN_NAMESPACE] = "yes"
        unshare = ["unshare", "--mount", "--propagation", "private", sys.executable, __file__]
        return subprocess.run(unshare, check=False).returncode
    work = Path(tempfile.mkdtemp())
    _mount("--types", "tmpfs", "--options", "size=3g", "tmpfs", work)  # gone with the namespace
    context(work / "context")
    images: dict[str, Image] = {}
    for stage in parse((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        images[stage.name] = Image(work / f"stage-{stage.name}", work / "context")
        images[stage.name].carry_out(stage, images)
    print(json.dumps(run(images[stage.name])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
