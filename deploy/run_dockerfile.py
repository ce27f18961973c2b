"""Carries out the Dockerfile without Docker, and runs the result as a container would be run.

    python -m deploy.run_dockerfile     (as root on Linux)

Each stage is a folder that the steps see as their root (chroot, in a mount namespace of its own). In place of
the base image there are this machine's /usr and the Python that runs this script, both read-only. The last
stage then starts as its USER, with a read-only root and a tmpfs as /tmp: the health check must pass, a
prediction must be right, nothing outside /tmp may be writable, and its stop signal must end it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.build_context import ROOT, copy_context
from deploy.chroot_image import Image, mount
from deploy.container_checks import run_container
from deploy.dockerfile import parse

IN_NAMESPACE = "RUN_DOCKERFILE_IN_NAMESPACE"


def main() -> int:
    """Carry out every stage, run the last one, print what was measured."""
    if os.environ.get(IN_NAMESPACE) is None:
        os.environ[IN_NAMESPACE] = "yes"
        itself = [sys.executable, "-m", "deploy.run_dockerfile"]
        unshare = ["unshare", "--mount", "--propagation", "private", *itself]
        return subprocess.run(unshare, cwd=ROOT, check=False).returncode
    work = Path(tempfile.mkdtemp())
    mount("--types", "tmpfs", "--options", "size=3g", "tmpfs", work)  # gone with the namespace
    copy_context(work / "context")
    images: dict[str, Image] = {}
    for stage in parse((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        images[stage.name] = Image(work / f"stage-{stage.name}", work / "context")
        images[stage.name].carry_out(stage, images)
    print(json.dumps(run_container(images[stage.name])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
