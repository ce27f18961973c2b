"""Checks that the user's own names are used unchanged, or refused with a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import InputError
from trainer import Trained
from trainer.segments.overrides import apply_overrides, read_overrides


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_tiers_and_actions_are_replaced(tmp_path: Path, trained: Trained) -> None:
    text = '[segments."Mid income, mid score"]\nname = "Käufer"\ntier = "premium"\naction = "Grüßen."\n'
    changed = apply_overrides(trained.fitted.segments, read_overrides(_file(tmp_path, text)))
    assert [(each.name, each.tier, each.action) for each in changed if each.id == 1] == [
        ("Käufer", "premium", "Grüßen.")
    ]
    assert changed[0] == trained.fitted.segments[0]
    assert (changed[1].because, bool(changed[0].because)) == ("", True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[segments", "must be readable TOML"),
        ("[names]\n", r"must contain tables like \[segments"),
        ("segments = 3\n", "must contain tables like"),
        ("[segments.Average]\n", "must have some of"),
        ('[segments."Mid income, mid score"]\ncolour = "red"\n', r"must have some of .*\['colour'\]"),
        ("[segments.Average]\nname = 3\n", "'name' of segment 'Average' .* must be text, but it is 3"),
        ('[segments."Mid income, mid score"]\nname = " "\n', "must be text"),
        (
            '[segments."Mid income, mid score"]\ntier = "gold"\n',
            "must be 'premium', 'average' or 'low-spending', but it is 'gold'",
        ),
    ],
)
def test_refuses_a_file_without_usable_entries(tmp_path: Path, text: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        read_overrides(_file(tmp_path, text))


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_overrides(tmp_path / "nothing.toml")


def test_refuses_an_unknown_segment_name(trained: Trained) -> None:
    with pytest.raises(
        InputError, match=r"no segment has the name 'Mid incom'.*Did you mean 'Mid income, mid score'"
    ):
        apply_overrides(trained.fitted.segments, {"Mid incom": {"name": "x"}})


def test_another_tier_gets_its_own_action(trained: Trained) -> None:
    changed = apply_overrides(trained.fitted.segments, {"Low income, low score": {"tier": "premium"}})
    (segment,) = (each for each in changed if each.name == "Low income, low score")
    assert segment.action.startswith("Retain")


def test_refuses_two_segments_with_the_same_name(trained: Trained) -> None:
    with pytest.raises(InputError, match="must have different names"):
        apply_overrides(trained.fitted.segments, {"Mid income, mid score": {"name": "Low income, low score"}})
