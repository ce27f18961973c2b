"""Checks that a full disk is 507 on every interface that takes a file, and that the next small one works."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app import build_app
from service.settings import Settings
from tests.free_port import free_port

pytestmark = pytest.mark.server

HEADING = "age,annual_income,spending_score\n"
LARGE, SMALL = HEADING + "31,17,40\n" * 60_000, HEADING + "31,17,40\n"


class FullFile:
    """A temporary file on a disk with room for 300,000 bytes, in place of that of ``tempfile``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._file = _REAL(*arguments, **named)

    def write(self, data: Any) -> int:
        if self._file.tell() + len(data) > 300_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> FullFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


_REAL = tempfile.SpooledTemporaryFile


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


@pytest.mark.parametrize("output", ["csv", "parquet", "excel"])
@pytest.mark.parametrize("form", [True, False])
def test_scoring_on_a_full_disk_is_507_and_the_next_small_file_is_scored(
    url: str, monkeypatch: pytest.MonkeyPatch, output: str, form: bool
) -> None:
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", FullFile)
    for content, status in ((LARGE, 507), (SMALL, 200)):
        sent: dict[str, Any] = (
            {"files": {"file": ("a.csv", content)}}
            if form
            else {"content": content, "headers": {"Content-Type": "text/csv"}}
        )
        answer = httpx.post(f"{url}/v1/score", params={"output": output}, timeout=60, **sent)
        assert answer.status_code == status, answer.text
    assert httpx.get(f"{url}/v1/health").status_code == 200


def test_rows_of_a_workbook_on_a_full_disk_are_507(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("inference.files.write.formats.excel_format.ExcelFormat.write", full)
    answer = httpx.post(
        f"{url}/v1/score", params={"output": "excel"}, content=SMALL, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 507
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_upload_to_gradio_on_a_full_disk_is_507(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("tempfile._TemporaryFileWrapper.__getattr__", full)
        answer = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.csv", LARGE * 20)}, timeout=60)
    assert answer.status_code == 507, answer.text
    assert not caplog.records
    small = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.csv", SMALL)})
    assert small.status_code == 200
