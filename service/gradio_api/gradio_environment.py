"""What must happen before Gradio is imported: no telemetry, own folder for uploads, no stubs, no pandas."""

from __future__ import annotations

import atexit
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import MutableMapping, Sequence
from functools import cache
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # Gradio compares the text
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),  # else pandas makes a table of past calls for nobody
    "GRADIO_ANALYTICS_MAX_EVENTS": "100",  # of them that are kept
}


STOPPED = 128 + signal.SIGTERM  # the exit status of a process that SIGTERM ended
UPLOADS = "GRADIO_TEMP_DIR"  # where Gradio puts files; without it, a folder that every Gradio app shares


@cache
def own_folder() -> str:
    """A folder for uploaded and scored files that only this user can read, and that ends with the process."""
    folder = tempfile.mkdtemp(prefix="customer-segments-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _leave_tidily_when_stopped()
    return folder


def _leave_tidily_when_stopped() -> None:
    """Let SIGTERM, with which services are stopped, end the process by way of what is registered at exit."""
    here = threading.current_thread() is threading.main_thread()  # only there can signals be handled
    if here and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))


def prepare(environment: MutableMapping[str, str]) -> None:
    """Set the environment for a quiet and quick ``import gradio``; harmless when it is imported already."""
    environment.update(QUIET)
    if UPLOADS not in environment:
        environment[UPLOADS] = own_folder()
    if not any(isinstance(finder, _WithoutStubs) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutStubs())
    if "pandas" not in sys.modules:
        sys.modules["pandas"] = _Later("pandas")


def offer_gpu_function() -> bool:
    """Decorate a function for a GPU where Hugging Face's ``spaces`` is installed; returns whether it is.

    ZeroGPU refuses an app without such a function, and free accounts can host no other kind of Gradio Space.
    The function does nothing and is never called: the model runs on the processor.
    """
    try:
        spaces = import_module("spaces")
    except ModuleNotFoundError:
        return False
    spaces.GPU(_no_work)
    return True


def _no_work() -> None:
    """What ZeroGPU finds at the start."""


class _Later(ModuleType):
    """Stands for a module until something of it is used.

    Gradio imports pandas, and pyarrow with it, for components that the page does not have.
    The standard library's lazy loader loads at the second ``import`` already.
    """

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name not in ("__path__", "__version__"):
            raise AttributeError(name)  # only asked about, not used
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class _WithoutStubs(MetaPathFinder):
    """Imports ``gradio.component_meta`` without its rewriting of stub files.

    The stubs serve editors only, and comparing them costs about half of ``import gradio``. Should the
    function have another name one day, nothing happens and the import is slower.
    """

    _MODULE, _FUNCTION = "gradio.component_meta", "create_or_modify_pyi"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                if hasattr(module, self._FUNCTION):
                    setattr(module, self._FUNCTION, lambda *_, **__: None)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # wrapped on purpose
        return spec
