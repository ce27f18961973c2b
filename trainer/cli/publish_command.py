"""``python -m trainer publish hf://owner/name``: uploads the artifacts as a model repository."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from inference import ArtifactError
from inference.registries.hub import split_address
from trainer.cli.console import consoles

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
PUBLISHED, REFUSED = 0, 2
WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds before each further attempt
PASSING = frozenset({408, 429, 500, 502, 503, 504})  # what may be right the next time


def main(arguments: Sequence[str] | None = None) -> int:
    """Upload; returns 0 (published) or 2 (not published)."""
    options = _parser().parse_args(arguments)
    out, errors = consoles()
    try:
        commit = publish(options.address, options.artifacts, private=options.private)
    except ArtifactError as error:
        errors.print(f"error: {error}", style="red", highlight=False, markup=False)
        return REFUSED
    out.print(f"Published as {options.address} (commit {commit})", highlight=False, markup=False)
    return PUBLISHED


def publish(
    address: str, artifacts: Path, *, private: bool = False, sleep: Callable[[float], None] = time.sleep
) -> str:
    """Upload artifacts as one commit; files that are no longer among them are deleted. Returns the commit.

    Raises:
        ArtifactError: when the model file cannot be used here, or the Hub does not take the files.
    """
    repository, revision = split_address(address)
    try:
        from huggingface_hub import HfApi

        from trainer.report.hub_repository import write_repository
    except ModuleNotFoundError as error:
        raise ArtifactError(
            f"{error.name} must be installed to publish, but it is not; install huggingface_hub"
        ) from error
    api = HfApi()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_repository(artifacts, folder)
        _insist(lambda: api.create_repo(repository, private=private, exist_ok=True), address, sleep)
        return str(
            _insist(
                lambda: (
                    api.upload_folder(
                        repo_id=repository,
                        folder_path=folder,
                        revision=revision,
                        delete_patterns="*",
                        commit_message="Publish the model",
                    ).oid
                ),
                address,
                sleep,
            )
        )


def _insist(ask: Callable[[], object], address: str, sleep: Callable[[float], None]) -> object:
    """Ask the Hub again while the fault may pass."""
    for wait in (*WAITS, None):
        try:
            return ask()
        except Exception as error:  # the Hub's client raises many unrelated types
            if wait is None or not _may_pass(error):
                words = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
                raise ArtifactError(
                    f"the Hugging Face Hub must take the files of {address}, but it does not ({words}); log "
                    "in with `hf auth login`, and check owner, name and network"
                ) from error
            sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _may_pass(error: Exception) -> bool:
    """Whether the next attempt may succeed: the Hub is busy, or no answer came."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    kinds = {kind.__name__ for kind in type(error).__mro__}  # of httpx or httpx2, as the Hub's client has it
    return status in PASSING if status else bool(kinds & {"OSError", "TransportError"})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer publish",
        description="Uploads model, card, test vectors and figures to the Hugging Face Hub.",
    )
    parser.add_argument(
        "address", metavar="hf://OWNER/NAME", help="the repository; made if it does not exist"
    )
    parser.add_argument(
        "--artifacts",
        type=Path,
        default=ARTIFACTS,
        metavar="DIR",
        help="what to upload (default: artifacts/)",
    )
    parser.add_argument("--private", action="store_true", help="make a new repository private")
    return parser


if __name__ == "__main__":
    sys.exit(main())
