"""Promises figures that repeat to the byte, say what the run found, and show no customer."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from sklearn.metrics import silhouette_samples

from tests.made_up import choice_of, made_up, schema_with
from trainer import Trained
from trainer.figures import FIGURES, write_figures
from trainer.figures.choice import elbow_title, silhouette_title, stability_title
from trainer.figures.evaluation import calibration_title, confusion_title, draw_selective, selective_title
from trainer.figures.ground import explained, ground
from trainer.figures.map import CELL, draw_map, map_title
from trainer.figures.segments import draw_blades, profiles_title
from trainer.figures.style import (
    SEGMENT_COLOURS,
    drawing,
    named,
    number,
    percent,
    save,
    segment_colours,
    spread,
)

LARGEST_FILE = 150_000


STEPS: list[tuple[str, int, int]] = []


@pytest.fixture(scope="module")
def folder(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("figures")
    paths = write_figures(trained, place, progress=lambda *step: STEPS.append(step))
    assert paths == [place / f"{name}.svg" for name in FIGURES]
    return place


@pytest.fixture(scope="module")
def figures(trained: Trained) -> dict[str, Figure]:
    return {name: drawn(trained, name) for name in FIGURES}


@pytest.fixture(scope="module")
def one_column(trained: Trained) -> Trained:
    """Two segments of one driving column, without anything that tells spending."""
    schema = schema_with("spending_score", value=None, capacity=None, spend=None)
    return made_up(trained, k=2, schema=schema, chosen_by="exploratory", stable=False)


@pytest.fixture(scope="module")
def ten(trained: Trained) -> Trained:
    """As many segments as the page has colours, of three driving columns."""
    return made_up(
        trained, k=10, schema=schema_with("age", "annual_income", "spending_score"), chosen_by="user"
    )


def drawn(trained: Trained, name: str) -> Figure:
    with drawing():
        return FIGURES[name](trained)


def texts(folder: Path, name: str) -> list[str]:
    """What is written in a file: matplotlib keeps it beside the outlines of its letters."""
    return re.findall(r"<!-- (.*?) -->", (folder / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)


def cells(figure: Figure) -> list[Any]:
    return [patch for patch in figure.axes[0].patches if patch.get_gid() == CELL]


def test_every_figure_is_written_and_told_to_the_progress(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.svg" for name in FIGURES)
    wanted = [("Drawing the figures", done, len(FIGURES)) for done in range(1, len(FIGURES) + 1)]
    assert wanted == STEPS


def test_the_same_run_gives_the_same_bytes_whatever_the_user_configured(
    trained: Trained, folder: Path, tmp_path: Path
) -> None:
    with mpl.rc_context({"font.size": 25, "svg.hashsalt": None, "axes.facecolor": "pink"}):
        paths = write_figures(trained, tmp_path)
        assert mpl.rcParams["font.size"] == 25
    for path in paths:
        assert path.read_bytes() == (folder / path.name).read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_a_file_is_small_and_has_no_date_and_says_its_finding(
    figures: dict[str, Figure], folder: Path, name: str
) -> None:
    content = (folder / f"{name}.svg").read_text(encoding="utf-8")
    finding = " ".join(figures[name].get_suptitle().split())
    assert len(content.encode()) < LARGEST_FILE
    assert "<dc:date>" not in content
    assert "matplotlib.org" not in content
    assert f"<title>{finding}</title>" in content


def test_letters_can_be_read_on_a_phone(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        assert figure.get_figwidth() == 6.0
        words = [text for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]
        assert min(float(text.get_fontsize()) for text in words) >= 9.0


def test_the_map_draws_counted_cells_and_no_customer(
    trained: Trained, figures: dict[str, Figure], folder: Path
) -> None:
    income, score = (trained.table.columns[name] for name in ("annual_income", "spending_score"))
    place = ground(trained)
    low_high = [(edge[0], edge[-1]) for edge in place.edges]
    counts = np.histogram2d(
        np.clip(income, *low_high[0]),
        np.clip(score, *low_high[1]),
        bins=[edge.tolist() for edge in place.edges],
    )[0]
    assert counts.sum() == len(trained.table)
    filled = int((counts > 0).sum())
    assert filled < len(trained.table) / 2
    assert (folder / "segments.svg").read_text(encoding="utf-8").count(f'id="{CELL}"') == filled
    axes = figures["segments"].axes[0]
    assert len(axes.patches) == filled + trained.choice.k
    assert len(axes.lines) == trained.choice.k
    assert not axes.collections
    assert not axes.images


def test_a_lone_customer_is_drawn_as_two_are(trained: Trained, figures: dict[str, Figure]) -> None:
    counts = ground(trained).counts()
    assert (counts == 1).any()
    areas = {round(patch.get_width() * patch.get_height(), 6) for patch in cells(figures["segments"])}
    sizes = {max(int(count), 2) for count in counts[counts > 0]}
    assert len(areas) == len(sizes)
    assert max(areas) / min(areas) == pytest.approx(max(sizes) / min(sizes), rel=1e-4)


def test_a_region_holds_the_customers_of_its_segment(trained: Trained) -> None:
    place = ground(trained)
    for segment in range(trained.choice.k):
        inside = Outline(place.region(segment)).contains_points(place.values)
        assert (trained.labels[inside] == segment).all()
        assert inside.sum() >= 0.95 * (trained.labels == segment).sum()  # a few lie beyond the edges


def test_with_more_columns_the_map_says_how_far_two_tell_the_whole(ten: Trained) -> None:
    place = ground(ten)
    agree = percent(float(np.mean(place.nearest() == ten.labels)))
    columns = ten.table.columns
    apart = {name: explained(columns[name], ten.labels) for name in ten.table.schema.driving}
    assert set(place.names) == set(sorted(apart, key=lambda name: -apart[name])[:2])
    note = " ".join(drawn(ten, "segments").get_supxlabel().split())
    assert f"without the other; it is the segment of {agree} of the customers" in note


def test_one_driving_column_gives_a_strip(one_column: Trained, tmp_path: Path) -> None:
    write_figures(one_column, tmp_path)
    figure = drawn(one_column, "segments")
    place = ground(one_column)
    assert place.names == ("spending_score",)
    assert len(cells(figure)) == int((place.counts() > 0).sum())
    assert figure.get_suptitle().startswith("2 segments")
    assert len(drawn(one_column, "calibration").axes) == 2


def test_a_category_that_drives_is_drawn_by_its_share(trained: Trained) -> None:
    schema = schema_with("gender", "annual_income")
    run = made_up(trained, k=4, schema=schema, chosen_by="user")
    assert ground(run).names == ("gender=Male", "annual_income")
    axes = drawn(run, "segments").axes[0]
    assert axes.get_xlabel() == "Gender: Male"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["no", "yes"]
    assert ground(run).counts().sum(axis=1).tolist() == [112, 0, 88]
    headings = [axes.get_title(loc="left") for axes in drawn(run, "profiles").axes]
    assert headings[:2] == ["Gender: Male", "Annual income (k$)"]


def test_ten_segments_stay_named_coloured_and_small(ten: Trained, tmp_path: Path) -> None:
    for name in ("blades", "segments", "profiles", "confusion"):
        with drawing():
            save(FIGURES[name](ten), tmp_path / name)
        assert (tmp_path / name).stat().st_size < LARGEST_FILE
    names = {text.get_text() for text in drawn(ten, "segments").axes[0].texts}
    assert names == {named(segment.name) for segment in ten.fitted.segments}
    assert len(set(segment_colours(10))) == 10


def test_names_on_the_map_do_not_cover_each_other(trained: Trained) -> None:
    crowded = made_up(trained, k=8, chosen_by="user")
    with drawing():
        axes = draw_map(crowded).axes[0]
        boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 8
    assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.overlaps(other)]


def test_a_segment_has_the_colour_it_has_on_the_page(trained: Trained, figures: dict[str, Figure]) -> None:
    from service import palette

    assert SEGMENT_COLOURS == palette.LIGHT
    marks = [to_hex(line.get_color()) for line in figures["segments"].axes[0].lines]
    assert marks == list(palette.LIGHT[: trained.choice.k])


def test_the_silhouette_title_follows_the_decision(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5, limit_permuted=0.4, limit_copula=0.41)
    assert silhouette_title(choice) == "Silhouette peaks at k = 5, above what tables without segments reach"
    noise = replace(choice, chosen_by="exploratory", limit_copula=0.9)
    assert silhouette_title(noise).startswith("No k is admissible; k = 5 is exploratory")
    assert "within what tables without segments reach" in silhouette_title(noise)
    users = replace(choice, k=3, chosen_by="user")
    assert silhouette_title(users).startswith("k = 3 was chosen by the user; its silhouette is above")


@pytest.mark.parametrize(("admissible", "why"), [(True, "ties with it"), (False, "fails a condition")])
def test_a_peak_that_was_not_chosen_is_explained(trained: Trained, admissible: bool, why: str) -> None:
    choice = choice_of(trained.choice, 5)
    rows = [
        replace(row, silhouette=0.9, admissible=admissible) if row.k == 8 else row for row in choice.table
    ]
    title = silhouette_title(replace(choice, table=tuple(rows)))
    assert title.startswith("k = 5 has the best admissible silhouette; k = 8")
    assert why in title


def test_the_elbow_title_says_whether_it_agrees(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)
    assert "the elbow says k = 5, as does the choice" in elbow_title(replace(choice, elbow=5))
    assert "the elbow says k = 4, the choice is k = 5" in elbow_title(replace(choice, elbow=4))
    assert "without a clear bend" in elbow_title(replace(choice, elbow=None))


def test_the_stability_title_names_the_k_that_come_back(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)

    def with_stable(*ks: int) -> str:
        rows = [replace(row, ari_mean=float(row.k in ks), jaccard_min=1.0) for row in choice.table]
        return stability_title(replace(choice, table=tuple(rows)))

    assert with_stable(5).startswith("k = 5 comes back reliably")
    assert with_stable(3, 5).startswith("k = 3 and 5 come back reliably")
    assert with_stable(3).endswith("k = 5 does not")
    assert with_stable().startswith("No k comes back")
    assert with_stable(*range(2, 11)).startswith("Every k comes back")


def test_the_map_and_blades_titles_are_counted(trained: Trained) -> None:
    largest = max(trained.fitted.segments, key=lambda segment: segment.size)
    assert map_title(trained).startswith(f"{trained.choice.k} segments; the largest, “{largest.name}”, holds")
    assert f"{largest.size / len(trained.labels):.1%}" in map_title(trained)
    features = trained.fitted.segmentation.driving(trained.table.columns)
    values = silhouette_samples(features, trained.labels)
    with drawing():
        title = " ".join(draw_blades(trained).get_suptitle().split())
    assert title.startswith(f"{percent(float(np.mean(values > 0)))} of customers")
    assert title.endswith(f"(mean silhouette {values.mean():.2f})")


def test_profiles_write_the_means_in_raw_units(trained: Trained, folder: Path) -> None:
    written = texts(folder, "profiles")
    for segment in range(trained.choice.k):
        own = trained.labels == segment
        for name in ("age", "annual_income", "spending_score"):
            assert number(float(trained.table.columns[name][own].mean())) in written
        assert percent(float(np.mean(trained.table.columns["gender"][own] == "Male"))) in written


def test_the_profiles_title_names_the_column_that_was_not_used(trained: Trained, ten: Trained) -> None:
    share = explained(trained.table.columns["age"], trained.labels)
    assert f"segments differ most in age: {percent(share)} of its variance" in profiles_title(trained)
    assert "segments differ most in gender" in profiles_title(ten)


def test_explained_is_the_share_between_segments() -> None:
    labels = np.array([0, 0, 1, 1])
    assert explained(np.array([1.0, 3.0, 2.0, 2.0]), labels) == 0.0
    assert explained(np.array([0.0, 2.0, 4.0, 6.0]), labels) == pytest.approx(0.8)
    assert explained(np.array([np.nan, 2.0, 4.0, np.nan]), labels) == 1.0
    assert explained(np.full(4, 7.0), labels) == 0.0


def test_the_confusion_title_names_the_commonest_mistake(trained: Trained) -> None:
    chosen, names = trained.selection.chosen, [segment.name for segment in trained.fitted.segments]
    counts = 90 * np.eye(5, dtype=int)
    perfect = replace(trained, evaluation=trained.evaluation | {"confusion": {chosen: counts.tolist()}})
    assert confusion_title(perfect).endswith("gives back 100% of held-out segments")
    counts[3, 1] = 50
    mistaken = replace(trained, evaluation=trained.evaluation | {"confusion": {chosen: counts.tolist()}})
    assert "gives back 90%" in confusion_title(mistaken)
    assert confusion_title(mistaken).endswith(f"takes “{names[3]}” for “{names[1]}”")


def test_the_calibration_title_tells_the_best_and_the_worst(trained: Trained) -> None:
    judged = trained.evaluation["classifiers"][trained.selection.chosen]
    names = ("complete", "without annual_income", "without spending_score")
    errors = [judged[name]["fidelity"]["calibration_error"] for name in names]
    errors.append(judged["without annual_income, spending_score"]["fidelity"]["calibration_error"])
    title = calibration_title(trained)
    assert title.index(f"by {100 * min(errors):.1f} points") < title.index(
        f"by {100 * max(errors):.1f} points"
    )


def test_without_a_threshold_no_point_is_marked(trained: Trained, one_column: Trained) -> None:
    selective = trained.evaluation["selective"]
    assert selective_title(trained).startswith(f"From a probability of {percent(selective['threshold'])} on")
    unsure = {**selective, "threshold": 1.0, "accuracy": None, "answered": 0.0}
    without = replace(trained, evaluation=trained.evaluation | {"selective": unsure})
    with drawing():
        figure, usual = draw_selective(without), draw_selective(trained)
    assert figure.get_suptitle().startswith("No probability is high enough to be right 90% of the time")
    assert not [text for text in figure.axes[0].texts if "answer from" in text.get_text()]
    assert [text for text in usual.axes[0].texts if "answer from" in text.get_text()]


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 3)), min_size=1, max_size=12))
def test_spread_labels_keep_their_order_and_never_overlap(labels: list[tuple[float, float]]) -> None:
    places, sizes = zip(*labels, strict=True)
    moved = spread(places, sizes)
    order = sorted(range(len(places)), key=lambda each: (places[each], each))
    for below, above in pairwise(order):
        assert moved[above] - moved[below] >= (sizes[above] + sizes[below]) / 2 - 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([5.0, 1.0, 9.0], [1.0, 1.0, 1.0]) == [5.0, 1.0, 9.0]
    assert spread([1.0, 1.0], [1.0, 3.0]) == [-0.5, 1.5]


@pytest.mark.parametrize(
    ("value", "said"),
    [(7101.4, "7,101"), (86.54, "86.5"), (0.966, "0.97"), (2_345_678.0, "2.3M"), (-3.5, "-3.50")],
)
def test_a_number_is_said_short(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0%"), (0.001, "under 1%"), (0.42, "42%"), (0.9986, "99.8%"), (1.0, "100%")]
)
def test_a_percentage_never_rounds_a_few_away(share: float, said: str) -> None:
    assert percent(share) == said


def test_names_break_after_commas() -> None:
    assert named("High Income, High Score") == "High Income,\nHigh Score"
    assert named("Low Age, Low Income, High Score") == "Low Age, Low Income,\nHigh Score"
    assert named("Average") == "Average"
