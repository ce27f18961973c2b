"""Checks remembered customers by REST: saving, finding, following, the letter, erasing, and faults."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import jsonschema
import pytest
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from customers.webhooks.public_address import WebhookError, public_connection
from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.operations import OPERATIONS, Operation
from service.remember import customer_routes
from service.remember.remembered import Desk, Remembered
from service.remember.switch import routes_of
from service.rest import rest_api
from service.settings import Settings, StoreSettings
from service.thread_pools import WorkerPools

POOR = {"age": 31, "annual_income": 17, "spending_score": 40}
RICH = {"age": 31, "annual_income": 90, "spending_score": 90}
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cw=="


@pytest.fixture
def client(segmenter: Segmenter, tmp_path: Path) -> Iterator[TestClient]:
    """A client of an app that remembers customers in a new file."""
    yield from _client(segmenter, f"sqlite:///{tmp_path / 'customers.sqlite'}")


def _client(segmenter: Segmenter, url: str, **more: Any) -> Iterator[TestClient]:
    settings = Settings(store=StoreSettings(address=url, **more))
    predictor = Predictor(segmenter)
    desk = Desk(cast(StoreSettings, settings.store))
    remembered = Remembered(predictor, desk)
    offered: list[Operation | Route] = [*OPERATIONS, *routes_of(remembered)]
    rest = rest_api(predictor, settings, pools=WorkerPools.of(settings), operations=offered)
    with TestClient(Starlette(routes=[Mount("/v1", app=rest)])) as made:
        yield made
    desk.close()


def test_a_customer_is_saved_found_followed_and_erased(client: TestClient) -> None:
    first = client.put("/v1/customers/a 1", json=POOR).json()
    assert first["saved"] == {"new": 1, "updated": 0, "moved": 0, "unchanged": 0, "repeated": 0}
    second = client.put("/v1/customers/a 1", json=RICH).json()
    assert second["saved"]["moved"] == 1
    found = client.get("/v1/customers/a 1").json()
    assert (found["segment"], found["inputs"]) == (second["prediction"]["segment"], RICH)
    assert [each["cause"] for each in found["history"]] == ["first", "data"]
    events = client.get("/v1/customer-events").json()
    assert [each["to"] for each in events["events"]] == [each["to"] for each in found["history"]]
    assert client.get("/v1/customer-events", params={"after": events["next"]}).json()["events"] == []
    known = client.get("/v1/customers/a 1/export").json()
    assert known["customer"]["inputs"] == RICH
    assert len(known["history"]) == 2
    assert "Backups and replicas" in client.delete("/v1/customers/a 1").json()["note"]
    assert client.get("/v1/customers/a 1").status_code == 404
    assert client.get("/v1/customer-events").json()["events"] == []


def test_the_letter_says_data_rule_and_what_would_change_it(client: TestClient) -> None:
    client.put("/v1/customers/7", json=POOR)
    text = client.get("/v1/customers/7/letter").text
    assert "Annual income: 17 k$" in text
    assert "nearest to your data" in text
    assert "you would be counted among" in text
    page = client.get("/v1/customers/7/letter", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    client.put("/v1/customers/8", json={"age": 31})
    partial = client.get("/v1/customers/8/letter").text
    assert "Annual income and Spending score are not known of you" in partial


def test_pages_have_cursors_and_filters(client: TestClient) -> None:
    rows = [{"id": each, **(POOR if each % 2 else RICH)} for each in range(7)]
    saved = client.post("/v1/customers", json={"rows": rows}).json()
    assert saved["saved"]["new"] == 7
    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/v1/customers", params={"limit": 3, "after": after}).json()
        seen += [each["id"] for each in page["customers"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == [str(each) for each in range(7)]
    segment = client.get("/v1/customers/0").json()["segment"]
    rich = client.get("/v1/customers", params={"segment": segment}).json()["customers"]
    assert [each["id"] for each in rich] == ["0", "2", "4", "6"]
    assert client.get("/v1/customers", params={"segment": "nobody's"}).status_code == 422
    assert client.get("/v1/customers", params={"limit": "many"}).status_code == 422


def test_a_batch_that_is_sent_again_with_its_key_is_carried_out_once(client: TestClient) -> None:
    body = {"rows": [{"id": "1", **POOR}, {"id": "2", "spending_score": "much"}]}
    first = client.post("/v1/customers", json=body, headers={"Idempotency-Key": "k"}).json()
    client.delete("/v1/customers/1")
    again = client.post("/v1/customers", json=body, headers={"Idempotency-Key": "k"}).json()
    assert first == again
    assert first["errors"][0]["row"] == 1
    assert client.get("/v1/customers/1").status_code == 404
    other = client.post("/v1/customers", json={"rows": []}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 422


def test_movement_of_days_is_told(client: TestClient) -> None:
    client.put("/v1/customers/1", json=POOR)
    found = client.get("/v1/movement", params={"from": "2026-01-01", "to": "2999-01-01"}).json()
    assert sum(found["arrived"].values()) == 1
    assert client.get("/v1/movement", params={"from": "May", "to": "2999-01-01"}).status_code == 422
    assert client.get("/v1/movement", params={"from": "2999-01-02", "to": "2999-01-01"}).status_code == 422


@pytest.mark.parametrize("id_", ["x" * 201, "a\tb"])
def test_ids_that_cannot_be_are_refused(client: TestClient, id_: str) -> None:
    assert client.put(f"/v1/customers/{quote(id_)}", json=POOR).status_code == 422
    assert client.post("/v1/customers", json={"rows": [{"id": id_, **POOR}]}).status_code == 422


def test_wrong_values_are_refused_and_not_saved(client: TestClient) -> None:
    refused = client.put("/v1/customers/1", json={"annual_income": "much"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "annual_income"
    assert client.get("/v1/customers").json()["customers"] == []


def test_predictions_go_on_while_the_database_is_down(segmenter: Segmenter) -> None:
    for client in _client(segmenter, "postgresql://me:secret@127.0.0.1:1/none"):
        assert client.post("/v1/predict", json=POOR).status_code == 200
        refused = client.put("/v1/customers/1", json=POOR)
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert "see that it runs" in refused.json()["detail"]
        assert "secret" not in refused.text
        assert client.get("/v1/customers").status_code == 503


def test_without_a_store_the_routes_say_how_to_switch_it_on(segmenter: Segmenter) -> None:
    rest = rest_api(
        Predictor(segmenter), Settings(), pools=WorkerPools.of(Settings()), operations=routes_of(None)
    )
    client = TestClient(Starlette(routes=[Mount("/v1", app=rest)]))
    for path in ("/customers", "/customers/7", "/customers/7/letter", "/customer-events", "/movement"):
        answer = client.get(f"/v1{path}")
        assert answer.status_code == 404
        assert "STORE=on" in answer.json()["detail"]


def test_the_openapi_document_describes_every_route_and_an_answer_fits_it(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    own = {
        f"{route.method} {route.path}"
        for route in customer_routes.customer_routes(Any)  # type: ignore[arg-type]
    }
    described = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert own <= described
    client.put("/v1/customers/1", json=POOR)
    for path, name in (
        ("/customers", "/customers"),
        ("/customers/1", "/customers/{id}"),
        ("/customer-events",) * 2,
    ):
        schema = document["paths"][name]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(client.get(f"/v1{path}").json(), schema)


def test_every_route_is_also_known_when_the_store_is_off(client: TestClient) -> None:
    own = {route.path for route in customer_routes.customer_routes(Any)}  # type: ignore[arg-type]
    assert own == {route.path for route in routes_of(None)}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest",
        "https://localhost/hook",
        "https://user:word@example.org/hook",
        "ftp://example.org",
    ],
)
def test_a_webhook_calls_no_private_address(url: str) -> None:
    with pytest.raises(WebhookError):
        public_connection(url, timeout=1)


class _Hook(BaseHTTPRequestHandler):
    """Refuses the first two deliveries, and keeps the others."""

    seen: list[tuple[dict[str, str], bytes]] = []  # noqa: RUF012 - one for each test, see below
    refusals = 2
    enough = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if type(self).refusals:
            type(self).refusals -= 1
            self.send_response(503)
        else:
            type(self).seen.append((dict(self.headers.items()), body))
            self.send_response(204)
        self.end_headers()
        if len(type(self).seen) >= 2:
            type(self).enough.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_changes_are_delivered_signed_in_order_and_again_after_a_failure(
    segmenter: Segmenter, tmp_path: Path
) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hook = {
        "webhook_url": f"http://127.0.0.1:{server.server_port}/",
        "webhook_secret": SECRET,
        "webhook_private": True,
    }
    for client in _client(segmenter, f"sqlite:///{tmp_path / 'c.sqlite'}", **hook):
        client.put("/v1/customers/1", json=POOR)
        client.put("/v1/customers/1", json=RICH)
        assert _Hook.enough.wait(60)
    server.shutdown()
    server.server_close()
    bodies = [json.loads(body) for _, body in _Hook.seen]
    assert [each["data"]["cause"] for each in bodies] == ["first", "data"]
    assert {each["type"] for each in bodies} == {"segment_changed"}
    for headers, body in _Hook.seen:
        assert Webhook(SECRET).verify(body, headers)["data"]["id"] == "1"
