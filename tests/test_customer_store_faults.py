"""Checks that a store is whole after any write or sync of its files has failed: as before, or with all saved.

A library that is preloaded into the process fails the n-th call in turn, for every n until a run needs fewer.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from customers.store import open_store
from tests.conftest import ROOT
from tests.test_customer_store import OLD, SENT

pytestmark = pytest.mark.postgres  # `just postgres`, which also may use a C compiler

NEW = [f"n{each}" for each in range(40)]
SAVE = """
import sys
from dataclasses import replace
from customers.store import open_store
from tests.test_customer_store import NEW_MODEL, SENT
from tests.test_customer_store_faults import NEW
store = open_store(sys.argv[1])
moved = replace(SENT, segment="high", segment_id=1, inputs={"age": 50})
store.save([moved, *(replace(SENT, id=each, inputs={"text": each * 200}) for each in NEW)], model=NEW_MODEL)
print("acknowledged", flush=True)
store.close()
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fails calls."""
    built = tmp_path_factory.mktemp("faults") / "faulty_io.so"
    source = ROOT / "tests" / "faulty_io.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", built, source, "-ldl"], check=True)
    return built


@pytest.mark.parametrize("kind", ["write", "sync"])
def test_the_store_is_whole_whichever_call_fails(library: Path, tmp_path: Path, kind: str) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    with_one = open_store(f"sqlite:///{begun / 'customers.sqlite'}")
    with_one.save([SENT], model=OLD)
    with_one.close()
    failed = told = 0
    while True:
        folder = tmp_path / f"{kind}{failed}"
        shutil.copytree(begun, folder)
        reported = folder.with_suffix(".reported")
        environment = {
            **os.environ,
            "LD_PRELOAD": str(library),
            "FAULTY_KIND": kind,
            "FAULTY_PATH": str(folder),
            "FAULTY_N": str(failed + 1),
            "FAULTY_REPORT": str(reported),
        }
        command = [sys.executable, "-c", SAVE, f"sqlite:///{folder / 'customers.sqlite'}"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        acknowledged = "acknowledged" in done.stdout
        whole = _state(folder / "customers.sqlite")
        assert whole in ("old", "new")
        assert whole == "new" or not acknowledged
        if not reported.exists():
            assert (acknowledged, whole) == (True, "new")
            break
        told += "StoreError" in done.stderr
        failed += 1
        shutil.rmtree(folder)
    assert failed >= 3
    assert told >= 1  # others fail where the save is on the disk already


def _state(path: Path) -> str:
    """Whether the store is as it was, has everything that was saved, or neither."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    store = open_store(f"sqlite:///{path}")
    found = {each.id: each for page in store.every() for each in page}
    changes = len(store.changes())
    store.close()
    if set(found) == {SENT.id} and found[SENT.id].segment == SENT.segment and changes == 1:
        return "old"
    if set(found) == {SENT.id, *NEW} and found[SENT.id].segment == "high" and changes == 2 + len(NEW):
        return "new"
    return "neither"
