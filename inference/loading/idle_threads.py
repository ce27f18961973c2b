"""Imports numpy with BLAS threads that sleep when they have nothing to do.

OpenBLAS, which numpy brings, starts a thread for each core when it is loaded. Such a thread looks for work
for so long before it sleeps that a process which answers once spends nearly as much processor time on it as
on everything else (``python -m benchmarks.light_wheel``). Here it looks for less than a millisecond; the
number of threads stays as it is.
"""

import os
import sys

_VARIABLE = "OPENBLAS_THREAD_TIMEOUT"  # OpenBLAS reads it once, when it is loaded: a power of two
_SHORT = "20"


def import_numpy() -> None:
    """Import numpy; nothing changes where it is imported already, or where the variable is set."""
    if "numpy" in sys.modules or _VARIABLE in os.environ:
        return
    os.environ[_VARIABLE] = _SHORT
    try:
        import numpy  # noqa: F401 - only loaded here
    finally:
        del os.environ[_VARIABLE]  # other processes that this one starts decide for themselves


import_numpy()
