"""Checks that a running app takes another model: each answer is of one model, a bad file changes nothing."""

from __future__ import annotations

import gc
import http.client
import io
import json
import shutil
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from app import build_app
from inference import Segmenter
from inference.contract import METADATA_KEY
from service.api.api_predictions import Predictor
from service.models.file_watch import FileWatch, state_of
from service.models.reloading import previous_path
from service.server import Site
from service.settings import Settings, SettingsError, StoreSettings
from tests.conftest import ROOT
from tests.falsified import falsified
from tests.free_port import free_port

pytestmark = pytest.mark.server

KEY = "a key that nobody would guess".replace(" ", "-")
CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
PARTIAL = {"age": 52, "annual_income": 80}
RELOADS, CONNECTIONS = 20, 16
PUBLISHED = ROOT / "artifacts" / "model.onnx"


class Running:
    """The app in this process, with a model file of its own that a test may replace."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.path = folder / "artifacts" / "model.onnx"
        self.path.parent.mkdir()
        shutil.copy(PUBLISHED, self.path)
        port = free_port()
        given = {"host": "127.0.0.1", "port": port, "model_path": self.path, "reload_key": KEY, **settings}
        self.site: Site = build_app(Settings(**given))
        self.url = self.site.launch(prevent_thread_lock=True, quiet=True)
        self.port = port

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: Any
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            return asked(connection, method, path, body, **headers)
        finally:
            connection.close()

    def reload(self, query: str = "", key: str = KEY) -> tuple[int, Any]:
        """Ask for the model file as it is now."""
        status, _, answer = self.ask("POST", f"/v1/reload{query}", Authorization=f"Bearer {key}")
        return status, answer

    @property
    def version(self) -> str:
        """Of the model that answers."""
        return str(self.ask("GET", "/v1/health")[2]["model_version"])


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Status, headers (lower case) and JSON of an answer."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    content = answer.read()
    found = {name.lower(): text for name, text in answer.getheaders()}
    plain = json.loads(content) if "json" in found.get("content-type", "") else content
    return answer.status, found, plain


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The app about the published model."""
    started = Running(tmp_path)
    yield started
    started.site.close()


@pytest.fixture(scope="module")
def other(model_path: Path) -> Segmenter:
    """Another model of the same columns."""
    found = Segmenter.load(model_path)
    assert found.fingerprint != Segmenter.load(PUBLISHED).fingerprint
    return found


def put(segmenter: Segmenter, path: Path) -> None:
    """Replace a file in one step, as the trainer does."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(segmenter.content)
    fresh.replace(path)


def test_every_interface_follows_a_new_model(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    client = Client(running.url, verbose=False, ssl_verify=False)
    before = client.predict(**CUSTOMER, api_name="/predict")
    assert before["model_version"] == published.fingerprint[:12] == running.version
    put(other, running.path)
    assert running.version == published.fingerprint[:12]  # nobody asked yet
    status, told = running.reload()
    assert (status, told["changed"], told["problem"]) == (200, True, "")
    assert told["model_sha256"] == other.fingerprint
    assert told["previous_sha256"] == published.fingerprint

    version = other.fingerprint[:12]
    expected = Predictor(other)
    _, headers, answer = running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert headers["x-model-version"] == version
    assert answer == expected.predict(CUSTOMER)
    assert running.ask("GET", "/v1/model")[2] == expected.model()
    assert running.ask("GET", "/v1/ready")[2] == {"status": "ready", "model_version": version}
    document = running.ask("GET", "/v1/openapi.json")[2]
    example = document["paths"]["/predict"]["post"]["responses"]["200"]["content"]["application/json"]
    assert example["example"]["model_version"] == version
    assert running.ask("GET", "/v1/monitoring")[2]["model_version"] == version
    assert version in running.ask("GET", "/metrics")[2].decode()
    assert client.predict(**CUSTOMER, api_name="/predict")["model_version"] == version
    assert tool(running, "predict_segment", CUSTOMER)["model_version"] == version
    page = running.ask("GET", "/")[2].decode()
    assert other.fingerprint in page
    assert published.fingerprint not in page
    assert running.reload()[1]["changed"] is False


def tool(running: Running, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What an MCP tool answers."""
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }
    _, _, answer = running.ask(
        "POST",
        "/gradio_api/mcp/",
        json.dumps(call).encode(),
        Accept="application/json, text/event-stream",
    )
    found: dict[str, Any] = answer["result"]["structuredContent"]
    return found


