"""What a child process does in the tests of its limits: ``python -m tests.child_tasks TASK``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

FOREVER = threading.Event()


def report(**value: object) -> None:
    """A line on the error stream, as the trainer writes it."""
    sys.stderr.write(json.dumps(value) + "\n")
    sys.stderr.flush()


def main(task: str, *arguments: str) -> int:
    """Carry out a task."""
    if task == "answer":
        report(stage="Counting", done=1, total=2, share=0.5)
        sys.stderr.write("a warning that could quote a cell\n")
        sys.stdout.write(json.dumps({"nice": os.nice(0), "environment": sorted(os.environ)}))
    elif task == "refuse":
        report(error="the table must have rows, but it has none")
        return 2
    elif task == "crash":
        raise ValueError("Alice, 31")
    elif task == "allocate":
        held = bytearray(int(arguments[0]))
        report(stage="Holding", share=0.1, bytes=len(held))
        FOREVER.wait()
    elif task == "touch":
        held = bytearray(b"\1") * int(arguments[0])
        report(stage="Holding", share=0.1, bytes=len(held))
        FOREVER.wait()
    elif task == "write":
        with Path("large").open("wb") as file:
            file.write(bytes(int(arguments[0])))
    elif task == "family":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path("pids").write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
        report(stage="Waiting", share=0.2)
        FOREVER.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
