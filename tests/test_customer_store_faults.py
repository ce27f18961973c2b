"""Checks that a store is whole after any write or sync of its files has failed: as before, or with all saved.

A library that is preloaded into the process fails the n-th call in turn, for every n until a run needs fewer.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from customers.store import open_store
from tests.conftest import ROOT
from tests.sent_customers import OLD, SENT

pytestmark = pytest.mark.postgres  # `just postgres`, which also may use a C compiler

NEW = [f"n{each}" for each in range(40)]
EACH = """
import ctypes, os, shutil, sys
from dataclasses import replace
from pathlib import Path
from customers.engine import StoreError
from customers.store import open_store
from tests.sent_customers import NEW_MODEL, SENT
from tests.test_customer_store_faults import NEW

kind, begun, root = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
faults = ctypes.CDLL(None)
moved = replace(SENT, segment="high", segment_id=1, inputs={"age": 50})
sent = [moved, *(replace(SENT, id=each, inputs={"text": each * 200}) for each in NEW)]

def save(folder, n):
    faults.faulty_begin(kind.encode(), str(folder).encode(), n)
    try:
        store = open_store(f"sqlite:///{folder / 'customers.sqlite'}")
        store.save(sent, model=NEW_MODEL)
        said = "acknowledged"
    except StoreError:
        said = "told"
    except Exception:
        said = "failed"
    return said, faults.faulty_calls() >= n

n = 0
while True:
    n += 1
    folder = root / f"{kind}-{n}"
    shutil.copytree(begun, folder)
    reading, writing = os.pipe()
    child = os.fork()  # each in a process of its own, whose end is like a crash
    if child == 0:
        said, reached = save(folder, n)
        os.write(writing, f"{said} {int(reached)}".encode())
        os._exit(0)
    os.close(writing)
    said, reached = os.read(reading, 100).decode().split()
    os.waitpid(child, 0)
    print(folder, said, flush=True)
    if reached == "0":
        break
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
    command = [sys.executable, "-c", EACH, kind, str(begun), str(tmp_path)]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    runs = [line.split() for line in done.stdout.splitlines()]
    for folder, said in runs:
        whole = _state(Path(folder) / "customers.sqlite")
        assert whole in ("old", "new"), folder
        assert whole == "new" or said != "acknowledged", folder
    assert runs[-1][1] == "acknowledged"  # the one in which no call failed
    assert len(runs) > 3
    assert "told" in {said for _, said in runs}


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
