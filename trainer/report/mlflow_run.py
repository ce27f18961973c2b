"""Logs a finished run to MLflow: parameters, metrics, figures, card and the registered ONNX model.

Everything comes from the artifacts, so nothing is logged that they do not hold: no customer's row. The input
example is made up from the contract: each column's median, or its most frequent category.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Contract, Segmenter
from inference.contract import CATEGORY
from inference.errors import InputError
from inference.kinds.registry import kind_of
from inference.loading.mlflow_registry import SHA256
from inference.wording import quoted
from trainer.report.artifacts import CARD, COMPARISON, FIGURES, MODEL, REPORT, VECTORS

ALIAS = "champion"
EXPERIMENT = "customer-segmentation"
LONGEST_PARAMETER = 500  # characters, of any server
_NAME = re.compile(r"[^/:@.]+")
_NOT_IN_NAME = re.compile(r"[/:@.]+")
_ALIAS = re.compile(r"[A-Za-z][\w-]*")
_TYPES = {"string": np.dtype("str"), "int64": np.dtype("int64"), "bool": np.dtype("bool")}
_TYPES |= {"float": np.dtype("float32"), "double": np.dtype("float64")}


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """Where runs are logged.

    Attributes:
        uri: of the server; empty: the one of ``MLFLOW_TRACKING_URI``.
        name: of the registered model; empty: the name in the contract.
        alias: that the new version gets.
    """

    uri: str = ""
    name: str = ""
    alias: str = ALIAS

    def __post_init__(self) -> None:
        if (self.name and not _NAME.fullmatch(self.name)) or not _ALIAS.fullmatch(self.alias):
            raise InputError(
                "a registered model must be NAME@ALIAS, without / : . or a second @, but it is "
                f"{quoted(f'{self.name}@{self.alias}')}"
            )

    def check(self) -> None:
        """Find out before a run whether it could be logged.

        Raises:
            InputError: without mlflow, or when the server does not answer.
        """
        mlflow = _mlflow()
        if self.uri:
            mlflow.set_tracking_uri(self.uri)
        _asked(lambda: mlflow.MlflowClient().search_experiments(max_results=1))

    def log(self, folder: Path) -> str:
        """Log the artifacts in a folder; returns the address of the registered model.

        Raises:
            InputError: when the server does not take them.
        """
        mlflow = _mlflow()
        if self.uri:
            mlflow.set_tracking_uri(self.uri)
        return str(_asked(lambda: self._log(mlflow, folder)))

    def _log(self, mlflow: Any, folder: Path) -> str:
        segmenter = Segmenter.load(folder / MODEL)
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        card = (folder / CARD).read_text(encoding="utf-8")
        name = self.name or _NOT_IN_NAME.sub("-", segmenter.contract.name)
        mlflow.set_experiment(EXPERIMENT)
        with mlflow.start_run(run_name=segmenter.contract.name):
            mlflow.log_params(parameters(report, segmenter))
            mlflow.log_metrics(metrics(report))
            mlflow.set_tag(SHA256, segmenter.fingerprint)
            mlflow.set_tag("mlflow.note.content", card)
            for each in (CARD, REPORT, VECTORS, COMPARISON):
                if (folder / each).exists():  # only a retrained model was compared
                    mlflow.log_artifact(str(folder / each))
            mlflow.log_artifacts(str(folder / FIGURES), FIGURES)
            version = self._register(mlflow, segmenter, name)
        client = mlflow.MlflowClient()
        client.set_model_version_tag(name, version, SHA256, segmenter.fingerprint)
        client.set_registered_model_alias(name, self.alias, version)
        return f"models:/{name}/{version}"

    def _register(self, mlflow: Any, segmenter: Segmenter, name: str) -> str:
        """Log the model file, byte for byte, with signature and input example; returns its version."""
        with tempfile.TemporaryDirectory() as kept:
            path = Path(kept) / MODEL
            path.write_bytes(segmenter.content)
            logged = mlflow.models.Model.log(
                artifact_path=None,
                name="model",
                flavor=_Flavor(path),
                registered_model_name=name,
                signature=signature(segmenter.contract),
                input_example=input_example(segmenter.contract),
            )
        return str(logged.registered_model_version)


class _Flavor:
    """MLflow's own ONNX flavour, with the file as it is: read and written again, its bytes could differ."""

    __name__ = "onnx"

    def __init__(self, path: Path) -> None:
        self._path = path

    def save_model(self, *, path: str, **given: Any) -> None:
        """Save what MLflow wants to have around the file, then the file."""
        import mlflow.onnx
        import onnx
        import onnxruntime

        mlflow.onnx.save_model(
            onnx.load(self._path),
            path=path,
            pip_requirements=[f"onnxruntime=={onnxruntime.__version__}", f"numpy=={np.__version__}"],
            save_as_external_data=False,
            **given,
        )
        (Path(path) / MODEL).write_bytes(self._path.read_bytes())


