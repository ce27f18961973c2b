"""Promises that every query of the Grafana dashboard asks for metrics and labels that a service exports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import build_app
from service.settings import Settings
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.mall_samples import rows_of, sample
from tests.server import get, post

pytestmark = pytest.mark.server

DASHBOARD = ROOT / "deploy" / "grafana" / "customer-segments.json"
SELECTOR = re.compile(r"\b((?:segmenter|process)_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\b(?:by|ignoring)\s*\(([\w, ]+)\)")
OF_PROMETHEUS = {"job", "instance"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """Metric -> label -> the values that a service exported after some use."""
    state: Path = tmp_path_factory.mktemp("state") / "counts.json"
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, monitor_state=state))
    url = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        post(f"{url}/v1/predict/batch", {"rows": rows_of(sample(120))})
        post(f"{url}/v1/predict", {"age": 30})
        post(f"{url}/v1/predict", {"age": -1})
        text = get(f"{url}/metrics")[1].decode()
    finally:
        site.close()
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            labels = found.setdefault(each.name, {})
            for name, value in each.labels.items():
                labels.setdefault(name, set()).add(value)
    return found


def queries() -> Iterator[tuple[str, str]]:
    """Title and expression of each query."""
    dashboard: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_each_panel_has_a_place_and_a_query() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids) > 12
    cells = [
        (x, y)
        for panel in dashboard["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert all(panel["targets"] for panel in dashboard["panels"])


QUERIES = list(queries())


@pytest.mark.parametrize(
    ("title", "query"), QUERIES, ids=[f"{at} {title}" for at, (title, _) in enumerate(QUERIES)]
)
def test_a_query_asks_for_what_is_exported(
    title: str, query: str, exported: dict[str, dict[str, set[str]]]
) -> None:
    asked = SELECTOR.findall(query)
    assert asked, title
    labels: set[str] = set(OF_PROMETHEUS)
    for metric, selector in asked:
        assert metric in exported, f"{title}: no metric {metric}"
        known = exported[metric]
        labels |= known.keys()
        for label, operator, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', selector):
            assert label in known.keys() | OF_PROMETHEUS, f"{title}: {metric} has no label {label}"
            if operator == "=":
                assert value in known[label], f"{title}: {label} of {metric} is never {value}"
    for names in GROUPED.findall(query):
        assert {name.strip() for name in names.split(",")} <= labels | {"le"}, title
