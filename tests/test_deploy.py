"""Checks that the deployment files agree with the app, and that the Dockerfile is read as it is written.

``just deployment`` lints them and carries out the Dockerfile's steps; that needs root.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.build_context import ignored
from deploy.dockerfile import parse
from deploy.remove_unused import UNUSED, remove
from service.settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.fast

HEALTH, READY = "/v1/health", "/v1/ready"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text(name)))


@pytest.fixture(scope="module")
def last() -> dict[str, list[str]]:
    """The instructions of the final stage, by word."""
    found: dict[str, list[str]] = {}
    for word, rest in parse(text("Dockerfile"))[-1].steps:
        found.setdefault(word, []).append(rest)
    return found


def test_the_image_has_two_stages_of_one_base_and_runs_as_nobody(last: dict[str, list[str]]) -> None:
    first, final = parse(text("Dockerfile"))
    assert first.base == final.base
    user, group = last["USER"][0].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert "RUN" not in last  # the final stage installs nothing
    assert all(copied.startswith("--from=build ") for copied in last["COPY"])


def test_the_image_uses_the_python_of_the_space(last: dict[str, list[str]]) -> None:
    (version,) = re.findall(r'^python_version: "(.+)"$', text("README.md"), re.M)
    assert parse(text("Dockerfile"))[0].base.startswith(f"python:{version}-slim")


def test_the_health_check_asks_what_the_app_serves(last: dict[str, list[str]]) -> None:
    assert HEALTH in last["HEALTHCHECK"][0]
    assert last["EXPOSE"] == [str(Settings().port)]


def test_only_what_the_image_needs_is_sent_to_docker() -> None:
    rules = [line for line in text(".dockerignore").splitlines() if line and not line.startswith("#")]
    for name in ("app.py", "artifacts/model.onnx", "inference/segmenter.py", "requirements/store.lock"):
        assert not ignored(name, rules), name
    for name in (".git/config", ".env", "trainer/data/mall_customers.csv", "tests/conftest.py",
                 "requirements/dev.lock", "service/__pycache__/settings.cpython-312.pyc"):  # fmt: skip
        assert ignored(name, rules), name
    for words in parse(text("Dockerfile"))[0].steps:
        if words[0] == "COPY":
            for name in words[1].split()[:-1]:
                assert not ignored(name, rules), name


def test_an_instruction_that_cannot_be_carried_out_is_refused() -> None:
    with pytest.raises(ValueError, match="'ADD'"):
        parse("FROM python\nADD x y\n")


def test_steps_over_several_lines_are_one() -> None:
    (stage,) = parse("# comment\nFROM python AS build\nRUN one \\\n    && two\n")
    assert (stage.name, stage.base, stage.steps) == ("build", "python", [("RUN", "one && two")])


def test_compose_has_no_password_and_opens_ports_on_this_machine_only() -> None:
    (compose,) = documents("deploy/compose.yaml")
    services = compose["services"]
    assert set(services) == {"app", "database", "prometheus", "grafana", "mlflow"}
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert ":latest" not in service.get("image", ""), name
        for variable, value in service.get("environment", {}).items():
            assert "PASSWORD" not in variable or ":?" in value, variable
    app = services["app"]
    assert app["read_only"] is True
    assert app["environment"]["STORE"] == "on"
    assert {"DATABASE_URL", "MLFLOW_TRACKING_URI"} <= set(app["environment"])


def test_prometheus_asks_the_app() -> None:
    (prometheus,) = documents("deploy/prometheus.yml")
    (job,) = prometheus["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert job["static_configs"][0]["targets"] == [f"app:{Settings().port}"]


def test_kubernetes_probes_and_limits_the_app() -> None:
    kinds = {each["kind"]: each for each in documents("deploy/kubernetes.yaml")}
    assert set(kinds) == {"Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"}
    pod = kinds["Deployment"]["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    assert pod["metadata"]["labels"] == kinds["Service"]["spec"]["selector"]
    probes = {name: container[name]["httpGet"]["path"] for name in container if name.endswith("Probe")}
    assert probes == {"startupProbe": READY, "readinessProbe": READY, "livenessProbe": HEALTH}
    assert set(container["resources"]) == {"requests", "limits"}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    user = next(rest for word, rest in parse(text("Dockerfile"))[-1].steps if word == "USER")
    assert (
        user
        == f"{pod['spec']['securityContext']['runAsUser']}:{pod['spec']['securityContext']['runAsGroup']}"
    )


def test_render_and_railway_build_the_dockerfile_and_ask_for_health() -> None:
    (render,) = documents("render.yaml")
    (service,) = render["services"]
    assert (service["runtime"], service["healthCheckPath"]) == ("docker", HEALTH)
    assert (ROOT / service["dockerfilePath"]).is_file()
    railway = json.loads(text("railway.json"))
    assert railway["deploy"]["healthcheckPath"] == HEALTH
    assert (ROOT / railway["build"]["dockerfilePath"]).is_file()
    settings = {each["key"]: each["value"] for each in service["envVars"]}
    Settings.from_environment(settings)  # each can be used


def test_every_way_is_on_the_page_in_few_lines() -> None:
    page = text("docs/deploy.md")
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    for name in ("Docker", "Docker Compose", "Render", "Railway", "Kubernetes"):
        assert 2 <= len([line for line in sections[name].splitlines() if line]) <= 16, name
    assert "not run" in sections["What was tested"]


def test_only_unused_features_are_removed_from_an_environment(tmp_path: Path) -> None:
    made = [tmp_path / pattern.replace("**", "lib").replace("*", "x") for pattern in UNUSED]
    kept = [
        tmp_path / "pyarrow/lib.so",
        tmp_path / "numpy/lib/core.py",
        tmp_path / "gradio/templates/frontend/a.js",
    ]
    for path in (*made, *kept):
        inside = path if path.suffix else path / "file"
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.write_bytes(b"12345")
    assert remove(tmp_path) == 5 * len(made)
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in made)


def test_a_feature_that_moved_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"libarrow_flight.*must match something.*change UNUSED"):
        remove(tmp_path)
