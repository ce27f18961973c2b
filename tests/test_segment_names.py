"""Checks the owner's names of segments: what one may be, the file of them, who may rename, and the cards."""

from __future__ import annotations

import csv
import io
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from inference import Contract, InputError, Segmenter, score_file
from service.page.page import build_page
from service.page.segments.names.name_rules import is_name, is_taken, tidy
from service.page.segments.names.names_file import NamesFile
from service.page.segments.names.rename_form import is_own_page
from service.page.segments.names.renaming import PageNames, Refusal, Renaming
from service.page.segments.segment_cards import segment_cards
from service.page.segments.segment_export import IN_MODEL, segments_csv
from service.page.texts import segments_texts as texts
from service.settings import ADMIN, PREDICT, ApiKey, Settings, digest_of

RIGHT_TO_LEFT, ZERO_WIDTH = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}"


@pytest.fixture
def contract(published: Segmenter) -> Contract:
    return published.contract


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "names" / "names.json"


def opened(path: Path) -> Renaming:
    return Renaming(path, anyone=True)


@pytest.mark.parametrize(
    "text", ["Champions", "a" * 60, "Gäste & Freunde", "⭐ Stammkunden", "常連客", "عملاء"]
)
def test_a_name_may_have_every_letter(text: str) -> None:
    assert is_name(tidy(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "a" * 61, "<b>", "a\nb", "a\tb", "a\x00", f"a{RIGHT_TO_LEFT}b", f"a{ZERO_WIDTH}b"),
        *("\ud800", "=1+1", "+1", "-1", "@SUM(A1)"),
    ],
)
def test_what_a_name_may_not_be(text: str) -> None:
    assert not is_name(tidy(text))


def test_names_that_read_the_same_are_the_same() -> None:
    assert is_taken("CHAMPIONS", ["champions"])
    assert is_taken("Champions  club", ["champions club"])
    assert is_taken(tidy("Cafe\N{COMBINING ACUTE ACCENT}"), ["CAFÉ"])
    assert not is_taken("Champions", ["Champion"])


def test_a_name_survives_a_restart(path: Path, contract: Contract) -> None:
    NamesFile(path).change(contract, contract.segments[2], "Champions")
    assert NamesFile(path).names(contract) == {2: "Champions"}
    NamesFile(path).change(contract, contract.segments[2], None)
    assert NamesFile(path).names(contract) == {}


def test_without_a_file_every_segment_has_the_name_of_the_model(path: Path, contract: Contract) -> None:
    assert NamesFile(path).names(contract) == {}
    assert not path.exists()


def test_names_of_another_model_are_kept_but_not_applied(
    path: Path, contract: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    other = replace(contract, name="another-shop")
    NamesFile(path).change(other, other.segments[2], "Guests")
    NamesFile(path).change(contract, contract.segments[1], "Champions")
    file = NamesFile(path)
    with caplog.at_level(logging.WARNING):
        assert file.names(contract) == {1: "Champions"}
        assert file.names(contract) == {1: "Champions"}
    assert caplog.text.count("1 of 2 names") == 1
    assert "Guests" not in caplog.text
    assert NamesFile(path).names(other) == {2: "Guests"}


def test_a_segment_of_another_training_keeps_its_name_only_if_it_is_the_same(
    path: Path, contract: Contract
) -> None:
    NamesFile(path).change(contract, contract.segments[1], "Champions")
    first, second, *rest = contract.segments
    resized = replace(contract, segments=(first, replace(second, size=7), *rest))
    assert NamesFile(path).names(resized) == {1: "Champions"}
    changed = replace(contract, segments=(first, replace(second, name="Young, high income"), *rest))
    assert NamesFile(path).names(changed) == {}


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"{}", b'{"format":2,"names":[]}', b'{"format":1,"names":[{}]}', b'{"format":1,"names":5}'],
)  # fmt: skip
def test_a_file_that_is_something_else_is_never_overwritten(
    tmp_path: Path, contract: Contract, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "names.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert NamesFile(path).names(contract) == {}
    assert "SEGMENT_NAMES_FILE must be a file that the app wrote" in caplog.text
    with pytest.raises(InputError, match="SEGMENT_NAMES_FILE must be"):
        NamesFile(path).change(contract, contract.segments[0], "Champions")
    assert path.read_bytes() == content


def test_names_that_somebody_wrote_into_the_file_are_checked(tmp_path: Path, contract: Contract) -> None:
    names = ["<script>", "Champions", "champions", contract.segments[0].name, "=1+1"]
    entries = [
        {"model": contract.name, "segment_id": each.id, "segment": each.name, "name": name}
        for each, name in zip(contract.segments, names, strict=True)
    ]
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"format": 1, "names": entries}), encoding="utf-8")
    assert NamesFile(path).names(contract) == {1: "Champions"}


def test_a_segment_is_renamed_and_gets_its_name_back(path: Path, contract: Contract) -> None:
    renaming, made = opened(path), []
    renaming.changed = lambda: made.append(renaming.names(contract))
    assert renaming.rename(contract, contract.segments[0], "  Champions ", key="") is None
    assert renaming.rename(contract, contract.segments[0], "Champions club", key="") is None
    assert renaming.rename(contract, contract.segments[0], "", key="") is None
    assert made == [{0: "Champions"}, {0: "Champions club"}, {}]


def test_two_segments_never_have_one_name(path: Path, contract: Contract) -> None:
    renaming = opened(path)
    first, second = contract.segments[:2]
    assert renaming.rename(contract, first, "Champions", key="") is None
    assert renaming.rename(contract, second, "CHAMPIONS", key="") is Refusal.TAKEN
    assert renaming.rename(contract, second, first.name, key="") is Refusal.TAKEN
    assert renaming.rename(contract, second, "<b>", key="") is Refusal.RULE
    assert renaming.rename(contract, first, "champions", key="") is None
    assert renaming.rename(contract, first, first.name, key="") is None
    assert renaming.names(contract) == {}


