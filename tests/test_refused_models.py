"""Checks that a running app refuses a reload without its key, and a model that does not fit, and says why."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from inference import Segmenter
from inference.contract import METADATA_KEY
from service.settings import Settings, SettingsError
from tests.falsified import falsified
from tests.running_app import CUSTOMER, KEY, PUBLISHED, Running, put, running_app

pytestmark = pytest.mark.server


def test_only_the_key_opens_the_route(running: Running, published: Segmenter, segmenter: Segmenter) -> None:
    put(segmenter, running.path)
    wrong: list[dict[str, Any]] = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}]
    for given in wrong:
        for method in ("GET", "POST"):
            status, headers, answer = running.ask(method, "/v1/reload", **given)
            assert (status, headers["www-authenticate"]) == (401, "Bearer")
            assert "Authorization: Bearer KEY" in answer["detail"]
            assert KEY not in json.dumps(answer)
    assert running.version == published.fingerprint[:12]
    assert running.ask("GET", "/v1/reload", Authorization=f"Bearer {KEY}")[0] == 200
    assert set(running.ask("GET", "/v1/openapi.json")[2]["paths"]["/reload"]) == {"get", "post"}
    assert running.reload("?model=latest")[0] == running.reload("?columns=other")[0] == 422


def test_without_a_key_nobody_reloads(tmp_path: Path) -> None:
    with running_app(tmp_path, reload_key="") as started:
        for key in ("", KEY):
            status, answer = started.reload(key=key)
            assert status == 403
            assert "RELOAD_KEY must be set" in answer["detail"]
        assert "/reload" not in started.ask("GET", "/v1/openapi.json")[2]["paths"]


def test_a_short_key_is_refused_and_no_key_is_shown() -> None:
    with pytest.raises(SettingsError, match="at least 16 characters"):
        Settings(reload_key="short")
    assert KEY not in repr(Settings(reload_key=KEY))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no model", "must be an ONNX model"),
        (None, "no model file can be read"),
        (PUBLISHED.read_bytes()[:-200], "must"),
    ],
    ids=["damaged", "gone", "half"],
)
def test_a_bad_file_leaves_the_model_and_says_why(
    running: Running, published: Segmenter, content: bytes | None, sentence: str
) -> None:
    if content is None:
        running.path.unlink()
    else:
        running.path.write_bytes(content)
    status, answer = running.reload()
    assert status == 422
    assert sentence in answer["detail"]
    assert running.version == published.fingerprint[:12]
    told = running.ask("GET", "/v1/reload", Authorization=f"Bearer {KEY}")[2]
    assert sentence in told["problem"]
    assert running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())[0] == 200
    assert b"segmenter_model_reload_refused 1.0" in running.ask("GET", "/metrics")[2]


def test_a_model_that_fails_its_self_test_is_not_served(running: Running, published: Segmenter) -> None:
    """The same graph with other expected answers in its contract."""

    def change(document: dict[str, Any]) -> None:
        document["self_test"]["outputs"]["probabilities"][0][0] += 0.1

    running.path.write_bytes(falsified(published.content, change))
    status, answer = running.reload()
    assert status == 422
    assert "self-test" in answer["detail"]
    assert running.version == published.fingerprint[:12]


def test_a_model_of_other_columns_is_refused_unless_they_are_wanted(
    running: Running, published: Segmenter, one_column: Any
) -> None:
    model = renamed_column(one_column.model, "age", "years")
    running.path.write_bytes(model)
    status, answer = running.reload()
    assert status == 422
    assert "it does not know 'age'" in answer["detail"]
    assert "columns=any" in answer["detail"]
    assert running.version == published.fingerprint[:12]
    status, answer = running.reload("?columns=any")
    assert (status, answer["changed"]) == (200, True)
    assert running.ask("POST", "/v1/predict", b'{"years": 40}')[0] == 200
    assert running.ask("POST", "/v1/predict", b'{"age": 40}')[0] == 422
    info = running.ask("GET", "/gradio_api/info")[2]
    names = [each["parameter_name"] for each in info["named_endpoints"]["/predict"]["parameters"]]
    assert "years" in names
    assert "age" not in names


def renamed_column(content: bytes, old: str, new: str) -> bytes:
    """A model whose column has another name, in graph and contract."""
    import onnx

    model = onnx.load(io.BytesIO(content))
    for value in model.graph.input:
        if value.name == old:
            value.name = new
    rename_in(model.graph, old, new)
    kept = [each for each in model.metadata_props if each.key == METADATA_KEY]
    del model.metadata_props[:]  # also the small graphs, which would have to be changed as well
    model.metadata_props.extend(kept)

    def change(document: dict[str, Any]) -> None:
        for column in document["columns"]:
            column["name"] = new if column["name"] == old else column["name"]
        document["clustering"] = [new if name == old else name for name in document["clustering"]]
        inputs = document["self_test"]["inputs"]
        inputs[new] = inputs.pop(old)

    return falsified(model.SerializeToString(), change)


def rename_in(graph: Any, old: str, new: str) -> None:
    """Rename a value where nodes read it, also in the branches of an ``If``."""
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        for attribute in node.attribute:
            rename_in(attribute.g, old, new)


def test_a_pinned_model_stays(tmp_path: Path, published: Segmenter, segmenter: Segmenter) -> None:
    with running_app(tmp_path, model_sha256=published.fingerprint) as started:
        put(segmenter, started.path)
        status, answer = started.reload()
        assert status == 422
        assert "must have the SHA-256" in answer["detail"]
        assert started.version == published.fingerprint[:12]
