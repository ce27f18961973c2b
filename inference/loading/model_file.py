"""Opens a model file: its content, its sessions, and whether it is one of this project's."""

from __future__ import annotations

import base64
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

import onnxruntime as ort

from inference.contract import METADATA_KEY, OUTPUTS, Contract
from inference.contract.parse import FLOAT_VARIANT_KEY
from inference.errors import ArtifactError, InputError
from inference.kinds.registry import kind_of
from inference.wording import quoted

LARGEST = 2**31 - 1  # bytes, as protobuf has it
_REBUILD = "write it again with `python -m trainer`"


def model_content(source: str | Path | bytes | BinaryIO) -> tuple[bytes, str | Path]:
    """A model file's content, and what errors call the file."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), "(bytes)"
    if isinstance(source, str) and source.startswith("hf://"):
        from inference.loading.hub import from_hub

        return from_hub(source), source
    if isinstance(source, str) and source.startswith("models:/"):
        from inference.loading.mlflow_registry import from_mlflow

        return from_mlflow(source), source
    path = source if isinstance(source, (str, Path)) else str(getattr(source, "name", "(stream)"))
    if not isinstance(source, (str, Path)) and not hasattr(source, "read"):
        raise ArtifactError(
            f"a model must be given by its path, its bytes or a binary stream, but it is {quoted(source)}"
        )
    try:
        content = _read(Path(source)) if isinstance(source, (str, Path)) else source.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArtifactError(f"no model file can be read at {str(path)!r} ({reason}); {_REBUILD}") from error
    if not isinstance(content, bytes):
        raise ArtifactError(
            f"the file {str(path)!r} must be read as bytes, but reading it gives {type(content).__name__}; "
            "open it with mode 'rb'"
        )
    return content, path


def _read(path: Path) -> bytes:
    """A regular file's content; another one, such as a pipe, could keep a reader waiting."""
    found = path.stat()
    if not S_ISREG(found.st_mode):
        raise OSError("it is not a regular file")
    if found.st_size > LARGEST:
        raise OSError(f"it has {found.st_size:,} bytes, more than an ONNX file can have")
    return path.read_bytes()


def check_sha256(content: bytes, path: str | Path, wanted: str) -> None:
    """Refuse another file before anything in it is read."""
    import hashlib

    found = hashlib.sha256(content).hexdigest()
    if found != wanted.lower():
        raise ArtifactError(
            f"the file {str(path)!r} must have the SHA-256 {wanted.lower()}, but it has {found}; use the "
            "file that was released, or the SHA-256 of this one"
        )


def open_session(content: bytes, path: str | Path) -> ort.InferenceSession:
    """Load a graph to run in the caller's thread only."""
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


def contract_text(session: ort.InferenceSession, path: str | Path) -> str:
    """The contract as JSON."""
    metadata = session.get_modelmeta().custom_metadata_map
    if FLOAT_VARIANT_KEY in metadata:
        raise ArtifactError(
            f"the file {str(path)!r} must be a model file as trained, but it is a float variant for "
            "databases, whose answers differ; load the model file that it was made from"
        )
    text = metadata.get(METADATA_KEY)
    if text is None:
        raise ArtifactError(
            f"the file {str(path)!r} must contain a contract under {METADATA_KEY!r}, but it has none and "
            f"was not written by this project's trainer; {_REBUILD}"
        )
    return str(text)


def check_kinds(contract: Contract, path: str | Path) -> None:
    """Refuse columns of a kind that is not known here."""
    for column in contract.columns:
        try:
            kind_of(column)
        except InputError as error:
            raise ArtifactError(
                f"the columns in {str(path)!r} must be of kinds that are known here, but of {column.name!r} "
                f"{error}; update this package, or train the model again with this version"
            ) from error


def check_signature(session: ort.InferenceSession, contract: Contract, path: str | Path) -> None:
    """Refuse a graph with other inputs or outputs than the contract says."""
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


def row_session(session: ort.InferenceSession, path: str | Path, key: str) -> ort.InferenceSession | None:
    """A small graph in the file's metadata; ``None`` in files without it."""
    text = session.get_modelmeta().custom_metadata_map.get(key)
    if text is None:
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ArtifactError(
            f"the file {str(path)!r} must hold a graph under {key!r}, but it is not base64; it is damaged; "
            f"{_REBUILD}"
        ) from error
    return open_session(content, path)
