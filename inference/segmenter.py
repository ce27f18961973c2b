"""Runs a model file: raw columns in, segments out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.answers import Answer, Answers, Brief, chosen
from inference.answers.many_customers import ManyCustomers
from inference.answers.one_customer import OneCustomer
from inference.contract import (
    ANSWERS,
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
    Contract,
)
from inference.loading.checked_file import open_checked
from inference.loading.row_sessions import NO_ROW_GRAPHS, RowGraphs, test_row_graphs
from inference.loading.seal import has_seal
from inference.loading.self_test import run_self_test
from inference.validation import Checked, Table, check_row, check_table

CHUNK_ROWS = 65_536  # limits the graph's [N, K] intermediate arrays to a few MB
_ASKED = tuple(name for name in ANSWERS if name != SEGMENT)  # names are looked up by their number
_BRIEF = (SEGMENT_ID, PROBABILITIES, COMPLETE, NOVELTY)
Arrays = dict[str, NDArray[Any]]


class Segmenter:
    """Answers for one model file; safe to share between threads, and sent to other processes by pickling.

    Example:
        >>> segmenter = Segmenter.load("artifacts/model.onnx")
        >>> answer = segmenter.predict(gender="Female", age=31, annual_income=17, spending_score=40)
        >>> answer.segment, answer.complete
        ('Low income, low score', True)
    """

    def __init__(
        self,
        session: ort.InferenceSession,
        contract: Contract,
        content: bytes = b"",
        row_graphs: RowGraphs = NO_ROW_GRAPHS,
    ) -> None:
        """Answer with loaded graphs; ``load`` is the usual way to one.

        Args:
            session: the whole graph; row_graphs: the small ones of the same file, if it has them.
            content: of the file, for its fingerprint and for pickling.
        """
        self._session = session
        self._graphs = row_graphs
        self._content = content
        self.contract = contract
        self._many = ManyCustomers(contract, row_graphs, self._run)
        self._one = OneCustomer(contract, row_graphs, self._run)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the file's content, as 64 hexadecimal digits."""
        import hashlib  # loads OpenSSL: a tenth of the start, for those who predict only

        return hashlib.sha256(self._content).hexdigest()

    @property
    def sealed(self) -> bool:
        """Whether the file has a seal, which was compared; files of earlier versions have none."""
        return has_seal(self._content)

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
    def load(
        cls, source: str | Path | bytes | BinaryIO, *, sha256: str = "", public_key: str | Path = ""
    ) -> Segmenter:
        """Load a model file, read its contract and run its self-test on this machine.

        Args:
            source: the file's path, its content, a binary stream of it, or its repository on the Hugging Face
                Hub as ``hf://owner/name`` or ``hf://owner/name@revision`` (needs huggingface_hub), or its
                entry in MLflow as ``models:/name@alias`` or ``models:/name/version`` (needs mlflow).
            sha256: the only content to accept, as 64 hexadecimal digits; empty for any.
            public_key: the path of an elliptic-curve public key; the file must then have a signature by it,
                at its own path with ``.sig`` (needs model-signing).

        Raises:
            ArtifactError: when the file is missing, damaged, not one of this project, of another format, not
                the one with ``sha256``, changed since it was written (by its seal, or because its parts
                contradict each other), or fails its self-test with the installed onnxruntime.
        """
        file = open_checked(source, sha256=sha256, public_key=public_key)
        segmenter = cls(file.session, file.contract, file.content, file.graphs)
        run_self_test(file.contract, segmenter._run, runtime=ort.__version__)
        test_row_graphs(file.contract, segmenter._run, file.graphs, runtime=ort.__version__)
        return segmenter

    def renamed(self, names: Mapping[int, str]) -> Segmenter:
        """The same model with other names of segments, for people; a pickled one has those of the file.

        Args:
            names: id of a segment -> its name; the others keep theirs.
        """
        segments = (replace(each, name=names.get(each.id, each.name)) for each in self.contract.segments)
        contract = replace(self.contract, segments=tuple(segments))
        return type(self)(self._session, contract, self._content, self._graphs)

    def predict(self, /, **columns: Any) -> Answer:
        """Answer for one customer; an omitted column, ``None`` or NaN is unknown.

        Raises:
            InputError: for an unknown column or an invalid value.
        """
        found = self._one.simple(columns)
        return self.answer_one(check_row(self.contract, columns)) if found is None else found

    def warm_up(self) -> None:
        """Open and test what the first calls of ``predict`` and ``predict_many`` would, for services.

        Raises:
            ArtifactError: when another graph of the file answers differently from the one for many.
        """
        self._one.open()
        self._many.open()

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

    def answer_one(self, checked: Checked) -> Answer:
        """The answer of ``predict`` for one customer checked by ``inference.validation``."""
        return self._one.checked(checked.feeds) or self.answer(checked).row(0)

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer for rows checked by ``inference.validation``; invalid cells count as unknown."""
        if opinion:
            arrays, nothing = self._with_opinion(checked), self._many.nothing_known(checked.feeds)
        else:
            arrays, nothing = self._many.arrays(checked.feeds, checked.rows, _ASKED)
        return Answers(
            contract=self.contract,
            segment_id=arrays[SEGMENT_ID],
            probabilities=arrays[PROBABILITIES],
            complete=arrays[COMPLETE],
            nothing=nothing,
            distances=arrays[DISTANCES],
            novelty=arrays[NOVELTY],
            classifier_probabilities=arrays[CLASSIFIER_PROBABILITIES],
        )

    def values(self, checked: Checked, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Outputs of the graph by name, ``[N, ...]``, also those that only the file's contract describes.

        Raises:
            KeyError: for a name that is not an output with a value per row.
        """
        known = {output.name for output in self.contract.outputs if output.per_row}
        for name in names:
            if name not in known:
                raise KeyError(name)
        return self._in_chunks(checked.feeds, checked.rows, names)

    def brief(self, checked: Checked) -> Brief:
        """The same answers as ``answer`` without texts and distances, for files with many rows."""
        arrays, nothing = self._many.arrays(checked.feeds, checked.rows, _BRIEF)
        ids = arrays[SEGMENT_ID]
        return Brief(
            segment_id=ids,
            probability=chosen(arrays[PROBABILITIES], ids),
            complete=arrays[COMPLETE],
            nothing=nothing,
            novelty=arrays[NOVELTY],
        )

    def _in_chunks(self, feeds: Arrays, rows: int, outputs: Sequence[str]) -> Arrays:
        chunks = [
            self._run({name: feed[start : start + CHUNK_ROWS] for name, feed in feeds.items()}, outputs)
            for start in range(0, max(rows, 1), CHUNK_ROWS)
        ]
        if len(chunks) == 1:
            return chunks[0]
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in outputs}

    def _with_opinion(self, checked: Checked) -> Arrays:
        """Answers of calls with one more row that is incomplete, so that the classifier runs for all."""
        more = {name: np.concatenate([feed, _missing(feed)]) for name, feed in checked.feeds.items()}
        return {name: each[:-1] for name, each in self._in_chunks(more, checked.rows + 1, _ASKED).items()}

    def _run(self, feeds: Arrays, outputs: Sequence[str] = ANSWERS) -> Arrays:
        return dict(zip(outputs, self._session.run(list(outputs), feeds), strict=True))


def _missing(feed: NDArray[Any]) -> NDArray[Any]:
    return np.array([[""]], dtype=object) if feed.dtype == object else np.array([[np.nan]])
