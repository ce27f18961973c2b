"""Checks lists for ad platforms: normalised and hashed as prescribed, with consent only, and never short."""

from __future__ import annotations

import csv
import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from inference import InputError
from service.page.segments.audience_card import make_lists
from service.page.segments.audiences import LEAST, audiences
from service.page.segments.contact_hashes import hashed, normal_address, normal_number


def test_the_hash_is_the_published_one() -> None:
    """The example of FIPS 180-4 (one block), in lowercase digits as the platforms want them."""
    assert hashed("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("+1 212 565 0000", "", "+12125650000"),
        ("00442070313000", "", "+442070313000"),
        ("+44 (0)20 7031 3000", "", "+442070313000"),
        ("020 7031 3000", "44", "+442070313000"),
        ("020 7031 3000", "", ""),
        ("call me", "44", ""),
        ("+1234567890123456", "", ""),
    ],
)
def test_numbers_are_e164_or_nothing(text: str, country: str, wanted: str) -> None:
    assert normal_number(text, country) == wanted


@pytest.mark.parametrize("text", ["", "jane", "jane@", "jane@example", "a@b@example.com", "@example.com"])
def test_what_is_no_address_is_not_hashed(text: str) -> None:
    assert normal_address(text) == ""


def table(rows: list[str], header: str = "Email,Phone,Consent,segment") -> str:
    return "\n".join([header, *rows])


def members(count: int, segment: str = "Loyal", consent: str = "yes") -> list[str]:
    return [
        f" User{place}@Example.com,+49 30 {1000000 + place},{consent},{segment}" for place in range(count)
    ]


def test_each_platform_gets_its_own_hashes_and_no_contact_in_plain_text() -> None:
    made = audiences(table(members(LEAST)))
    files = unpacked(made.archive)
    assert set(files) == {"google/1-loyal.csv", "meta/1-loyal.csv"}
    google, meta = (
        list(csv.DictReader(io.StringIO(files[f"{name}/1-loyal.csv"]))) for name in ("google", "meta")
    )
    assert digest("+49301000000") in {row["Phone"] for row in google}
    assert digest("49301000000") in {row["phone"] for row in meta}
    assert {row["Email"] for row in google} == {digest(f"user{place}@example.com") for place in range(LEAST)}
    assert all("@" not in text for text in files.values())


def test_a_segment_with_too_few_contacts_has_no_list() -> None:
    made = audiences(table([*members(LEAST), *members(LEAST - 1, "Rare")]))
    assert made.small == {"Rare"}
    assert all("rare" not in name for name in unpacked(made.archive))
    assert audiences(table(members(LEAST - 1))).archive == b""


def test_repeated_contacts_do_not_make_a_list_longer() -> None:
    assert audiences(table(members(1) * LEAST)).contacts == {"Loyal": 1}


@pytest.mark.parametrize("consent", ["no", "", "maybe", "false"])
def test_without_consent_nobody_is_in_a_list(consent: str) -> None:
    made = audiences(table([*members(LEAST), f"other@example.com,,{consent},Loyal"]))
    assert (made.refused, made.contacts["Loyal"]) == (1, LEAST)


def test_rows_without_a_usable_contact_are_counted() -> None:
    assert audiences(table(["nobody,12,yes,Loyal"])).unusable == 1


def test_a_consent_column_that_names_the_address_is_not_the_address() -> None:
    made = audiences("email;email consent;segment\na@example.com;yes;Loyal\n")
    assert made.contacts == {"Loyal": 1}


@pytest.mark.parametrize(
    ("text", "country", "named"),
    [
        ("email\na@example.com", "", "column 'segment'"),
        ("", "", "column 'segment'"),
        ("segment\nLoyal", "", "e-mail or phone"),
        ("email,e-mail 2,segment\n", "", "remove all but one"),
        ("email,segment\n", "+49", "country code"),
    ],
)
def test_what_is_missing_is_said(text: str, country: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        audiences(text, country=country)


def unpacked(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_the_upload_is_deleted_and_the_lists_can_be_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    for lines, wanted in ((members(LEAST), True), (["jane"], False)):
        upload = tmp_path / "scored.csv"
        upload.write_text(table(lines), encoding="utf-8")
        _, shown, download = make_lists(str(upload), "")
        assert not upload.exists()
        assert download["visible"] is wanted
        assert "example.com" not in shown
    assert "There is no file" in make_lists(str(tmp_path.parent / "other.csv"), "")[1]