def parameters(report: Mapping[str, Any], segmenter: Segmenter) -> dict[str, str]:
    """The settings of a run and what was decided; values are shortened to what any server takes."""
    found = dict(_scalars("", report["config"]))
    found |= {
        "segments": report["choice"]["k"],
        "kind": report["choice"]["kind"],
        "chosen_by": report["choice"]["chosen_by"],
        "clustering": ", ".join(report["clustering"]),
        "classifier.chosen": report["classifier"]["chosen"],
        "data.sha256": report["data"]["sha256"],
        "data.rows": report["data"]["rows"],
        "model.sha256": segmenter.fingerprint,
    }
    found |= {f"versions.{name}": version for name, version in report["versions"].items()}
    return {_key(name): str(value)[:LONGEST_PARAMETER] for name, value in found.items()}


def metrics(report: Mapping[str, Any]) -> dict[str, float]:
    """The figures of the chosen number of segments, and of the chosen classifier by missing pattern."""
    choice = report["choice"]
    row = next(each for each in choice["table"] if each["k"] == choice["k"])
    found: dict[str, Any] = {f"choice.{name}": value for name, value in row.items()}
    found["choice.p_value"] = choice["p_value"]
    for judged in report["evaluation"]["classifiers"][report["classifier"]["chosen"]]:
        missing = " and ".join(judged["missing"])
        pattern = f"without {missing}" if missing else "complete"
        for kind in ("fidelity", "cross"):
            found |= {f"{kind}.{pattern}.{name}": value for name, value in judged[kind].items()}
    found["verification.rows"] = report["verification"]["rows"]
    found |= {f"share.{each['name']}": each["share"] for each in report["segments"]}
    return {_key(name): float(value) for name, value in found.items() if _finite(value)}


def signature(contract: Contract) -> Any:
    """The graph's inputs and outputs as MLflow's tensors; ``N`` rows are any number."""
    from mlflow.models import ModelSignature
    from mlflow.types.schema import Schema, TensorSpec

    inputs = [TensorSpec(_feed_type(feed), (-1, 1), name) for name, feed in input_example(contract).items()]
    outputs = [
        TensorSpec(_TYPES[each.type], tuple(_size(contract, size) for size in each.dimensions), each.name)
        for each in contract.outputs
    ]
    return ModelSignature(inputs=Schema(inputs), outputs=Schema(outputs))


def input_example(contract: Contract) -> dict[str, NDArray[Any]]:
    """A customer nobody is, as the graph's inputs ``[1, 1]``: medians and most frequent categories."""
    made = {}
    for column in contract.columns:
        value: object = None
        if column.kind == CATEGORY:
            counts = contract.histograms.category(column.name) if contract.histograms else {}
            value = max(counts, key=counts.__getitem__, default="")
        elif column.quantiles:
            value = column.quantiles[min(column.quantiles, key=lambda level: abs(level - 0.5))]
        feed = kind_of(column).feed([value])
        made[column.name] = feed.astype(str) if feed.dtype == object else feed
    return made


def _feed_type(feed: NDArray[Any]) -> np.dtype[Any]:
    return np.dtype("str") if feed.dtype.kind in "UO" else feed.dtype


def _size(contract: Contract, size: object) -> int:
    if isinstance(size, int):
        return size
    return {"K": len(contract.segments)}.get(str(size), -1)


def _scalars(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of nested settings by their path."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _scalars(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", value


def _finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _key(name: str) -> str:
    """A name that any server takes."""
    return re.sub(r"[^\w\-. /]", "_", name, flags=re.ASCII)


def _mlflow() -> Any:
    try:
        import mlflow
        import mlflow.models
    except ModuleNotFoundError as error:
        raise InputError(
            f"mlflow must be installed to log a run, but {quoted(error.name)} is not; install it (see "
            "requirements/mlflow.txt), or unset MLFLOW_TRACKING_URI"
        ) from error
    return mlflow


def _asked(ask: Any) -> Any:
    """What the server answers."""
    from mlflow.exceptions import MlflowException

    try:
        return ask()
    except (MlflowException, OSError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise InputError(
            f"MLflow must take the run, but it reports: {reason}; check MLFLOW_TRACKING_URI or --mlflow"
        ) from error
