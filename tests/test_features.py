"""Checks that engineered and encoded features have the same bits in numpy and in the graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper

from inference import Category, InputError
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.features import emit, feature_names, matrix
from trainer.schema.formula import Formula
from trainer.schema.kinds.category_column import taken
from trainer.schema.mall_schema import MALL
from trainer.schema.onnx_graph import ML_DOMAIN, Graph
from trainer.schema.schema import Feature, Schema

pytestmark = pytest.mark.fast

REGIONS = Schema(
    name="regions",
    title="Regions",
    columns=(
        ColumnSpec(
            name="region",
            header="Region",
            label="Region",
            kind="category",
            categories=tuple(Category(value=value) for value in ("north", "east", "south")),
        ),
        ColumnSpec(name="visits", header="Visits", label="Visits", kind="number"),
        ColumnSpec(name="spend", header="Spend", label="Spend", kind="number"),
    ),
    features=(Feature(name="per_visit", label="Spend a visit", formula=Formula("spend / visits")),),
    clustering=("visits", "spend"),
)


def test_names_of_the_mall_features() -> None:
    assert feature_names(MALL) == (
        "gender=Male",
        "age",
        "annual_income",
        "spending_score",
        "spending_efficiency",
        "income_spend_interaction",
    )


def test_a_clustering_category_counts_as_its_indicators() -> None:
    schema = Schema(**{**vars(REGIONS), "clustering": ("region", "spend")})
    assert schema.clustering_features == ("region=east", "region=south", "spend")
    assert schema.clustering_sources == ("region", "spend")


def test_the_engineered_features_are_the_named_ones() -> None:
    columns = {"annual_income": np.array([19.0]), "spending_score": np.array([40.0])}
    columns |= {"gender": np.array(["Male"], dtype=object), "age": np.array([30.0])}
    values = matrix(MALL, columns, ("spending_efficiency", "income_spend_interaction"))
    assert values.tolist() == [[40 / (19 + 1), 19 * 40]]


def test_a_feature_is_missing_where_a_part_is() -> None:
    columns = {
        "gender": np.array(["Male", "", "Divers"], dtype=object),
        "age": np.array([30.0, np.nan, 30.0]),
        "annual_income": np.array([np.nan, 10.0, 10.0]),
        "spending_score": np.array([40.0, 40.0, np.nan]),
    }
    missing = np.isnan(matrix(MALL, columns, feature_names(MALL)))
    assert missing.tolist() == [
        [False, False, True, False, True, True],
        [True, True, False, False, False, False],
        [True, False, False, True, True, True],
    ]


OPEN = replace(REGIONS, columns=(replace(REGIONS.columns[0], other="south"), *REGIONS.columns[1:]))


def test_an_unknown_word_counts_as_other_and_an_empty_one_as_missing() -> None:
    cells = np.array(["north", "west", "South", " ", ""], dtype=object)
    assert taken(OPEN.columns[0], cells).tolist() == ["north", "south", "south", "south", ""]
    assert taken(REGIONS.columns[0], cells).tolist() == ["north", "", "", "", ""]


@pytest.mark.parametrize("schema", [REGIONS, OPEN], ids=["unknown is missing", "unknown is other"])
@pytest.mark.parametrize("first", ["north", "south"])
def test_the_graph_gives_the_same_bits_for_three_categories(schema: Schema, first: str) -> None:
    region = schema.columns[0]
    ordered = tuple(sorted(region.categories, key=lambda each: each.value != first))
    schema = replace(schema, columns=(replace(region, categories=ordered), *schema.columns[1:]))
    rng = np.random.default_rng(0)
    rows = 4000
    columns = {
        "region": rng.choice(np.array(["north", "east", "south", "", "west"], dtype=object), rows),
        "visits": rng.integers(0, 30, rows).astype(float),
        "spend": rng.lognormal(4, 2, rows),
    }
    columns["spend"][::11] = np.nan
    names = feature_names(schema)
    assert names[2:] == ("visits", "spend", "per_visit")
    graph = Graph(taken=schema.names)
    result = emit(schema, graph, names)
    kinds = {"region": TensorProto.STRING, "visits": TensorProto.DOUBLE, "spend": TensorProto.DOUBLE}
    inputs = [helper.make_tensor_value_info(name, kind, [None, 1]) for name, kind in kinds.items()]
    outputs = [helper.make_tensor_value_info(result, TensorProto.DOUBLE, None)]
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid(ML_DOMAIN, 2)]
    made = helper.make_graph(graph.nodes, "features", inputs, outputs, graph.initializers)
    session = ort.InferenceSession(
        helper.make_model(made, opset_imports=opsets, ir_version=7).SerializeToString()
    )
    feeds = {name: values.reshape(-1, 1) for name, values in columns.items()}
    assert np.array_equal(session.run([result], feeds)[0], matrix(schema, columns, names), equal_nan=True)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            {"clustering": ("regoin",)},
            r"a clustering column must be one of \['region', .* but 'regoin' is not",
        ),
        ({"clustering": ("ID",), "identifier": "ID"}, "'ID' identifies customers and does not describe them"),
        ({"clustering": ("spend", "spend")}, "each clustering column must be named once"),
        ({"clustering": ()}, "at least one clustering column must be named"),
        (
            {"features": (Feature(name="x", label="x", formula=Formula("region + 1")),)},
            "the formula of 'x' must use number columns, but 'region' is not one",
        ),
    ],
)
def test_refuses_a_schema_that_cannot_work(change: dict[str, object], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        Schema(**{**vars(REGIONS), **change})
