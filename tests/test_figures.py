"""Checks that figures are reproducible to the byte, state the results, and show no customer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sklearn.metrics import silhouette_samples

from inference import InputError
from tests.drawn import drawn, texts
from tests.fake_results import choice_of
from trainer import Trained, draw_figure
from trainer.report.figures import FIGURES, write_figures
from trainer.report.figures.choice_figures import elbow_title, silhouette_title, stability_title
from trainer.report.figures.evaluation_figures import (
    calibration_title,
    confusion_title,
    draw_selective,
    selective_title,
)
from trainer.report.figures.figure_style import (
    SEGMENT_COLOURS,
    drawing,
    named,
    number,
    percent,
    save,
    segment_colours,
)
from trainer.report.figures.segment_figures import draw_blades, profiles_title
from trainer.report.figures.segment_map import map_title
from trainer.segments.cluster_metrics import eta_squared

LARGEST_FILE = 150_000


STEPS: list[tuple[str, int, int]] = []


@pytest.fixture(scope="module")
def folder(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("figures")
    paths = write_figures(trained, place, progress=lambda *step: STEPS.append(step))
    assert paths == [place / f"{name}.svg" for name in FIGURES]
    return place


def test_every_figure_is_written_and_reported_as_progress(folder: Path) -> None:
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
def test_a_file_is_small_without_a_date_and_has_its_result_as_title(
    figures: dict[str, Figure], folder: Path, name: str
) -> None:
    content = (folder / f"{name}.svg").read_text(encoding="utf-8")
    finding = " ".join(figures[name].get_suptitle().split())
    assert len(content.encode()) < LARGEST_FILE
    assert "<dc:date>" not in content
    assert "matplotlib.org" not in content
    assert f"<title>{finding}</title>" in content


def test_one_figure_is_drawn_as_the_text_of_its_file(trained: Trained, folder: Path) -> None:
    assert draw_figure(trained, "segments") == (folder / "segments.svg").read_text(encoding="utf-8")


def test_refuses_a_figure_that_does_not_exist(trained: Trained) -> None:
    with pytest.raises(InputError, match=r"a figure must be one of 'elbow', .*, but it is 'map'"):
        draw_figure(trained, "map")


def test_letters_can_be_read_on_a_phone(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        assert figure.get_figwidth() == 6.0
        words = [text for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]
        assert min(float(text.get_fontsize()) for text in words) >= 9.0


def test_ten_segments_stay_named_coloured_and_small(ten: Trained, tmp_path: Path) -> None:
    for name in ("blades", "segments", "profiles", "confusion"):
        with drawing():
            save(FIGURES[name](ten), tmp_path / name)
        assert (tmp_path / name).stat().st_size < LARGEST_FILE
    names = {text.get_text() for text in drawn(ten, "segments").axes[0].texts}
    assert names == {named(segment.name) for segment in ten.fitted.segments}
    assert len(set(segment_colours(10))) == 10


def test_a_segment_has_the_colour_it_has_on_the_page(trained: Trained, figures: dict[str, Figure]) -> None:
    from service.page.draw import palette

    assert SEGMENT_COLOURS == palette.LIGHT
    marks = [to_hex(line.get_color()) for line in figures["segments"].axes[0].lines]
    assert marks == list(palette.LIGHT[: trained.choice.k])


def test_the_silhouette_title_follows_the_decision(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)
    assert silhouette_title(choice) == "Silhouette is highest at k = 5, above what one population reaches"
    noise = replace(choice, kind="constructive", limit=1_000.0)
    within = "k = 5 is constructive: its silhouette is within what one population reaches"
    assert silhouette_title(noise) == within
    small = replace(choice, kind="reproducible", settings=replace(choice.settings, min_excess=0.9))
    assert silhouette_title(small) == within.replace("constructive", "reproducible")
    users = replace(choice, k=3, chosen_by="user")
    assert silhouette_title(users).startswith("k = 3 was chosen by the user; its silhouette is above")


def test_a_peak_that_was_not_chosen_is_named(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)
    rows = [replace(row, silhouette=0.9) if row.k == 8 else row for row in choice.table]
    assert silhouette_title(replace(choice, table=tuple(rows))) == (
        "The silhouette of k = 5 is above what one population reaches; k = 8 has a higher one"
    )


def test_the_silhouette_is_drawn_with_what_one_population_reaches(figures: dict[str, Figure]) -> None:
    words = [text.get_text() for text in figures["silhouette"].axes[0].texts]
    assert {"this table", "one population:\nlimit", "its mean"} <= set(words)


def test_the_elbow_title_states_whether_it_agrees(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)
    assert elbow_title(replace(choice, elbow=5)) == "The elbow also recommends k = 5"
    assert elbow_title(replace(choice, elbow=4)) == "The elbow recommends k = 4; k = 5 was chosen"
    assert "without a clear bend" in elbow_title(replace(choice, elbow=None))


def test_the_stability_title_names_the_k_that_reappear(trained: Trained) -> None:
    choice = choice_of(trained.choice, 5)

    def with_stable(*ks: int) -> str:
        rows = [replace(row, ari=float(row.k in ks), jaccard=1.0) for row in choice.table]
        return stability_title(replace(choice, table=tuple(rows)))

    assert with_stable(5).startswith("With k = 5 the same segments reappear reliably")
    assert with_stable(3, 5).startswith("With k = 3 and 5 the same segments reappear")
    assert with_stable(3).endswith("but not for k = 5")
    assert with_stable().startswith("For no k do the same segments reappear")
    assert with_stable(*range(2, 11)).startswith("For every k the same segments reappear")


def test_the_map_and_blades_titles_are_counted(trained: Trained) -> None:
    largest = max(trained.fitted.segments, key=lambda segment: segment.size)
    assert map_title(trained).startswith(f"{trained.choice.k} segments; the largest, “{largest.name}”, has")
    assert f"{largest.size / len(trained.labels):.1%}" in map_title(trained)
    features = trained.fitted.segmentation.clustering(trained.table.columns)
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
    share = eta_squared(trained.table.columns["age"], trained.labels)
    assert f"segments differ most in age: {percent(share)} of its variance" in profiles_title(trained)
    assert "segments differ most in gender" in profiles_title(ten)


def test_explained_is_the_share_between_segments() -> None:
    labels = np.array([0, 0, 1, 1])
    assert eta_squared(np.array([1.0, 3.0, 2.0, 2.0]), labels) == 0.0
    assert eta_squared(np.array([0.0, 2.0, 4.0, 6.0]), labels) == pytest.approx(0.8)
    assert eta_squared(np.array([np.nan, 2.0, 4.0, np.nan]), labels) == 1.0
    assert eta_squared(np.full(4, 7.0), labels) == 0.0


def test_the_confusion_title_names_the_most_common_mistake(trained: Trained) -> None:
    chosen, names = trained.selection.chosen, [segment.name for segment in trained.fitted.segments]
    counts = 90 * np.eye(5, dtype=int)
    perfect = replace(trained, evaluation=replace(trained.evaluation, confusion={chosen: counts.tolist()}))
    assert confusion_title(perfect).endswith("reproduces 100% of held-out segments")
    counts[3, 1] = 50
    mistaken = replace(trained, evaluation=replace(trained.evaluation, confusion={chosen: counts.tolist()}))
    assert "reproduces 90%" in confusion_title(mistaken)
    assert confusion_title(mistaken).endswith(f"is “{names[1]}” instead of “{names[3]}”")


def test_the_calibration_title_names_the_best_and_the_worst(trained: Trained) -> None:
    judged = trained.evaluation.classifiers[trained.selection.chosen]
    patterns = ((), ("annual_income",), ("spending_score",), ("annual_income", "spending_score"))
    errors = [judged[pattern].fidelity["calibration_error"] for pattern in patterns]
    title = calibration_title(trained)
    assert title.index(f"by {100 * min(errors):.1f} points") < title.index(
        f"by {100 * max(errors):.1f} points"
    )


def test_without_a_threshold_no_point_is_marked(trained: Trained, one_column: Trained) -> None:
    selective = trained.evaluation.selective
    assert selective_title(trained).startswith(f"With a threshold of {percent(selective.threshold)}, ")
    unsure = replace(selective, threshold=1.0, accuracy=None, answered=0.0)
    without = replace(trained, evaluation=replace(trained.evaluation, selective=unsure))
    with drawing():
        figure, usual = draw_selective(without), draw_selective(trained)
    assert figure.get_suptitle().startswith("No probability is high enough to be right 90% of the time")
    assert not [text for text in figure.axes[0].texts if "threshold" in text.get_text()]
    assert [text for text in usual.axes[0].texts if "threshold" in text.get_text()]
