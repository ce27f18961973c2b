"""Runs a module of Python with limits, as a program of its own: nothing of the service is imported here.

    python limited_child.py ROOT MEMORY_MB FILE_MB MODULE [ARGUMENT...]

It gives way to other processes, ends with all its children when standard input does (that is, when its parent
has ended, however it did), and names an error by its type alone: a message could quote a customer's cell.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import runpy
import signal
import sys
import threading
from pathlib import Path

POLITE = 19  # the niceness that gives way to everything else
ADDRESSES_MB = 4_000  # that libraries reserve and never use; what is used is measured by the parent
NEARLY = 0.8  # of the addresses: a library that fails there has most likely asked for more
CRASHED, OUT_OF_MEMORY = 70, 71
MEGABYTE = 1_000_000


def main(root: str, memory_mb: str, file_mb: str, module: str, *arguments: str) -> int:
    """Set the limits and run the module; returns its exit status."""
    addresses = (int(memory_mb) + ADDRESSES_MB) * MEGABYTE
    _limit(resource.RLIMIT_AS, addresses)
    _limit(resource.RLIMIT_FSIZE, int(file_mb) * MEGABYTE)
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(POLITE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.path.insert(0, root)
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # whatever a library raises; its traceback could quote cells
        sys.stderr.write(json.dumps({"crash": type(error).__name__}) + "\n")
        return OUT_OF_MEMORY if _most_addresses() > NEARLY * addresses else CRASHED
    return 0


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS has no limit of addresses
        resource.setrlimit(kind, (most, most))


def _end_with_parent() -> None:
    """Kill the whole process group when the other end of standard input is gone."""
    while os.read(0, 1):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _most_addresses() -> int:
    """The most addresses that this process ever had, in bytes; 0 where that is not known."""
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        for line in status:
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
