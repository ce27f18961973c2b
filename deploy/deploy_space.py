"""Uploads a collected Space, waits until it runs and answers, and puts the last version back if it does not.

    python deploy/deploy_space.py owner/name FOLDER --passed COMMIT [--url URL]

``FOLDER`` is what .github/stage_space.py collected; files that it does not have are removed from the Space.
``--passed`` names the commit that the checks passed for: another one, or changes that are not committed, are
not uploaded. Requests that end with 5xx, or not at all, are repeated. Exit status: 0 the new version answers;
1 it did not, and the last one was put back; 2 nothing was uploaded.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

ROOT = Path(__file__).parents[1]
CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}
RUNNING = "RUNNING"
FAILED = ("BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "DELETING")
ATTEMPTS, PAUSE = 6, 2.0  # of one request; seconds before the second, doubled each time
DONE, PUT_BACK, REFUSED = 0, 1, 2

TRANSPORT = {"OSError", "TransportError"}  # of httpx or httpx2, as the Hub's client has it

T = TypeVar("T")


class RefusedError(Exception):
    """Nothing was uploaded; the message says why."""


def main(arguments: list[str] | None = None) -> int:
    """Deploy; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        check_commit(options.passed)
        return deploy(options)
    except RefusedError as error:
        print(f"not uploaded: {error}", file=sys.stderr)
        return REFUSED


def check_commit(passed: str) -> None:
    """Refuse a commit that the checks did not pass for, or one with changes on top.

    Raises:
        RefusedError: when it must not be uploaded.
    """
    head = _git("rev-parse", "HEAD")
    if not re.fullmatch(r"[0-9a-f]{40}", passed) or head != passed:
        raise RefusedError(
            f"the checks must have passed for {head}, but they passed for {passed or 'nothing'}"
        )
    if _git("status", "--porcelain"):
        raise RefusedError("everything must be committed, but some files have changes; commit or drop them")


def deploy(options: argparse.Namespace) -> int:
    """Upload, wait and ask; put the last version back where that fails."""
    api = HfApi()
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(temporary) / "before"
        before = patiently(lambda: _saved(api, options.space, kept))
        commit = patiently(
            lambda: _uploaded(api, options.space, options.folder, f"Deploy {options.passed[:7]}")
        )
        print(f"uploaded as {commit}")
        reason = _wrong(api, options, commit)
        if not reason:
            print("it runs and answers")
            return DONE
        print(f"it does not work: {reason}", file=sys.stderr)
        if before is None:
            print("there is no earlier version to put back", file=sys.stderr)
            return PUT_BACK
        back = patiently(lambda: _uploaded(api, options.space, kept, f"Put {before[:7]} back"))
        print(f"put {before[:7]} back as {back}", file=sys.stderr)
        return PUT_BACK


def patiently(work: Callable[[], T], *, attempts: int = ATTEMPTS, pause: float = PAUSE) -> T:
    """Repeat what a server's fault or a lost connection ended."""
    for attempt in range(attempts):
        try:
            return work()
        except RepositoryNotFoundError as error:
            raise RefusedError("the Space must exist and the token must reach it, but it does not") from error
        except HfHubHTTPError as error:
            status = error.response.status_code
            if 400 <= status < 500 and status not in (408, 429):
                raise RefusedError(f"the Hub must take the upload, but it answered {status}") from error
            last: Exception = error
        except Exception as error:  # the transport's own classes may not be installed
            if not TRANSPORT & {kind.__name__ for kind in type(error).__mro__}:
                raise
            last = error
        time.sleep(pause * 2**attempt if attempt + 1 < attempts else 0)  # the Hub may recover
    raise RefusedError(f"the Hub must be reached, but it is not ({type(last).__name__}); try again later")


def _saved(api: HfApi, space: str, folder: Path) -> str | None:
    """Download the version that runs now; its commit, or ``None`` where the Space is empty."""
    shutil.rmtree(folder, ignore_errors=True)
    info = api.space_info(space)
    names = [each.rfilename for each in info.siblings or []]
    if not names or info.sha is None:
        return None
    folder.mkdir(parents=True)
    for name in names:
        api.hf_hub_download(space, name, repo_type="space", revision=info.sha, local_dir=folder)
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    return str(info.sha)


def _uploaded(api: HfApi, space: str, folder: Path, message: str) -> str:
    done = api.upload_folder(
        repo_id=space, folder_path=folder, repo_type="space", commit_message=message, delete_patterns="*"
    )
    return str(done.oid)


def _wrong(api: HfApi, options: argparse.Namespace, commit: str) -> str:
    """Why the new version does not work; empty if it does."""
    until = time.monotonic() + options.patience
    while True:
        runtime = patiently(lambda: api.get_space_runtime(options.space))
        built = (runtime.raw or {}).get("sha")
        if runtime.stage in FAILED:
            return f"the Space is in the stage {runtime.stage}"
        if runtime.stage == RUNNING and built in (None, commit):
            break
        if time.monotonic() > until:
            return f"the Space is still in the stage {runtime.stage} after {options.patience:g} s"
        time.sleep(options.every)
    return _asked(options.url or address(options.space), options.every)


def _asked(url: str, every: float) -> str:
    """What is wrong with its answers; empty if nothing is."""
    found = ""
    for _ in range(ATTEMPTS):
        try:
            with urllib.request.urlopen(f"{url}/v1/health", timeout=30) as answer:
                json.load(answer)
            request = urllib.request.Request(
                f"{url}/v1/predict", json.dumps(CUSTOMER).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                return "" if json.load(answer).get("segment") else "its prediction has no segment"
        except (OSError, ValueError) as error:
            found = f"{url} does not answer ({error})"
            time.sleep(every)
    return found


def address(space: str) -> str:
    """Where a Space is reached.

    >>> address("Owner/My_name")
    'https://owner-my-name.hf.space'
    """
    return f"https://{re.sub(r'[/._]', '-', space.lower())}.hf.space"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("space", metavar="OWNER/NAME")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--passed", required=True, metavar="COMMIT", help="that the checks passed for")
    parser.add_argument("--url", default="", help="of the running Space (default: that of the Hub)")
    parser.add_argument("--patience", type=float, default=1800.0, metavar="SECONDS", help="for its build")
    parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="between two looks")
    return parser


if __name__ == "__main__":
    sys.exit(main())
