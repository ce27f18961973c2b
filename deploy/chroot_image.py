"""Carries out a stage of a Dockerfile in a folder that its steps see as their root.

In place of the base image there are this machine's /usr and the Python that runs this, both read-only.
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
from pathlib import Path

from deploy.dockerfile import Stage

PASSED_ON = re.compile(r"(?:PIP|SSL|REQUESTS|HTTPS?|NO)_\w+", re.IGNORECASE)  # how this machine installs


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
    python = sys.base_prefix.lstrip("/")  # its path is written in its libraries
    for name in ("usr", python, "dev", "proc", "tmp", "etc"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    for name in ("bin", "lib", "lib64", "sbin"):
        (folder / name).symlink_to(f"usr/{name}")
    mount("--rbind", "/usr", folder / "usr")
    mount("--bind", sys.base_prefix, folder / python)
    for name in ("usr", python):
        mount("--options", "remount,bind,ro", folder / name)
    mount("--rbind", "/dev", folder / "dev")
    mount("--types", "proc", "proc", folder / "proc")
    for name in ("resolv.conf", "hosts", "nsswitch.conf", "ld.so.cache", "ssl", "passwd", "group"):
        given, copy = Path("/etc") / name, folder / "etc" / name
        if given.is_dir():
            shutil.copytree(given, copy, symlinks=True, ignore=shutil.ignore_patterns("private"))
        elif given.exists():
            shutil.copy2(given, copy)


def mount(*arguments: str | Path) -> None:
    """What the command ``mount`` does, in this process's own mount namespace."""
    subprocess.run(["mount", *arguments], check=True)
