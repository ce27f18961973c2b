"""Checks that a table with dates, unknown categories and gaps works from the CSV file to the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from numpy.typing import NDArray

from inference import Category, InputError, Segmenter, explain, nearest_changes
from inference.contract.outputs import DISTANCE_TOLERANCE, PROBABILITY_TOLERANCE
from inference.dates import iso_date
from service.customer_values import Customer
from service.page.handlers import PageHandlers
from service.page.page import build_page
from tests.conftest import quick_config
from tests.drawn import drawn
from tests.web import predict_endpoint
from trainer import ColumnSpec, DifferenceError, Feature, Schema, Table, Trained, read_table, train
from trainer.export.build_graph import build_model
from trainer.export.verify import verify
from trainer.report.card import model_card
from trainer.report.figures import write_figures
from trainer.schema.formula import Formula

LAST = date(2026, 1, 1)
SHOP = Schema(
    name="shop",
    title="Shop",
    columns=(
        ColumnSpec(
            name="bought", header="Last purchase", label="Last purchase", kind="date", date_format="%d.%m.%Y"
        ),
        ColumnSpec(name="visits", header="Visits", label="Visits", kind="number", range=(0.0, 1000.0)),
        ColumnSpec(
            name="channel",
            header="Channel",
            label="Channel",
            kind="category",
            categories=(
                Category(value="shop"),
                Category(value="web", aliases=("online",)),
                Category(value="elsewhere"),
            ),
            other="elsewhere",
        ),
        ColumnSpec(name="age", header="Age", label="Age", kind="number", unit="years", range=(0.0, 120.0)),
    ),
    features=(
        Feature(
            name="recency",
            label="Days since the last purchase",
            formula=Formula('days_since(bought, "2026-01-01")'),
        ),
    ),
    clustering=("recency", "visits"),
)


def write_shop(path: Path) -> None:
    """Three clear groups of 60: dates in the shop's own format, undeclared words, missing ages."""
    rng = np.random.default_rng(3)
    rows = []
    for days, visits, channel in ((60, 40, "shop"), (200, 10, "Online"), (400, 60, "fax")):
        for _ in range(60):
            bought = LAST - timedelta(days=int(rng.normal(days, 12)))
            age = "" if rng.random() < 0.2 else str(int(rng.integers(18, 80)))
            rows.append(f"{bought:%d.%m.%Y},{int(rng.normal(visits, 3))},{channel},{age}")
    path.write_text("\n".join(["Last purchase,Visits,Channel,Age", *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def shop_table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    path = tmp_path_factory.mktemp("shop") / "shop.csv"
    write_shop(path)
    return read_table(path, SHOP)


@pytest.fixture(scope="module")
def shop(shop_table: Table) -> Trained:
    return train(shop_table, quick_config())


@pytest.fixture(scope="module")
def loaded(shop: Trained, tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(shop.model)
    return Segmenter.load(path)


def test_the_table_is_read_and_validated(shop_table: Table) -> None:
    assert not any(column.refused for column in shop_table.report.columns)
    assert set(shop_table.columns["channel"]) == {"shop", "web", "elsewhere"}
    assert iso_date(shop_table.columns["bought"].max()) < "2026-01-01"
    assert shop_table.columns["bought"].dtype == np.float64


def test_the_groups_are_found_and_the_file_was_verified(shop: Trained) -> None:
    assert shop.choice.k == 3
    assert shop.verification.rows > 24_000
    assert sorted(segment.size for segment in shop.fitted.segments) == [60, 60, 60]


ROWS: list[dict[str, Any]] = [
    {"bought": "2025-12-12", "visits": 40, "channel": "shop", "age": 30},
    {"bought": date(2025, 6, 15), "visits": 10, "channel": "ONLINE", "age": None},
    {"bought": "27.11.2024", "visits": 60, "channel": "carrier pigeon"},
    {"bought": "2024-11-27T23:59:59-11:00", "channel": 3},
    {"visits": 12, "channel": ""},
    {"channel": "carrier pigeon"},
    {},
]
RAW: dict[str, NDArray[Any]] = {  # what the graph and the libraries get for the same rows
    "bought": np.array(["2025-12-12", "2025-06-15", "2024-11-27", "2024-11-27", "NaT", "NaT", "NaT"]).astype(
        "datetime64[D]"
    ),
    "visits": np.array([40.0, 10, 60, np.nan, 12, np.nan, np.nan]),
    "channel": np.array(["shop", "web", "carrier pigeon", "3", "", "carrier pigeon", ""], dtype=object),
    "age": np.array([30.0, *[np.nan] * 6]),
}


def test_rows_batches_and_the_libraries_answer_alike(shop: Trained, loaded: Segmenter) -> None:
    missing = np.isnat(RAW["bought"])
    days = np.where(missing, np.nan, RAW["bought"].astype(np.int64).astype(np.float64))
    wanted = shop.fitted.answer({**RAW, "bought": days})
    columns = {name: [row.get(name) for row in ROWS] for name in SHOP.names}
    batches = [loaded.predict_many(columns), loaded.predict_many(RAW)]
    batches.append(loaded.predict_many({**columns, "bought": pd.Series(RAW["bought"])}))
    for batch in batches:
        assert batch.segment_id.tolist() == wanted["segment_id"].tolist()
        assert batch.complete.tolist() == wanted["complete"].tolist() == [True] * 3 + [False] * 4
        assert np.allclose(batch.probabilities, wanted["probabilities"], rtol=0, atol=PROBABILITY_TOLERANCE)
        assert np.allclose(
            batch.distances, wanted["distances"], rtol=0, atol=DISTANCE_TOLERANCE, equal_nan=True
        )
    for position, row in enumerate(ROWS):
        alone = loaded.predict(**row)
        assert alone.segment == wanted["segment"][position]
        assert alone.probability == pytest.approx(batches[0].probability[position], abs=PROBABILITY_TOLERANCE)
    assert batches[0].route.tolist()[5:] == ["partial", "prior"]


def test_the_graph_itself_takes_an_unknown_word_as_other(loaded: Segmenter) -> None:
    words = ["elsewhere", "carrier pigeon", "Shop", " ", ""]
    feeds: dict[str, NDArray[Any]] = {name: np.full((5, 1), np.nan) for name in ("bought", "visits", "age")}
    feeds["channel"] = np.array(words, dtype=object).reshape(-1, 1)
    found = loaded._run(feeds)["probabilities"]
    assert np.array_equal(found[1:4], found[[0, 0, 0]])
    assert np.abs(found[0] - found[4]).max() > 0.05


def test_a_graph_without_other_fails_verification(shop: Trained, shop_table: Table) -> None:
    model = onnx.load_from_string(build_model(shop.fitted, "{}").SerializeToString())
    routing = next(node for node in model.graph.node if node.op_type == "If")
    branch = next(each.g for each in routing.attribute if each.name == "else_branch")
    encoder = next(node for node in branch.node if list(node.input) == ["channel"])
    next(each for each in encoder.attribute if each.name == "default_float").f = float("nan")
    with pytest.raises(DifferenceError, match="published"):
        verify(shop.fitted, model.SerializeToString(), shop_table, rows=500)


def test_a_later_snapshot_would_be_another_feature(loaded: Segmenter) -> None:
    (column,) = (each for each in loaded.contract.columns if each.name == "bought")
    assert (column.kind, column.role, column.date_format) == ("date", "clustering", "%d.%m.%Y")
    assert loaded.contract.features[0].formula == 'days_since(bought, "2026-01-01")'
    centre = loaded.contract.segments[0].centroid["recency"]
    typical = loaded.contract.segments[0].spread("bought")
    assert typical is not None
    assert abs(centre - ((LAST - date(1970, 1, 1)).days - typical.median)) < 15


def test_explanations_and_changes_show_dates(loaded: Segmenter) -> None:
    row = {"bought": "15.06.2025", "visits": 10, "channel": "web"}
    why = explain(loaded, row)
    assert why.row["bought"] == "2025-06-15"
    assert any(sentence.startswith("Last purchase 2025-06-15 ") for sentence in why.sentences())
    row["visits"] = 50
    (change,) = (each for each in nearest_changes(loaded, row) if each.column == "bought")
    assert change.before == "2025-06-15"
    assert isinstance(change.after, str)
    assert f"With last purchase {change.after} instead of 2025-06-15" in change.sentence
    assert loaded.predict(**{**row, "bought": change.after}).segment == change.segment_after
    after = date.fromisoformat(change.after)
    nearer = after + timedelta(days=1 if after < date(2025, 6, 15) else -1)
    assert loaded.predict(**{**row, "bought": nearer}).segment == change.segment_before


def test_the_page_builds_and_shows_dates(loaded: Segmenter) -> None:
    build_page(loaded)
    customer: Customer = {"bought": "2025-06-15", "visits": 10, "channel": "web", "age": None}
    shown = "".join(PageHandlers(loaded).show(customer))
    assert "2025-06-15" in shown
    assert "20254" not in shown.replace(",", "")  # 2025-06-15 in days
    assert "problem" not in shown
    assert "Last purchase is unknown" in "".join(PageHandlers(loaded).show(customer | {"bought": " "}))


def test_the_endpoint_takes_and_documents_dates(loaded: Segmenter) -> None:
    described = predict_endpoint(loaded)
    predict = described.function
    assert predict(bought="2025-12-12", visits=40)["segment"] == loaded.predict(**ROWS[0]).segment
    assert "Last purchase, a date as text such as 2024-03-01 (ISO 8601)" in " ".join(described.labels)
    assert "any other text counts as elsewhere" in " ".join(described.labels)
    assert predict.__annotations__["bought"] == predict.__annotations__["channel"] == str | None
    with pytest.raises(Exception, match="column 'bought' must be a date such as '2024-03-01'"):
        predict(bought=20254)


def test_the_card_and_the_figures_show_dates(shop: Trained, tmp_path: Path) -> None:
    card = model_card(shop)
    assert 'bought="20' in card
    assert "days since 1970-01-01" in card
    written = write_figures(shop, tmp_path)
    assert all(path.stat().st_size for path in written)


def test_the_contract_keeps_days(shop: Trained) -> None:
    document = json.loads(shop.contract)
    entry = next(each for each in document["columns"] if each["name"] == "bought")
    assert isinstance(entry["quantiles"]["0.5"], float)
    assert entry["integer"] is True
    assert "a category never seen" in document["self_test"]["inputs"]["channel"]
    assert [name for each in document["columns"] for name in ("other", "date_format") if name in each] == [
        "date_format",
        "other",
    ]


def test_a_number_is_not_a_date(loaded: Segmenter) -> None:
    wanted = "must be a date such as '2024-03-01' or as '%d.%m.%Y', but it is 20254"
    with pytest.raises(InputError, match=wanted):
        loaded.predict(bought=20254)


def test_a_raw_date_clusters_when_the_user_sets_it(shop_table: Table, tmp_path: Path) -> None:
    schema = replace(SHOP, clustering=("bought", "visits"), features=())
    trained = train(replace(shop_table, schema=schema), quick_config())
    names = " ".join(segment.name for segment in trained.fitted.segments)
    assert "Recently active" in names
    assert "Long away" in names
    assert iso_date(trained.fitted.segments[0].centroid["bought"]) in model_card(trained)
    write_figures(trained, tmp_path)
    assert "days by" in (tmp_path / "segments.svg").read_text(encoding="utf-8")
    assert any(label.startswith("20") for label in _ticks(trained))


def _ticks(trained: Trained) -> list[str]:
    (axes,) = drawn(trained, "segments").axes
    return [label.get_text() for label in axes.get_xticklabels()]
