"""Whether the values of a contract can be true: a file whose parts contradict each other is refused.

The self-test proves that the graph answers as in training; these checks are about what is said of its
answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import onnxruntime as ort

from inference.contract import CONTRACT, OUTPUT_TABLE, PROBABILITIES, SEGMENT, SEGMENT_ID, Contract
from inference.contract.outputs import SEGMENTS
from inference.errors import ArtifactError
from inference.loading.self_test import self_test_feeds
from inference.wording import quoted

SHARES_TOLERANCE = 0.02  # of the sum of the segments' shares, which are rounded


def check_contract(contract: Contract, path: str | Path) -> None:
    """Refuse a contract with values that cannot be true.

    Raises:
        ArtifactError: with the first of them.
    """
    try:
        problem = next((each for check in _CHECKS for each in check(contract)), "")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        problem = f"must have values of the right types, but reading them failed on {error!r}"
    if problem:
        raise ArtifactError(
            f"the contract in {str(path)!r} {problem}: it was changed after training; write it again with "
            "`python -m trainer`"
        )


def check_shapes(session: ort.InferenceSession, contract: Contract, path: str | Path) -> None:
    """Refuse a graph that answers for another number of segments than its contract names.

    Raises:
        ArtifactError: with the output.
    """
    known = {output.name for output in OUTPUT_TABLE if SEGMENTS in output.dimensions}
    for output in session.get_outputs():
        width = output.shape[-1] if output.name in known and output.shape else None
        if isinstance(width, int) and width != len(contract.segments):
            raise ArtifactError(
                f"the graph in {str(path)!r} must answer for the {len(contract.segments)} segments of its "
                f"contract, but {output.name!r} has {width}: it was changed after training; write it again "
                "with `python -m trainer`"
            )


def check_copy(session: ort.InferenceSession, contract: Contract, path: str | Path) -> None:
    """Refuse a file whose two copies of the contract differ: the metadata's, and the graph's own output.

    Raises:
        ArtifactError: when they do.
    """
    if contract.self_test is None or all(output.name != CONTRACT for output in contract.outputs):
        return
    first = {name: cells[:1] for name, cells in contract.self_test.inputs.items()}
    ((copy,),) = session.run([CONTRACT], self_test_feeds(contract, first))
    if copy != contract.text:
        raise ArtifactError(
            f"both copies of the contract in {str(path)!r} must be the same, but they are not: it was "
            "changed after training; write it again with `python -m trainer`"
        )


def _columns(contract: Contract) -> Iterator[str]:
    names = contract.names
    if not names or len(set(names)) < len(names):
        yield f"must name each of its columns once, but it names {quoted(list(names))}"
    known = {*names, *(feature.name for feature in contract.features)}
    unknown = [name for name in contract.clustering if name not in known]
    if unknown or not contract.clustering:
        found = quoted(list(contract.clustering))
        yield f"must cluster by its columns and features, but it clusters by {found}"
    for column in contract.columns:
        limits = column.range
        if limits is not None and not limits[0] <= limits[1]:
            yield f"must have a range from low to high for {quoted(column.name)}, but it has {limits}"


def _segments(contract: Contract) -> Iterator[str]:
    names, ids = contract.segment_names, [segment.id for segment in contract.segments]
    if ids != list(range(len(ids))) or not ids:
        yield f"must number its segments 0, 1, 2, ..., but it has the ids {quoted(ids)}"
    if len(set(names)) < len(names) or not all(names):
        yield f"must give each segment a name of its own, but it has {quoted(list(names))}"
    shares = [segment.share for segment in contract.segments]
    if not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > SHARES_TOLERANCE:
        yield f"must have shares of the segments that add up to 1, but it has {quoted(shares)}"
    if not all(segment.size >= 0 for segment in contract.segments):
        yield "must have segments of zero or more customers, but one has fewer"


def _thresholds(contract: Contract) -> Iterator[str]:
    limits = contract.thresholds
    if not 0 <= limits.answer_probability <= 1:
        yield f"must have an answer_probability from 0 to 1, but it is {limits.answer_probability}"
    if not (math.isfinite(limits.novelty) and limits.novelty > 0):
        yield f"must have a novelty threshold above 0, but it is {limits.novelty}"
    far = limits.far_distances
    fits = len(far) == len(contract.segments) and all(0 <= each < math.inf for each in far)
    if far and not fits:
        yield f"must have a far distance of 0 or more per segment, but it has {quoted(list(far))}"


def _self_test(contract: Contract) -> Iterator[str]:
    test = contract.self_test
    if test is None:
        yield "must contain a self-test, but it has none"
        return
    rows = {len(cells) for cells in (*test.inputs.values(), *test.outputs.values())}
    if set(test.inputs) != set(contract.names) or len(rows) != 1 or rows == {0}:
        yield "must have a self-test with rows of every column, but it has not"
        return
    for name in (SEGMENT, SEGMENT_ID, PROBABILITIES):
        if name not in test.outputs:
            yield f"must have a self-test of {name!r}, but it has none"
            return
    for segment_id, name in zip(test.outputs[SEGMENT_ID], test.outputs[SEGMENT], strict=True):
        if not 0 <= segment_id < len(contract.segments) or contract.segment_names[segment_id] != name:
            yield f"must call segment {segment_id} {quoted(name)}, as its self-test does, but it does not"


_CHECKS = (_columns, _segments, _thresholds, _self_test)
