"""What must happen before Gradio is imported: no telemetry, no rewriting of its stub files, no pandas."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping, Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # Gradio compares the text
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000",  # else a table of past calls is rebuilt after each queued one
}


def prepare(environment: MutableMapping[str, str]) -> None:
    """Set the environment for a quiet and quick ``import gradio``; harmless when it is imported already."""
    environment.update(QUIET)
    if not any(isinstance(finder, _WithoutStubs) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutStubs())
    if "pandas" not in sys.modules:
        sys.modules["pandas"] = _Later("pandas")


class _Later(ModuleType):
    """Stands for a module until something of it is used.

    Gradio imports pandas for components that the page does not have: 85 MB, pyarrow included, and a second.
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
