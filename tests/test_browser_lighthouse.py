"""Checks the page with Lighthouse, Google's audits: accessibility, practices, and nothing that moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.first_visit.lighthouse import DEVICES, audited, install
from inference import Segmenter
from service.settings import DEFAULT_MODEL, Settings, TrainingSettings
from tests.browsing import served

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where Lighthouse is installed."""
    folder = tmp_path_factory.mktemp("lighthouse")
    install(folder)
    return folder


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(Segmenter.load(DEFAULT_MODEL), Settings(training=TrainingSettings())) as address:
        yield address


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_every_audit_but_that_of_speed_is_passed(lighthouse: Path, url: str, device: str, path: str) -> None:
    report = audited(lighthouse, f"{url}{path}", device)
    marks = {name: each["score"] for name, each in report["categories"].items()}
    failed = {
        audit["id"]: report["audits"][audit["id"]]["title"]
        for audit in report["categories"]["accessibility"]["auditRefs"]
        if report["audits"][audit["id"]]["score"] not in (1, None)
    }
    assert failed == {}
    assert {name: marks[name] for name in ("accessibility", "best-practices", "seo")} == dict.fromkeys(
        ("accessibility", "best-practices", "seo"), 1
    )
