"""Opens a model file and refuses one that is damaged, was changed, or contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import onnxruntime as ort

from inference.contract import Contract
from inference.loading.check_contract import check_contract, check_copy, check_shapes
from inference.loading.detached_signature import check_signature_file
from inference.loading.model_file import (
    check_kinds,
    check_sha256,
    check_signature,
    contract_text,
    model_content,
    open_session,
)
from inference.loading.row_sessions import RowGraphs
from inference.loading.seal import check_seal, require_seal


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file whose parts fit together; its answers are not tested yet."""

    content: bytes
    session: ort.InferenceSession
    contract: Contract
    graphs: RowGraphs


def open_checked(
    source: str | Path | bytes | BinaryIO, *, sha256: str = "", public_key: str | Path = ""
) -> CheckedFile:
    """Read a model file and check everything but its answers; see ``Segmenter.load`` for ``source``.

    Args:
        sha256: the only content to accept; empty for any.
        public_key: of whoever must have signed the file; empty for anybody.

    Raises:
        ArtifactError: when it cannot be used.
    """
    content, path = model_content(source)
    if sha256:
        check_sha256(content, path, sha256)
    if public_key:
        check_signature_file(content, path, public_key=public_key)
    check_seal(content, path)  # before anything in the file is used
    session = open_session(content, path)
    contract = Contract.parse(contract_text(session, path))
    if contract.sealed:
        require_seal(content, path)
    check_kinds(contract, path)
    check_signature(session, contract, path)
    check_contract(contract, path)
    check_shapes(session, contract, path)
    check_copy(session, contract, path)
    return CheckedFile(
        content=content, session=session, contract=contract, graphs=RowGraphs.of(session, path)
    )