def test_only_a_key_for_administration_renames(path: Path, contract: Contract) -> None:
    keys = (
        ApiKey(name="owner", scopes=frozenset({ADMIN}), digest=digest_of("cs_owner")),
        ApiKey(name="shop", scopes=frozenset({PREDICT}), digest=digest_of("cs_shop")),
    )
    renaming = Renaming.of(Settings(api_keys=keys, segment_names_file=path))
    assert renaming is not None
    assert renaming.possible
    assert renaming.asks_key
    for key in ("", "cs_shop", "cs_owner2"):
        assert renaming.rename(contract, contract.segments[0], "Champions", key=key) is Refusal.KEY
    assert not path.exists()
    assert renaming.rename(contract, contract.segments[0], "Champions", key="cs_owner ") is None
    assert renaming.names(contract) == {0: "Champions"}


def test_without_a_key_or_leave_nobody_renames(path: Path, contract: Contract) -> None:
    assert Renaming.of(Settings()) is None
    renaming = Renaming.of(Settings(segment_names_file=path))
    assert renaming is not None
    assert not renaming.possible
    assert renaming.rename(contract, contract.segments[0], "Champions", key="") is Refusal.KEY


def test_a_name_that_cannot_be_shown_is_not_kept(
    path: Path, contract: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    renaming = opened(path)
    assert renaming.rename(contract, contract.segments[0], "Champions", key="") is None

    def fail() -> None:
        raise RuntimeError("a page that cannot be made")

    renaming.changed = fail
    assert renaming.rename(contract, contract.segments[0], "Guests", key="") is Refusal.FAILED
    assert renaming.names(contract) == {0: "Champions"}
    assert "RuntimeError" in caplog.text


def test_a_folder_that_cannot_be_written_is_logged(
    tmp_path: Path, contract: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    renaming = opened(tmp_path / "file" / "names.json")
    assert renaming.rename(contract, contract.segments[0], "Champions", key="") is Refusal.FAILED
    assert "no segment was renamed" in caplog.text
    assert "Champions" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"host": "a.example", "origin": "https://a.example"}, True),
        ({"host": "10.0.0.1", "x-forwarded-host": "a.example", "origin": "https://A.example"}, True),
        ({"host": "a.example", "origin": "https://b.example"}, False),
        ({"host": "a.example", "origin": "null"}, False),
        ({"host": "a.example", "origin": "https://a.example", "sec-fetch-site": "same-origin"}, True),
        ({"host": "a.example", "origin": "https://a.example", "sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
def test_only_the_page_itself_may_ask(headers: dict[str, str], own: bool) -> None:
    assert is_own_page(Headers(headers)) is own


def named(published: Segmenter, path: Path, *, anyone: bool) -> PageNames:
    renaming = Renaming(path, anyone=anyone)
    return PageNames(renaming=renaming, model=published, names={1: "Champions"})


def test_a_renamed_card_says_what_the_model_calls_it(published: Segmenter, path: Path) -> None:
    names = named(published, path, anyone=True)
    shown = segment_cards(names.shown.contract, names=names)
    own = published.contract.segments[1].name
    assert 'aria-label="Champions"' in shown
    assert shown.count(texts.RENAME_MODEL.format(name=own)) == 1
    assert shown.count('data-rename="open"') == len(published.contract.segments)
    assert shown.count('data-rename="back"') == 1
    assert 'name="key"' not in shown


def test_who_may_not_rename_sees_the_names_without_a_form(published: Segmenter, path: Path) -> None:
    names = named(published, path, anyone=False)
    shown = segment_cards(names.shown.contract, names=names)
    assert 'aria-label="Champions"' in shown
    assert "data-rename" not in shown


def test_the_file_of_segments_has_both_names(published: Segmenter, path: Path) -> None:
    names = named(published, path, anyone=True)
    in_model = {each.id: each.name for each in published.contract.segments}
    rows = list(csv.DictReader(io.StringIO(segments_csv(names.shown.contract, in_model))))
    assert rows[1]["segment"] == "Champions"
    assert [row[IN_MODEL] for row in rows] == list(in_model.values())
    assert IN_MODEL not in segments_csv(published.contract)


def test_without_a_file_of_names_nothing_of_it_is_on_the_page(published: Segmenter, path: Path) -> None:
    page = json.dumps(build_page(published).get_config_file(), default=str)
    assert "rename" not in page.lower()
    names = named(published, path, anyone=True)
    assert segment_cards(published.contract) != segment_cards(published.contract, names=names)


def test_a_file_that_the_page_scores_has_the_names_of_the_page(published: Segmenter, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("annual_income,spending_score\n80,80\n", encoding="utf-8")
    score_file(published.renamed({0: "Champions"}), tmp_path / "in.csv", tmp_path / "out.csv")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig")))
    assert row["segment"] == "Champions"


def test_a_renamed_model_answers_as_the_file_does(published: Segmenter) -> None:
    customer = {"annual_income": 80, "spending_score": 80}
    own, other = published.predict(**customer), published.renamed({0: "Champions"}).predict(**customer)
    assert own.segment_id == other.segment_id == 0
    assert other.segment == "Champions"
    assert (own.probability, own.novelty) == (other.probability, other.novelty)
    assert list(other.probabilities.values()) == list(own.probabilities.values())
    assert published.predict(**customer).segment == own.segment
