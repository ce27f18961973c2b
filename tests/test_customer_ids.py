"""Checks that every id a customer may have can be saved, found, read as a letter and erased by REST."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from customers.records import is_id
from inference import Segmenter
from service.api.api_predictions import Predictor
from service.remember.remembered import Desk, Remembered
from service.remember.switch import routes_of
from service.rest import rest_api
from service.settings import DEFAULT_MODEL, Settings, StoreSettings
from service.thread_pools import WorkerPools
from tests.browsing import served

POOR = {"age": 31, "annual_income": 17, "spending_score": 40}
IDS = [
    "7",
    "A/12",
    "/",
    "a//b",
    "7/letter",
    "customers",
    "a b",
    "a?b=c&d#e",
    "100%",
    "+",
    "Zoë",
    "名前",
    "a\\b",
    "<b>",
    "'; DROP TABLE customers; --",
    "-5",
    "=1+1",
    "..x",
    "x" * 200,
]


@pytest.fixture(scope="module")
def client(segmenter: Segmenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an app that remembers customers in a new file."""
    path = tmp_path_factory.mktemp("store") / "customers.sqlite"
    settings = Settings(store=StoreSettings(address=f"sqlite:///{path}"))
    assert settings.store is not None
    desk = Desk(settings.store)
    predictor = Predictor(segmenter)
    rest = rest_api(
        predictor,
        settings,
        pools=WorkerPools.of(settings),
        operations=routes_of(Remembered(predictor, desk)),
    )
    with TestClient(Starlette(routes=[Mount("/v1", app=rest)])) as made:
        yield made
    desk.close()


@pytest.mark.parametrize("id_", IDS)
def test_every_id_has_an_address(client: TestClient, id_: str) -> None:
    assert is_id(id_)
    path = f"/v1/customers/{quote(id_, safe='')}"
    assert client.put(path, json=POOR).json()["saved"]["new"] == 1
    assert client.get(path).json()["id"] == id_
    assert client.get(f"{path}/export").json()["customer"]["id"] == id_
    assert id_ in client.get(f"{path}/letter").text
    assert [
        each["id"] for each in client.get("/v1/customers", params={"search": id_}).json()["customers"]
    ] == [id_]
    assert client.delete(path).json()["erased"] is True
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/customers/a/b", "/v1/customers/a/letters", "/v1/customers/customers/a/b"]
)
def test_other_addresses_are_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["after", "search"])
def test_what_no_id_contains_is_refused(client: TestClient, name: str) -> None:
    assert client.get("/v1/customers", params={name: "a\x00"}).status_code == 422


def test_a_method_that_a_route_has_not_is_refused(client: TestClient) -> None:
    refused = client.post("/v1/customers/a%2Fb", json=POOR)
    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, GET, HEAD, PUT"
    assert client.delete("/v1/customers").headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("id_", ["..", ".", " a", "a ", "\u00e9\ufffd", "%FF"])
def test_an_id_that_would_not_come_back_is_refused(client: TestClient, id_: str) -> None:
    sent = id_ if id_ == "%FF" else quote(id_, safe="").replace(".", "%2E")
    answer = client.put(f"/v1/customers/{sent}", json=POOR)
    assert answer.status_code in (404, 405, 422)  # a client may shorten dots itself
    assert client.get("/v1/customers").json()["customers"] == []


@pytest.mark.server
def test_the_same_ids_have_addresses_on_the_real_server(tmp_path: Path) -> None:
    settings = Settings(store=StoreSettings(address=f"sqlite:///{tmp_path / 'c.sqlite'}"))
    with served(Segmenter.load(DEFAULT_MODEL), settings) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=60)
        for id_ in [*IDS, "%2F", "%252F"]:  # the test client decodes these twice
            path = f"/v1/customers/{quote(id_, safe='')}"
            connection.request("PUT", path, json.dumps(POOR), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["id"]) == (200, id_)
            connection.request("GET", path)
            assert json.loads(connection.getresponse().read())["id"] == id_
        connection.close()
