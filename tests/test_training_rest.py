"""Checks training by REST: what is answered, what is refused, and that the serving process stays light."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from app import build_app
from service.languages.language import LANGUAGES, speaking
from service.page.texts import frame_texts
from service.rest.form_file import FormFile
from service.settings import ApiKey, Settings, TrainingSettings, digest_of
from service.train import training_desk
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.server import ask, get
from tests.test_roles_command import customers, orders

pytestmark = pytest.mark.server

BOUNDARY = "a-boundary"
UNGUESSABLE = 32  # characters of an id


def form(table: Path, **parts: str) -> tuple[bytes, str]:
    """A form with a file and texts, and its media type."""
    lines: list[bytes] = []
    for name, text in parts.items():
        lines += [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()]
    head = f'Content-Disposition: form-data; name="file"; filename="{table.name}"'
    lines += [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), table.read_bytes(), b"\r\n"]
    return b"".join([*lines, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"


def send(address: str, body: bytes, media_type: str, **headers: str) -> tuple[int, Message, Any]:
    """Post a body; returns status, headers and JSON."""
    request = Request(address, body, {"Content-Type": media_type, **headers})  # noqa: S310 - loopback
    try:
        with urlopen(request, timeout=120) as answer:  # noqa: S310 - loopback
            return int(answer.status), answer.headers, json.load(answer)
    except HTTPError as refused:
        with refused:
            return int(refused.code), refused.headers, json.load(refused)


def serving(**more: Any) -> Any:
    """A service that trains."""
    settings = {"training": TrainingSettings(max_mb=1, max_rows=1000), **more}
    return build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, **settings))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    site = serving()
    try:
        yield site.launch(prevent_thread_lock=True, quiet=True)
    finally:
        site.close()


@pytest.fixture(scope="module")
def done(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A training of order lines that is done."""
    table = orders(tmp_path_factory.mktemp("orders"))
    status, headers, begun = send(f"{url}/v1/train?k=3", *form(table))
    assert status == 202
    assert headers["Location"] == f"/v1/train/{begun['job']}"
    return until_ended(url, begun["job"])


def until_ended(url: str, job: str) -> dict[str, Any]:
    """The state of a training when it is over."""
    for _ in range(600):
        found: dict[str, Any] = json.loads(get(f"{url}/v1/train/{job}")[1])
        if found["status"] in ("done", "failed", "cancelled"):
            return found
        time.sleep(0.2)
    pytest.fail("the training did not end")


def test_order_lines_become_customers_with_segments(url: str, done: dict[str, Any]) -> None:
    assert (done["problem"], done["status"], done["percent"]) == (None, "done", 100)
    assert len(done["job"]) == UNGUESSABLE
    result = done["result"]
    assert (result["customers"], len(result["segments"]), result["scored"]) == (60, 3, True)
    assert result["kind"] in ("natural", "reproducible", "constructive")
    assert set(done["files"]) == {"model", "card", "report", "customers", "page"}
    assert get(f"{url}{done['files']['page']}")[1].startswith(b"%PDF")
    scored = get(f"{url}{done['files']['customers']}")[1].decode().splitlines()
    assert len(scored) == 61
    assert json.loads(get(f"{url}{done['files']['report']}")[1])["choice"]["k"] == 3
    assert get(f"{url}{done['files']['card']}")[1].startswith(b"---")
    assert get(f"{url}{done['files']['model']}")[0] == 200
    assert get(f"{url}/v1/train/{done['job']}/secrets")[0] == 404


