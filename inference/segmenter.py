"""Runs a model file: raw columns in, segments out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, Answer, Answers, Brief
from inference.contract import (
    ANSWERS,
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    METADATA_KEY,
    NOVELTY,
    OUTPUTS,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
    Contract,
)
from inference.errors import ArtifactError, InputError
from inference.kinds.registry import kind_of
from inference.self_test import run_self_test
from inference.validation import Checked, Table, check_row, check_table
from inference.wording import quoted

CHUNK_ROWS = 65_536  # limits the graph's [N, K] intermediate arrays to a few MB
_ASKED = tuple(name for name in ANSWERS if name != SEGMENT)  # names are looked up by their number
_BRIEF = (SEGMENT_ID, PROBABILITIES, COMPLETE, NOVELTY)
_REBUILD = "write it again with `python -m trainer`"

Arrays = dict[str, NDArray[Any]]


class Segmenter:
    """Answers for one model file; safe to share between threads, and sent to other processes by pickling.

    Example:
        >>> segmenter = Segmenter.load("artifacts/model.onnx")
        >>> answer = segmenter.predict(gender="Female", age=31, annual_income=17, spending_score=40)
        >>> answer.segment, answer.complete
        ('Low income, low score', True)
    """

    def __init__(self, session: ort.InferenceSession, contract: Contract, content: bytes = b"") -> None:
        self._session = session
        self._content = content
        self.contract = contract
        self._clustering = [column for column in contract.columns if column.clusters]
        self._names = np.array([segment.name for segment in contract.segments], dtype=object)
        self._threshold = np.float32(contract.answer_probability)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the file's content, as 64 hexadecimal digits."""
        import hashlib  # loads OpenSSL: a tenth of the start, for those who predict only

        return hashlib.sha256(self._content).hexdigest()

    @property
    def content(self) -> bytes:
        """The file's content; empty where it did not come from a file."""
        return self._content

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the file's content; unpickling loads it again, with its self-test."""
        if not self._content:
            raise TypeError("a segmenter must come from Segmenter.load to be pickled")
        return type(self).load, (self._content,)

    @classmethod
    def load(cls, source: str | Path | bytes | BinaryIO, *, sha256: str = "") -> Segmenter:
        """Load a model file, read its contract and run its self-test on this machine.

        Args:
            source: the file's path, its content, a binary stream of it, or its repository on the Hugging Face
                Hub as ``hf://owner/name`` or ``hf://owner/name@revision`` (needs huggingface_hub), or its
                entry in MLflow as ``models:/name@alias`` or ``models:/name/version`` (needs mlflow).
            sha256: the only content to accept, as 64 hexadecimal digits; empty for any.

        Raises:
            ArtifactError: when the file is missing, damaged, not one of this project, of another format, not
                the one with ``sha256``, or fails its self-test with the installed onnxruntime.
        """
        content, path = _content(source)
        if sha256:
            _check_sha256(content, path, sha256)
        session = _open_session(content, path)
        contract = Contract.parse(_contract_text(session, path))
        _check_kinds(contract, path)
        _check_signature(session, contract, path)
        segmenter = cls(session, contract, content)
        run_self_test(contract, segmenter._run, runtime=ort.__version__)
        return segmenter

    def predict(self, /, **columns: Any) -> Answer:
        """Answer for one customer; an omitted column, ``None`` or NaN is unknown.

        Raises:
            InputError: for an unknown column or an invalid value.
        """
        checked = check_row(self.contract, columns)
        return self._answers(self._run(checked.feeds, _ASKED), checked).row(0)

    def predict_many(self, customers: Table, *, opinion: bool = False) -> Answers:
        """Answer for ``N`` customers.

        Args:
            customers: columns of equal length by name; or rows, each a mapping of names to values; or a
                DataFrame of pandas, polars, pyarrow or another library that exports Arrow. What is left out
                is unknown. A DataFrame's columns are found as in a file: by name, label or alias, others do
                not matter, and every clustering column must be there.
            opinion: also run the classifier for complete rows, where its answer is not needed.

        Raises:
            InputError: when a row is invalid; ``row`` and ``column`` are its position.
        """
        checked = check_table(self.contract, customers)
        checked.raise_for_problems()
        return self.answer(checked, opinion=opinion)

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer for rows checked by ``inference.validation``; invalid cells count as unknown."""
        return self._answers(self._in_chunks(checked, _ASKED, opinion), checked)

    def values(self, checked: Checked, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Outputs of the graph by name, ``[N, ...]``, also those that only the file's contract describes.

        Raises:
            KeyError: for a name that is not an output with a value per row.
        """
        known = {output.name for output in self.contract.outputs if output.per_row}
        for name in names:
            if name not in known:
                raise KeyError(name)
        return self._in_chunks(checked, names, False)

    def brief(self, checked: Checked) -> Brief:
        """The same answers as ``answer`` without texts and distances, for files with many rows."""
        arrays = self._in_chunks(checked, _BRIEF, False)
        ids = arrays[SEGMENT_ID]
        return Brief(
            segment_id=ids,
            probability=_chosen(arrays[PROBABILITIES], ids),
            complete=arrays[COMPLETE],
            nothing=_nothing_known(checked, arrays[COMPLETE]),
            novelty=arrays[NOVELTY],
        )

    def _in_chunks(self, checked: Checked, outputs: Sequence[str], opinion: bool) -> Arrays:
        chunks = [
            self._routed(
                {name: feed[start : start + CHUNK_ROWS] for name, feed in checked.feeds.items()},
                outputs,
                opinion,
            )
            for start in range(0, max(checked.rows, 1), CHUNK_ROWS)
        ]
        if len(chunks) == 1:
            return chunks[0]
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in outputs}

    def _routed(self, feeds: Arrays, outputs: Sequence[str], opinion: bool) -> Arrays:
        """Run complete and incomplete rows separately, so that the classifier runs only for the latter."""
        if opinion:
            more = {name: np.concatenate([feed, _missing(feed)]) for name, feed in feeds.items()}
            return {name: values[:-1] for name, values in self._run(more, outputs).items()}
        partial = np.zeros(len(next(iter(feeds.values()))), dtype=bool)
        for column in self._clustering:
            partial |= _is_missing(feeds[column.name])
        if not partial.any() or partial.all():
            return self._run(feeds, outputs)
        answers: Arrays = {}
        for rows in (np.flatnonzero(partial), np.flatnonzero(~partial)):
            part = self._run({name: feed[rows] for name, feed in feeds.items()}, outputs)
            for name, values in part.items():
                whole = answers.setdefault(name, np.empty((len(partial), *values.shape[1:]), values.dtype))
                whole[rows] = values
        return answers

    def _unusual(self, novelty: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which customers ``[N]`` are unlike those in training; NaN says nothing."""
        return np.greater(novelty, self.contract.thresholds.novelty)

    def _run(self, feeds: Arrays, outputs: Sequence[str] = ANSWERS) -> Arrays:
        return dict(zip(outputs, self._session.run(list(outputs), feeds), strict=True))

    def _answers(self, arrays: Arrays, checked: Checked) -> Answers:
        ids, probabilities, complete = arrays[SEGMENT_ID], arrays[PROBABILITIES], arrays[COMPLETE]
        probability = _chosen(probabilities, ids)
        route = np.where(complete, COMPLETE_ROUTE, PARTIAL_ROUTE)
        if not complete.all():
            route = np.where(_nothing_known(checked, complete), PRIOR_ROUTE, route)
        return Answers(
            contract=self.contract,
            segment=self._names[ids],
            segment_id=ids,
            probability=probability,
            probabilities=probabilities,
            complete=complete,
            route=route,
            enough=(route == COMPLETE_ROUTE)
            | ((route == PARTIAL_ROUTE) & (probability >= self._threshold) & ~self._unusual(arrays[NOVELTY])),
            distances=arrays[DISTANCES],
            novelty=arrays[NOVELTY],
            classifier_probabilities=arrays[CLASSIFIER_PROBABILITIES],
        )


def _chosen(probabilities: NDArray[np.float32], ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """The probability ``[N]`` of the answered segment."""
    return np.take_along_axis(probabilities, ids[:, None], axis=1)[:, 0]


def _nothing_known(checked: Checked, complete: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows ``[N]`` have no known column at all."""
    if complete.all():
        return np.zeros(len(complete), dtype=bool)
    blank = [_is_missing(feed) for feed in checked.feeds.values()]
    return np.asarray(np.logical_and.reduce(blank), dtype=bool)


def _is_missing(feed: NDArray[Any]) -> NDArray[np.bool_]:
    """Which cells ``[N]`` of a graph's input ``[N, 1]`` are missing."""
    cells = feed[:, 0]
    return np.asarray(cells == "" if feed.dtype == object else np.isnan(cells), dtype=bool)


def _missing(feed: NDArray[Any]) -> NDArray[Any]:
    return np.array([[""]], dtype=object) if feed.dtype == object else np.array([[np.nan]])


def _content(source: str | Path | bytes | BinaryIO) -> tuple[bytes, str | Path]:
    """A model file's content, and what errors call the file."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), "(bytes)"
    if isinstance(source, str) and source.startswith("hf://"):
        from inference.registries.hub import from_hub

        return from_hub(source), source
    if isinstance(source, str) and source.startswith("models:/"):
        from inference.registries.mlflow_registry import from_mlflow

        return from_mlflow(source), source
    path = source if isinstance(source, (str, Path)) else str(getattr(source, "name", "(stream)"))
    if not isinstance(source, (str, Path)) and not hasattr(source, "read"):
        raise ArtifactError(
            f"a model must be given by its path, its bytes or a binary stream, but it is {quoted(source)}"
        )
    try:
        content = Path(source).read_bytes() if isinstance(source, (str, Path)) else source.read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ArtifactError(f"no model file can be read at {str(path)!r} ({reason}); {_REBUILD}") from error
    if not isinstance(content, bytes):
        raise ArtifactError(
            f"the file {str(path)!r} must be read as bytes, but reading it gives {type(content).__name__}; "
            "open it with mode 'rb'"
        )
    return content, path


def _check_sha256(content: bytes, path: str | Path, wanted: str) -> None:
    """Refuse another file before anything in it is read."""
    import hashlib

    found = hashlib.sha256(content).hexdigest()
    if found != wanted.lower():
        raise ArtifactError(
            f"the file {str(path)!r} must have the SHA-256 {wanted.lower()}, but it has {found}; use the "
            "file that was released, or the SHA-256 of this one"
        )


def _open_session(content: bytes, path: str | Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many unrelated types for "cannot load"
        raise ArtifactError(
            f"the file {str(path)!r} must be an ONNX model, but onnxruntime {ort.__version__} cannot load it "
            f"({str(error).splitlines()[0][:200]}); it is damaged or not a model of this project; {_REBUILD}"
        ) from error


def _contract_text(session: ort.InferenceSession, path: str | Path) -> str:
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if text is None:
        raise ArtifactError(
            f"the file {str(path)!r} must contain a contract under {METADATA_KEY!r}, but it has none and "
            f"was not written by this project's trainer; {_REBUILD}"
        )
    return str(text)


def _check_kinds(contract: Contract, path: str | Path) -> None:
    for column in contract.columns:
        try:
            kind_of(column)
        except InputError as error:
            raise ArtifactError(
                f"the columns in {str(path)!r} must be of kinds that are known here, but of {column.name!r} "
                f"{error}; update this package, or train the model again with this version"
            ) from error


def _check_signature(session: ort.InferenceSession, contract: Contract, path: str | Path) -> None:
    inputs = tuple(each.name for each in session.get_inputs())
    outputs = tuple(each.name for each in session.get_outputs())
    wanted = tuple(output.name for output in contract.outputs) or OUTPUTS
    later = [name for name in OUTPUTS if name not in wanted]
    if later:
        raise ArtifactError(
            f"the file {str(path)!r} must have the outputs {OUTPUTS}, but its contract does not list "
            f"{later}; an earlier version wrote it: {_REBUILD}"
        )
    if inputs != contract.names or not set(wanted) <= set(outputs):
        raise ArtifactError(
            f"the graph in {str(path)!r} must have the inputs {contract.names} and outputs {wanted} of its "
            f"contract, but it has {inputs} and {outputs}: it was changed after training; {_REBUILD}"
        )
