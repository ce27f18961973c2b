"""The float variant of a model file, and how many answers it changes.

Databases that run ONNX themselves may have no double tensors. The variant computes in single precision, so a
value next to a threshold, or near two segments alike, may be decided differently. How often is counted with
rows for which both files are asked; the counts are in the variant's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import helper

from inference import InputError, Segmenter
from inference.contract import METADATA_KEY, PROBABILITIES, SEGMENT_ID
from inference.contract.parse import FLOAT_VARIANT_KEY
from inference.engines.float32.float_graph import float_graph
from inference.engines.float32.rows_in_range import rows_in_range
from inference.loading.model_file import contract_text, open_session
from inference.loading.seal import add_seal
from inference.loading.self_test import self_test_feeds
from inference.wording import counted, quoted_path

AT_ONCE = 8_192
VECTORS = "test_vectors.json"
KNOWN, GAPS = "drawn, all columns known", "drawn, a fifth of the cells missing"
_SAME = "No segment changed. Use this file where there are no double tensors, and the model file elsewhere."
_CHANGED = (
    "Single precision puts these values on the other side of a threshold. Where each answer must be that of "
    "the model file, use the statement of `python -m inference sql`, or score outside of the database."
)

Rows = dict[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How the float variant answered some rows, beside the model file.

    Attributes:
        rows: which ones.
        count: how many.
        segments_changed: how many got another segment.
        largest_probability_difference: of any segment in any row, to two digits.
    """

    rows: str
    count: int
    segments_changed: int
    largest_probability_difference: float

    def sentence(self) -> str:
        """The comparison in one line."""
        changed = self.segments_changed
        return (
            f"{counted(self.count, 'row')} ({self.rows}): {changed:,} ({changed / self.count:.3%}) "
            f"{'changes its' if changed == 1 else 'change their'} segment, probabilities differ by "
            f"{self.largest_probability_difference:.2g} at most"
        )


def float_variant(
    model: Segmenter, *, rows: int, seed: int, vectors: Path | None
) -> tuple[bytes, tuple[Compared, ...]]:
    """The content of the variant, sealed, and how its answers differ.

    Args:
        rows: how many to draw; every second one gets missing cells.
        vectors: a file of test vectors to ask, too.

    Raises:
        ArtifactError: when the graph does not fit single precision.
        InputError: when the vectors cannot be used.
    """
    session = open_session(model.content, "the model file")
    graph = float_graph(model.content)
    variant = open_session(graph.SerializeToString(), "the float variant")
    asked = _asked(model, rows, seed, vectors)
    found = tuple(_compared(title, each, session, variant) for title, each in asked)
    contract = contract_text(session, "the model file")
    helper.set_model_props(graph, {METADATA_KEY: contract, FLOAT_VARIANT_KEY: _mark(model, seed, found)})
    return add_seal(graph.SerializeToString(deterministic=True)), found


def advice(found: tuple[Compared, ...]) -> str:
    """What to do about the differences."""
    return _CHANGED if any(each.segments_changed for each in found) else _SAME


def _mark(model: Segmenter, seed: int, found: tuple[Compared, ...]) -> str:
    """What the variant is, for its metadata, as JSON."""
    entries = {
        "precision": "float32",
        "made_from": model.fingerprint,
        "onnxruntime": ort.__version__,
        "seed": seed,
        "compared": [asdict(each) for each in found],
    }
    return json.dumps(entries)


def _asked(model: Segmenter, rows: int, seed: int, vectors: Path | None) -> Iterator[tuple[str, Rows]]:
    if vectors is not None:
        yield "test vectors", _read_vectors(model, vectors)
    rng = np.random.default_rng(seed)
    for title, count, gaps in ((KNOWN, rows - rows // 2, False), (GAPS, rows // 2, True)):
        if count:
            yield title, rows_in_range(model.contract, count, rng, gaps=gaps)


def _read_vectors(model: Segmenter, path: Path) -> Rows:
    """The inputs of a file of test vectors.

    Raises:
        InputError: when it is not one for this model.
    """
    try:
        inputs = json.loads(path.read_text(encoding="utf-8"))["inputs"]
        feeds = self_test_feeds(model.contract, inputs)
        lengths = {len(cells) for cells in feeds.values()}
        if len(lengths) != 1 or lengths == {0}:
            raise ValueError("no rows, or columns of different lengths")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{quoted_path(path)} must hold the test vectors of this model, but reading it failed on "
            f"{type(error).__name__}; name its own file"
        ) from error
    return feeds


def _compared(title: str, rows: Rows, exact: ort.InferenceSession, variant: ort.InferenceSession) -> Compared:
    ids, chances = _answers(exact, rows)
    other_ids, other_chances = _answers(variant, {name: _rounded(cells) for name, cells in rows.items()})
    difference = float(np.max(np.abs(chances - other_chances)))
    return Compared(
        rows=title,
        count=len(ids),
        segments_changed=int((ids != other_ids).sum()),
        largest_probability_difference=float(f"{difference:.2g}"),
    )


def _rounded(cells: NDArray[Any]) -> NDArray[Any]:
    return cells if cells.dtype == object else cells.astype(np.float32)


def _answers(
    session: ort.InferenceSession, rows: Mapping[str, NDArray[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Segments ``[N]`` and probabilities ``[N, K]``, a few rows at a time."""
    count = len(next(iter(rows.values())))
    parts = [
        session.run(
            [SEGMENT_ID, PROBABILITIES],
            {name: cells[start : start + AT_ONCE] for name, cells in rows.items()},
        )
        for start in range(0, count, AT_ONCE)
    ]
    ids, chances = (np.concatenate(each) for each in zip(*parts, strict=True))
    return ids, chances
