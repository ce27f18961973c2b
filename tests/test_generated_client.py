"""Calls every operation with a client that openapi-python-client generated, in an environment of its own.

``just clients`` runs it. The app is a process of the other environment, with a store and with keys, so that
the document has all operations.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.app_process import ROOT, served

pytestmark = pytest.mark.clients

CUSTOMER = {"age": 31, "annual_income": 17, "spending_score": 40}
TABLE = ROOT / "trainer" / "data" / "mall_customers.csv"
LINES = b"age,annual_income,spending_score\n31,17,40\n"


@dataclass
class Generated:
    """The generated package, its client, and the document it was made from."""

    client: Any
    document: dict[str, Any]
    warnings: str

    @property
    def operations(self) -> dict[str, tuple[str, str]]:
        """Operation -> its tag and its module in the package."""
        return {
            each["operationId"]: (each["tags"][0], _snake(each["operationId"]))
            for path in self.document["paths"].values()
            for each in path.values()
        }

    def call(self, name: str, **arguments: Any) -> Any:
        """The parsed answer of an operation, which must be a success."""
        tag, module = self.operations[name]
        answer = importlib.import_module(f"generated.api.{tag}.{module}").sync_detailed(
            client=self.client, **arguments
        )
        assert answer.status_code in (200, 202), (name, answer.content[:500])
        return answer.parsed if answer.parsed is not None else answer.content

    def model(self, name: str) -> Any:
        """A class of the package."""
        return getattr(importlib.import_module("generated.models"), name)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """A client of the served app."""
    folder = tmp_path_factory.mktemp("generated")
    python = os.environ["APP_PYTHON"]
    made = subprocess.run(
        [python, "-m", "service.settings", "tests", "predict,customers,train,admin"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (entry,) = re.findall(r"\S+:\S+:[0-9a-f]{64}", made)
    (key,) = re.findall(r"(?m)\b[\w-]{40,}$", made.replace(entry, ""))
    variables = {"API_KEYS": entry, "STORE": "on", "STORE_PATH": str(folder / "customers.sqlite")}
    with served(**variables) as address:
        url = f"{address}/v1"
        with urllib.request.urlopen(f"{url}/openapi.json") as answer:  # noqa: S310 - loopback
            document = json.load(answer)
        source = folder / "openapi.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        program = Path(sys.executable).with_name("openapi-python-client")
        command: list[str | Path] = [
            program,
            "generate",
            "--path",
            source,
            "--output-path",
            folder / "generated",
            "--meta",
            "none",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        sys.path.insert(0, str(folder))
        client = importlib.import_module("generated").AuthenticatedClient(base_url=url, token=key)
        yield Generated(client, document, done.stdout + done.stderr)


def test_every_operation_is_called_with_typed_values(generated: Generated) -> None:
    call, model = generated.call, generated.model
    customer = model("Customer").from_dict(CUSTOMER)
    called = set()

    def ask(name: str, **arguments: Any) -> Any:
        called.add(name)
        return call(name, **arguments)

    segment = ask("predict", body=customer).segment
    batch = ask("predictBatch", body=model("Batch").from_dict({"rows": [CUSTOMER, {"age": 300}]}))
    assert [each and each.segment for each in batch.answers] == [segment, None]
    assert [each.field for each in batch.errors] == ["age"]
    assert ask("explain", body=customer).explained_segment == segment
    assert segment in str(ask("scoreFile", body=_file(LINES), output=model("ScoreFileOutput").CSV))
    assert segment in [each.name for each in ask("model").segments]
    assert ask("nextQuestions", body=model("Customer").from_dict({"age": 31})).questions
    assert ask("planTest", baseline=0.1, difference=0.05).per_group > 100
    assert ask("monitoring").customers >= 3
    assert ask("health").status == "ok"
    assert ask("ready").status == "ready"
    assert ask("served").model_version
    assert ask("reload").model_version

    saved = ask("saveCustomer", id="anna", body=customer)
    assert saved.prediction.segment == segment
    rows = model("SaveCustomersBody").from_dict({"rows": [{"id": "ben", **CUSTOMER}]})
    assert ask("saveCustomers", body=rows, idempotency_key=secrets.token_hex(8)).saved.new == 1
    assert len(ask("customers").customers) == 2
    assert ask("customer", id="anna").to_dict()["id"] == "anna"
    assert ask("exportCustomer", id="anna") is not None
    assert ask("customerLetter", id="anna")
    assert len(ask("customerEvents").to_dict()["events"]) == 2
    assert ask("movement", from_="2026-01-01", to="2027-01-01") is not None
    assert ask("eraseCustomer", id="ben") is not None
    roles = ask("proposeRoles", body=model("ProposeRolesBody")(file=_file(TABLE.read_bytes())))
    assert "clustering" in [each.role for each in roles.columns]
    job = ask("train", body=_file(TABLE.read_bytes()), k=3).job
    while (state := ask("training", job=job)).status in ("waiting", "running"):
        time.sleep(0.5)
    assert (state.status, len(state.result.segments)) == ("done", 3)
    assert len(ask("trainingFile", job=job, file=model("TrainingFileFile").MODEL).payload.read()) > 10_000
    assert ask("forgetTraining", job=job).removed
    assert called == set(generated.operations)


def _file(content: bytes) -> Any:
    return importlib.import_module("generated.types").File(io.BytesIO(content))


def test_what_the_generator_leaves_out_are_media_types_only(generated: Generated) -> None:
    """It knows JSON, forms and bytes; a file in any format can be sent as bytes."""
    warnings = re.findall(r"^WARNING .*\n\n(.*)$", generated.warnings, flags=re.MULTILINE)
    assert len(warnings) == generated.warnings.count("WARNING")
    assert all(each.startswith("Unsupported content type ") for each in warnings), warnings