def test_the_lines_of_curl_train_and_take_the_model(url: str, tmp_path: Path) -> None:
    (block,) = re.findall(
        r"<!-- curl-train -->\n```bash\n(.*?)```",
        (ROOT / "docs" / "train-on-your-table.md").read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    customers(tmp_path).rename(tmp_path / "customers.csv")
    begin, *rest = block.replace("http://127.0.0.1:7860", url).splitlines()
    job = json.loads(shell(begin, tmp_path))["job"]
    assert until_ended(url, job)["status"] == "done"
    for line in rest:
        shell(line.replace("/ID", f"/{job}"), tmp_path)
    assert (tmp_path / "model.onnx").stat().st_size > 10_000
    assert get(f"{url}/v1/train/{job}")[0] == 404


def shell(line: str, folder: Path) -> str:
    """The output of a command line."""
    line = line.replace("curl ", "curl --silent --fail ", 1)
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_whole_page_and_its_api_are_about_this_model(url: str, done: dict[str, Any]) -> None:
    own = f"{url}{done['page']}"
    page = get(own)[1].decode()
    assert done["result"]["segments"][0]["name"] in page
    status, _, answer = send(f"{own}v1/predict", b'{"recency": 3}', "application/json")
    assert status == 200
    assert answer["segment"] in [each["name"] for each in done["result"]["segments"]]
    assert ask(url, done["page"].removesuffix("/"))[0] == 307
    assert get(f"{own}files/model")[1] == get(f"{url}{done['files']['model']}")[1]
    assert get(f"{own}files/secrets")[0] == 404
    assert get(f"{own}v1/train/{done['job']}")[0] == 404
    assert send(f"{own}gradio_api/run/nothing", b"{}", "application/json")[0] in (404, 422)


def test_the_page_is_there_in_each_language_and_its_api_once(url: str, done: dict[str, Any]) -> None:
    own = f"{url}{done['page']}"
    page = get(f"{own}ar/")[1].decode()
    assert '<html lang="ar" dir="rtl"' in " ".join(page.split())
    assert "../fr/?lang=fr" in page
    with speaking(LANGUAGES["ar"]):
        assert frame_texts.TAB_PREDICTION in page
    assert done["result"]["segments"][0]["name"] in page
    assert ask(url, f"{done['page']}ar")[0] == 307
    assert get(f"{own}ar/files/model")[0] == 404
    assert get(f"{own}en/")[0] == 404


def test_the_served_model_is_not_touched(url: str, done: dict[str, Any]) -> None:
    names = [each["name"] for each in done["result"]["segments"]]
    served = json.loads(get(f"{url}/v1/model")[1])
    assert names != [each["name"] for each in served["segments"]]


def test_an_address_that_is_guessed_has_nothing(url: str) -> None:
    assert get(f"{url}/own/{'A' * UNGUESSABLE}/")[0] == 404
    assert get(f"{url}/own/../v1/health/")[0] == 404
    assert get(f"{url}/v1/train/{'A' * UNGUESSABLE}")[0] == 404
    assert ask(url, f"/v1/train/{'A' * UNGUESSABLE}", "DELETE")[0] == 404


def test_roles_can_be_edited_between_two_steps(url: str, tmp_path: Path) -> None:
    table = customers(tmp_path)
    status, _, roles = send(f"{url}/v1/train/roles", *form(table))
    assert status == 200
    roles["columns"][3]["role"] = "king"
    status, _, begun = send(f"{url}/v1/train", *form(table, roles=json.dumps(roles)))
    assert status == 202
    found = until_ended(url, begun["job"])
    assert found["status"] == "failed"
    assert found["problem"].startswith("In 'roles.json': in column 'Plan': the role must be")
    assert get(f"{url}/v1/train/{begun['job']}/model")[0] == 409


def test_a_training_can_be_cancelled(url: str, tmp_path: Path) -> None:
    _, _, begun = send(f"{url}/v1/train", customers(tmp_path).read_bytes(), "text/csv")
    assert json.loads(ask(url, f"/v1/train/{begun['job']}", "DELETE")[2]) == {"removed": True}
    assert get(f"{url}/v1/train/{begun['job']}")[0] == 404


@pytest.mark.parametrize(
    ("query", "parts", "status", "reason"),
    [
        ("?quick=perhaps", {}, 422, "quick must be true or false"),
        ("?k=1", {}, 422, "k must be a whole number from 2 to 20"),
        ("?k=2&alternative=x", {}, 422, "There must be k or alternative"),
        ("?alternative=../x", {}, 422, "alternative must be one that a training reported"),
        ("?speed=9", {}, 422, "speed"),
        ("", {"roles": "{"}, 400, "The part 'roles' of the form must be JSON"),
        ("", {"roles": "3"}, 422, "The part 'roles' of the form must be the answer"),
        ("", {"roles": "[]"}, 422, "There must be 1 to 2,000 columns"),
        ("", {"names": "[1]"}, 422, "names must be an object"),
        ("", {"names": '{"A": {"king": "x"}}'}, 422, "names must be an object"),
        ("", {"other": "x"}, 422, "The form must have nothing but a file"),
    ],
)
def test_what_cannot_be_used_is_refused(
    url: str, tmp_path: Path, query: str, parts: dict[str, str], status: int, reason: str
) -> None:
    found, _, problem = send(f"{url}/v1/train{query}", *form(customers(tmp_path), **parts))
    assert found == status
    assert reason in problem["detail"] + json.dumps(problem.get("errors", []))


def test_a_file_that_is_too_large_or_no_table_is_refused(url: str) -> None:
    assert send(f"{url}/v1/train", bytes(1_000_001), "text/csv")[0] == 413
    assert send(f"{url}/v1/train", b"", "text/csv")[0] == 400
    status, _, problem = send(f"{url}/v1/train/roles", b"a,b\n1,2\n", "text/csv")
    assert status == 422
    assert problem["detail"] == "A table must have at least 50 customers, but it has 1 row."
    rows = b"a,b\n" + b"1,2\n" * 1001
    _, _, problem = send(f"{url}/v1/train/roles", rows, "text/csv")
    assert problem["detail"].startswith("The file must have at most 1,000 rows, but it has more")


def test_it_is_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    site = serving(training=None)
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        status, _, problem = send(f"{url}/v1/train", *form(customers(tmp_path)))
        assert (status, problem["detail"]) == (404, "Training must be on for this, but it is off; start the "
                                               "app with TRAINING=on.")  # fmt: skip
        assert "/train" not in json.loads(get(f"{url}/v1/openapi.json")[1])["paths"]
        assert get(f"{url}/own/{'A' * UNGUESSABLE}/")[0] == 404
    finally:
        site.close()


def test_without_the_libraries_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_desk, "missing_library", lambda: "sklearn")
    site = serving()
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        for path in ("/v1/train", "/v1/train/roles"):
            status, _, problem = send(f"{url}{path}", *form(customers(tmp_path)))
            assert status == 503
            assert "sklearn" in problem["detail"]
            assert "`pip install -r requirements/train.txt`" in problem["detail"]
        assert "requirements/train.txt" in get(url)[1].decode()
    finally:
        site.close()