def test_counts_start_anew_for_a_new_model_and_go_on_for_the_one_before(
    running: Running, other: Segmenter
) -> None:
    for _ in range(3):
        running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 3
    put(other, running.path)
    running.reload()
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 0
    running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 1
    assert running.reload("?model=previous")[0] == 200
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 3


def test_the_model_before_is_one_request_away(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    status, answer = running.reload("?model=previous")
    assert status == 422
    assert "none was served since the start" in answer["detail"]
    put(other, running.path)
    running.reload()
    status, answer = running.reload("?model=previous")
    assert (status, answer["model_sha256"]) == (200, published.fingerprint)
    assert answer["previous_sha256"] == other.fingerprint
    assert running.version == published.fingerprint[:12]


def test_the_folder_that_the_trainer_kept_is_the_model_before(running: Running, other: Segmenter) -> None:
    kept = previous_path(running.path)
    kept.parent.mkdir()
    kept.write_bytes(other.content)
    assert running.reload("?model=previous")[1]["model_sha256"] == other.fingerprint


def test_only_the_key_opens_the_route(running: Running, published: Segmenter, other: Segmenter) -> None:
    put(other, running.path)
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
    started = Running(tmp_path, reload_key="")
    try:
        for key in ("", KEY):
            status, answer = started.reload(key=key)
            assert status == 403
            assert "RELOAD_KEY must be set" in answer["detail"]
        assert "/reload" not in started.ask("GET", "/v1/openapi.json")[2]["paths"]
    finally:
        started.site.close()


def test_remembered_customers_follow_the_new_model(
    tmp_path: Path, published: Segmenter, other: Segmenter
) -> None:
    started = Running(tmp_path, store=StoreSettings(address=f"sqlite:///{tmp_path}/customers.db"))
    try:
        body = json.dumps(CUSTOMER).encode()
        assert started.ask("PUT", "/v1/customers/7", body)[0] == 200
        put(other, started.path)
        assert started.reload()[1]["changed"] is True
        assert started.ask("PUT", "/v1/customers/7", body)[0] == 200
        exported = started.ask("GET", "/v1/customers/7/export")[2]
        assert other.fingerprint[:12] in json.dumps(exported)
        assert published.fingerprint[:12] in json.dumps(exported)
    finally:
        started.site.close()


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


def test_the_file_is_watched_and_taken_when_it_is_complete(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    watch = FileWatch(running.path, running.site.reloading, every=60)
    watch.look()
    running.path.write_bytes(other.content[:1000])
    watch.look()
    running.path.write_bytes(other.content)  # still being written between two looks
    watch.look()
    assert running.version == published.fingerprint[:12]
    assert running.site.reloading.problem == ""
    watch.look()
    assert running.version == other.fingerprint[:12]
    running.path.write_bytes(b"no model")
    watch.look()
    watch.look()
    assert "ONNX model" in running.site.reloading.problem
    assert running.version == other.fingerprint[:12]
    running.path.unlink()
    watch.look()
    assert state_of(running.path) is None


def test_the_setting_starts_the_watch(tmp_path: Path, other: Segmenter) -> None:
    started = Running(tmp_path, model_watch=1)
    try:
        put(other, started.path)
        deadline = time.monotonic() + 30
        while started.version != other.fingerprint[:12]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        started.site.close()


def test_a_pinned_model_stays(tmp_path: Path, published: Segmenter, other: Segmenter) -> None:
    started = Running(tmp_path, model_sha256=published.fingerprint)
    try:
        put(other, started.path)
        status, answer = started.reload()
        assert status == 422
        assert "must have the SHA-256" in answer["detail"]
        assert started.version == published.fingerprint[:12]
    finally:
        started.site.close()


def test_an_answer_that_has_begun_ends_on_its_model(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    """A body that arrives in two parts, with a reload in between."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    body = json.dumps(CUSTOMER).encode()
    connection.putrequest("POST", "/v1/predict")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:10])
    time.sleep(0.3)
    put(other, running.path)
    assert running.reload()[1]["changed"] is True
    connection.send(body[10:])
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.getheader("X-Model-Version") == published.fingerprint[:12]
    assert json.load(answer) == Predictor(published).predict(CUSTOMER)
    connection.close()


def test_a_page_opened_before_asks_to_be_loaded_again(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    events = running.ask("GET", "/config")[2]["dependencies"]
    show = next(each for each in events if len(each["inputs"]) == 2 and len(each["outputs"]) == 6)

    def shown(fingerprint: str) -> str:
        body = {"fn_index": show["id"], "data": [fingerprint, CUSTOMER], "session_hash": "opened-before"}
        status, _, answer = running.ask("POST", "/gradio_api/run/predict", json.dumps(body).encode())
        assert status == 200
        return json.dumps(answer["data"])

    assert "A new model answers now" not in shown(published.fingerprint)
    put(other, running.path)
    running.reload()
    assert "A new model answers now" in shown(published.fingerprint)
    assert "annual_income=17" in shown(published.fingerprint)
    assert "A new model answers now" not in shown(other.fingerprint)


def test_a_model_that_was_replaced_is_given_back(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    replaced = []
    for turn in range(4):
        put(other if turn % 2 == 0 else published, running.path)
        running.ask("GET", "/gradio_api/info")
        running.reload()
        now = running.site.reloading.now.model
        replaced += [weakref.ref(now.segmenter), weakref.ref(now.page)]
    running.reload()
    gc.collect()
    gone: list[bool] = [each() is None for each in replaced]  # type: ignore[operator]
    assert gone == [True] * 6 + [False] * 2


def test_twenty_reloads_under_load_fail_no_request_and_mix_no_models(
    running: Running, published: Segmenter, other: Segmenter
) -> None:
    models = {each.fingerprint[:12]: Predictor(each) for each in (published, other)}
    rows = [CUSTOMER, PARTIAL, {"age": 999}]
    expected = {
        version: {
            "/v1/predict": each.predict(CUSTOMER),
            "/v1/predict/batch": each.predict_many(rows),
            "/v1/explain": each.explain(CUSTOMER),
            "/v1/model": each.model(),
            "/gradio_api/run/predict": each.predict(CUSTOMER),
        }
        for version, each in models.items()
    }
    bodies = {
        "/v1/predict": CUSTOMER,
        "/v1/predict/batch": {"rows": rows},
        "/v1/explain": CUSTOMER,
        "/v1/model": None,
        "/gradio_api/run/predict": {"data": [CUSTOMER[name] for name in published.contract.names]},
    }
    faults: list[str] = []
    seen: Counter[str] = Counter()
    stop = threading.Event()

    def keep_asking(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        paths = list(bodies)[number % 2 :: 2] if number % 4 else ["/v1/predict"]
        turn = 0
        while not stop.is_set():
            path = paths[turn % len(paths)]
            turn += 1
            sent = bodies[path]
            try:
                status, headers, answer = asked(
                    connection,
                    "GET" if sent is None else "POST",
                    path,
                    None if sent is None else json.dumps(sent).encode(),
                )
            except Exception as error:
                faults.append(f"{path}: {error!r}")
                return
            if status != 200:
                faults.append(f"{path}: {status} {answer}")
                continue
            got = answer["data"][0] if path.startswith("/gradio_api") else answer
            version = got["model_version"]
            if path.startswith("/v1") and headers["x-model-version"] != version:
                faults.append(f"{path}: header and body differ")
            if got != json.loads(json.dumps(expected[version][path])):
                faults.append(f"{path}: not the answer of {version}")
            seen[version] += 1
        connection.close()

    threads = [threading.Thread(target=keep_asking, args=(number,)) for number in range(CONNECTIONS)]
    for each in threads:
        each.start()
    try:
        for turn in range(RELOADS):
            put(other if turn % 2 == 0 else published, running.path)
            status, told = running.reload()
            assert (status, told["changed"]) == (200, True)
            time.sleep(0.1)
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert not faults, faults[:5]
    assert min(seen[version] for version in models) > CONNECTIONS
