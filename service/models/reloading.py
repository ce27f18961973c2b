"""Takes another model file while the service runs: loaded and tested whole, then put in place at once."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from inference import ArtifactError, Segmenter
from inference.contract.same_interface import broken_promises
from inference.wording import shortened
from service.models.replaceable_page import ReplaceablePage
from service.models.served_model import ServedModel
from service.page.downloads import ModelFiles

PREVIOUS = ".previous"  # after the name of the folder with the model before this one
_log = logging.getLogger(__name__)


class RefusedError(RuntimeError):
    """A model that is not served, and why; the one that is served goes on."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """What is served at one moment.

    Attributes:
        model: everything about the model; since: Unix time from which on it is.
        previous: the files of the model before it, or ``None``.
    """

    model: ServedModel
    since: float
    previous: ModelFiles | None = None


class Reloading:
    """Which model is served; safe to share between threads.

    Args:
        first: the model to begin with.
        make: makes everything about another one.
        path: the model file.
        load: loads a file, or refuses it.
        outdated: whether what was made about a model has to be made again, though the file is the same.
    """

    def __init__(
        self,
        first: ServedModel,
        make: Callable[[Segmenter, ModelFiles], ServedModel],
        *,
        path: Path,
        load: Callable[[Path], Segmenter] = Segmenter.load,
        outdated: Callable[[ServedModel], bool] = lambda _: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.page = ReplaceablePage(first.page)
        self._now = Served(model=first, since=clock())
        self._make, self._path, self._load_file, self._clock = make, path, load, clock
        self._outdated = outdated
        self._one_at_a_time = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.problem = ""  # why the last file was not taken

    @property
    def now(self) -> Served:
        """What is served now; whoever begins a request keeps it to the end."""
        return self._now

    def reload(self, *, previous: bool = False, other_columns: bool = False) -> bool:
        """Serve the model file as it is now; returns whether it is another one. Not for the event loop.

        Args:
            previous: serve the model before the one that is served.
            other_columns: also one that does not understand what clients of this one send.

        Raises:
            RefusedError: when it cannot be served; nothing has changed then.
        """
        with self._one_at_a_time:
            try:
                changed = self._reload(previous=previous, other_columns=other_columns)
            except (ArtifactError, RefusedError) as error:
                self._refuse(str(error))
                raise RefusedError(str(error)) from None
            except Exception:
                self._refuse("the page or the API about it could not be made")
                raise
            self.problem = ""
            return changed

    def remake(self) -> None:
        """Make everything about the model that is served again. Not for the event loop.

        A handler of a page may ask for it: its language and its page are not those that are made.
        """
        with self._one_at_a_time:
            Context().run(self._remake)

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Know where requests are answered, because models are exchanged there, between two requests."""
        self._loop = asyncio.get_running_loop()
        try:
            yield
        finally:
            self._loop = None

    def _reload(self, *, previous: bool, other_columns: bool) -> bool:
        now = self._now
        segmenter, files = self._load(now, previous=previous)
        if segmenter.fingerprint == now.model.segmenter.fingerprint:
            if self._outdated(now.model):
                self._remake()
            return False
        problems = broken_promises(now.model.segmenter.contract, segmenter.contract)
        if problems and not other_columns:
            raise RefusedError(
                "a new model must understand what clients of this one send, but "
                f"{shortened('; '.join(problems))}; restart the app with it, or reload with columns=any"
            )
        made = self._make(segmenter, files)
        self.page.prepare(made.page)
        self._exchange(Served(model=made, since=self._clock(), previous=now.model.files))
        gc.collect()  # the model before, once nobody is answered by it any more
        _log.warning("serving model %s in place of %s", made.predictor.version, now.model.predictor.version)
        return True

    def _remake(self) -> None:
        now = self._now
        made = self._make(now.model.segmenter, now.model.files)
        self.page.prepare(made.page)
        self._exchange(replace(now, model=made))
        gc.collect()

    def _load(self, now: Served, *, previous: bool) -> tuple[Segmenter, ModelFiles]:
        """The model to serve, loaded and tested, with its files."""
        if previous and now.previous is not None:
            return Segmenter.load(now.previous.content), now.previous  # permitted when it was served first
        path = previous_path(self._path) if previous else self._path
        if previous and not path.is_file():
            raise RefusedError(
                "there must be a model before this one, but none was served since the start and there is no "
                f"{str(path)!r}; put its file at MODEL_PATH and reload"
            )
        segmenter = self._load_file(path)
        return segmenter, ModelFiles.of(segmenter, path)

    def _exchange(self, served: Served) -> None:
        """Replace what is served in one step, between two requests of the event loop."""
        loop = self._loop
        if loop is None:
            self._put(served)
            return

        async def put() -> None:
            self._put(served)

        asyncio.run_coroutine_threadsafe(put(), loop).result()

    def _put(self, served: Served) -> None:
        before = self._now.model.page
        try:
            self.page.replace(served.model.page)
        except Exception:
            self.page.replace(before)
            raise
        self._now = served

    def _refuse(self, why: str) -> None:
        self.problem = why
        _log.warning("model %s goes on: %s", self._now.model.predictor.version, why)


def previous_path(path: Path) -> Path:
    """Where the trainer keeps the model before the one in a file.

    Example:
        >>> previous_path(Path("artifacts/model.onnx")).as_posix()
        'artifacts.previous/model.onnx'
    """
    folder = path.resolve().parent if path.parent == Path() else path.parent
    return folder.with_name(folder.name + PREVIOUS) / path.name