def test_with_keys_it_needs_one_for_training(tmp_path: Path) -> None:
    keys = tuple(
        ApiKey(name=scope, scopes=frozenset({scope}), digest=digest_of(f"cs_{scope}"))
        for scope in ("predict", "train")
    )
    site = serving(api_keys=keys)
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        body = form(customers(tmp_path))
        assert send(f"{url}/v1/train", *body)[0] == 401
        assert send(f"{url}/v1/train", *body, Authorization="Bearer cs_predict")[0] == 403
        assert send(f"{url}/v1/train", *body, Authorization="Bearer cs_train")[0] == 202
    finally:
        site.close()


def test_the_serving_process_loads_nothing_of_the_trainer(tmp_path: Path) -> None:
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom tests.test_training_rest import *\n"
        f"site = serving()\nurl = site.launch(prevent_thread_lock=True, quiet=True)\n"
        f"status = send(url + '/v1/train/roles', *form(customers(Path({str(tmp_path)!r}))))[0]\n"
        "site.close()\nprint(json.dumps([status, sorted({each.partition('.')[0] for each in sys.modules})]))"
    )
    code = f"import sys; import tests.test_roles_command; before = set(sys.modules)\n{code}"
    code = code.replace("for each in sys.modules", "for each in set(sys.modules) - before")
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    status, loaded = json.loads(run.stdout.splitlines()[-1])
    assert status == 200
    assert not {"sklearn", "xgboost", "onnx", "skl2onnx", "scipy"} & set(loaded)


def test_any_request_about_training_gets_an_answer_that_is_in_the_document() -> None:
    site = serving(training=TrainingSettings(max_mb=1, max_rows=1000, seconds=5))
    try:
        url = site.launch(prevent_thread_lock=True, quiet=True)
        program = Path(sys.executable).with_name("schemathesis")
        settings = ["--config-file", str(ROOT / "tests" / "schemathesis.toml"), "run"]
        run = subprocess.run(
            [program, *settings, "--include-tag", "training", f"{url}/v1/openapi.json"],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        site.close()
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Selected: 5/" in run.stdout


def test_a_form_may_have_texts_that_are_asked_for(tmp_path: Path) -> None:
    table = tmp_path / "my table.csv"
    table.write_text("a\n1\n", encoding="utf-8")
    body, media_type = form(table, roles="[1]")
    file = FormFile(cast(Any, BytesIO(body)), media_type, ["roles"])
    assert (file.read(), file.texts, file.name) == (b"a\n1\n", {"roles": b"[1]"}, "my table.csv")
