"""Checks that the map shows regions, names and counts, and no customer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline

from tests.drawn import drawn
from tests.fake_results import made_up, schema_with
from trainer import Trained
from trainer.report.figures import write_figures
from trainer.report.figures.figure_style import drawing, percent
from trainer.report.figures.map_geometry import map_plane
from trainer.report.figures.segment_map import CELL, draw_map
from trainer.segments.cluster_metrics import eta_squared


def cells(figure: Figure) -> list[Any]:
    return [patch for patch in figure.axes[0].patches if patch.get_gid() == CELL]


def test_the_map_draws_counted_cells_and_no_customer(
    trained: Trained, figures: dict[str, Figure], tmp_path: Path
) -> None:
    write_figures(trained, tmp_path)
    income, score = (trained.table.columns[name] for name in ("annual_income", "spending_score"))
    plane = map_plane(trained)
    low_high = [(edge[0], edge[-1]) for edge in plane.edges]
    counts = np.histogram2d(
        np.clip(income, *low_high[0]),
        np.clip(score, *low_high[1]),
        bins=[edge.tolist() for edge in plane.edges],
    )[0]
    assert counts.sum() == len(trained.table)
    filled = int((counts > 0).sum())
    assert filled < len(trained.table) / 2
    assert (tmp_path / "segments.svg").read_text(encoding="utf-8").count(f'id="{CELL}"') == filled
    axes = figures["segments"].axes[0]
    assert len(axes.patches) == filled + trained.choice.k
    assert len(axes.lines) == trained.choice.k
    assert not axes.collections
    assert not axes.images


def test_a_cell_with_one_customer_is_drawn_like_one_with_two(
    trained: Trained, figures: dict[str, Figure]
) -> None:
    counts = map_plane(trained).counts()
    assert (counts == 1).any()
    areas = {round(patch.get_width() * patch.get_height(), 6) for patch in cells(figures["segments"])}
    sizes = {max(int(count), 2) for count in counts[counts > 0]}
    assert len(areas) == len(sizes)
    assert max(areas) / min(areas) == pytest.approx(max(sizes) / min(sizes), rel=1e-4)


def test_a_region_contains_the_customers_of_its_segment(trained: Trained) -> None:
    plane = map_plane(trained)
    for segment in range(trained.choice.k):
        inside = Outline(plane.region(segment)).contains_points(plane.values)
        assert (trained.labels[inside] == segment).all()
        assert inside.sum() >= 0.95 * (trained.labels == segment).sum()  # a few lie beyond the edges


def test_with_more_columns_the_map_states_how_often_two_give_the_segment(ten: Trained) -> None:
    plane = map_plane(ten)
    agree = percent(float(np.mean(plane.nearest() == ten.labels)))
    columns = ten.table.columns
    apart = {name: eta_squared(columns[name], ten.labels) for name in ten.table.schema.clustering}
    assert set(plane.names) == set(sorted(apart, key=lambda name: -apart[name])[:2])
    note = " ".join(drawn(ten, "segments").get_supxlabel().split())
    assert f"without the other column; this is the right segment for {agree} of the customers" in note


def test_one_clustering_column_gives_a_strip(one_column: Trained, tmp_path: Path) -> None:
    write_figures(one_column, tmp_path)
    figure = drawn(one_column, "segments")
    plane = map_plane(one_column)
    assert plane.names == ("spending_score",)
    assert len(cells(figure)) == int((plane.counts() > 0).sum())
    assert figure.get_suptitle().startswith("2 segments")
    assert len(drawn(one_column, "calibration").axes) == 2


def test_a_clustering_category_is_drawn_by_its_share(trained: Trained) -> None:
    schema = schema_with("gender", "annual_income")
    run = made_up(trained, k=4, schema=schema, chosen_by="user")
    assert map_plane(run).names == ("gender=Male", "annual_income")
    axes = drawn(run, "segments").axes[0]
    assert axes.get_xlabel() == "Gender: Male"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["no", "yes"]
    assert map_plane(run).counts().sum(axis=1).tolist() == [112, 0, 88]
    headings = [axes.get_title(loc="left") for axes in drawn(run, "profiles").axes]
    assert headings[:2] == ["Gender: Male", "Annual income (k$)"]


def test_names_on_the_map_do_not_cover_each_other(trained: Trained) -> None:
    crowded = made_up(trained, k=8, chosen_by="user")
    with drawing():
        axes = draw_map(crowded).axes[0]
        boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 8
    assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.overlaps(other)]
