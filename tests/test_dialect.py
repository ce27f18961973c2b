"""Checks that encoding and separator are detected from a file's first bytes, and kept in the output."""

from __future__ import annotations

import pytest

from inference import InputError, Segmenter
from inference.files.options import ReadOptions
from inference.files.read.delimited.dialect import find_dialect, is_mostly_utf8, separator_line
from tests.scored_files import HEADER, ROW, score, text

pytestmark = pytest.mark.fast

FRENCH = "né à Besançon; garçon; forêt; maïs; où; déjà; Noël; évêque; tête; hôtel; âme; île; août; mère; père"
POLISH = (
    "Zażółć gęślą jaźń; Łódź; Kraków; święto; źródło; mąż; dąb; ślub; ćma; wąż; żaba; łza; pięść; kość; "
    "gołąb; książę; dziewięć; śnieg; żółw; późno; błąd; ręka; ząb"
)
RUSSIAN = "Москва; Санкт-Петербург; Новосибирск; Екатеринбург; покупатель; женщина; мужчина; улица"


def encoding_of(sample: bytes, encoding: str = "") -> str:
    return find_dialect(sample, True, ReadOptions(encoding=encoding)).encoding


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "cp1252"),
        ("Müller", "cp1252"),
        ("5 €", "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        ("東京都港区の田中さん、大阪府の鈴木さん、表示", "shift_jis"),
    ],
)
def test_finds_the_encoding(content: str, encoding: str) -> None:
    assert encoding_of(text(f"1,{content}\n" * 5, header="id,name").encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
    ],
)
def test_a_mark_tells_the_encoding_whatever_was_said(mark: bytes, encoding: str) -> None:
    assert encoding_of(mark + "id,name\n1,é\n".encode(encoding), encoding="cp1252") == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_finds_wide_text_without_a_mark(encoding: str) -> None:
    assert encoding_of(text(ROW).encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("said", "meant"),
    [("UTF-16", "utf-16-le"), ("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("L1", "iso8859-1")],
)
def test_an_encoding_may_be_said_by_any_of_its_names(said: str, meant: str) -> None:
    assert encoding_of("a,b\n1,2\n".encode(meant), encoding=said) == meant


def test_one_damaged_byte_does_not_make_utf8_another_encoding() -> None:
    assert is_mostly_utf8("é è ü".encode() + b"\xff")
    assert not is_mostly_utf8("é è ü".encode("cp1252"))
    assert encoding_of("é,è,ü\n".encode() * 3 + b"caf\xe9,,\n") == "utf-8"


def test_bytes_that_mean_nothing_in_cp1252_come_out_as_they_were(published: Segmenter) -> None:
    source = HEADER.encode() + b",name\n" + ROW.encode() + b",caf\xe9 \x81\x8d\n"
    data, scored = score(published, source)
    assert b",caf\xe9 \x81\x8d," in data
    assert scored.complete == 1


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical")]
)
def test_finds_the_separator_and_says_so(published: Segmenter, separator: str, name: str) -> None:
    data, scored = score(published, text(ROW, ROW).replace(",", separator))
    assert scored.complete == 2
    assert name in scored.reading.assumed[0]
    assert data.splitlines()[0].endswith(separator.join(["", "route", "novelty", "error", "note"]).encode())


def test_commas_within_cells_are_no_separators(published: Segmenter) -> None:
    header = HEADER.replace(",", ";") + ";note, long"
    _, scored = score(published, text("1;F;31;17,5;40;a, b, c, d, e, f", header=header))
    assert scored.complete == 1
    assert scored.reading.headers[-1] == "note, long"


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ("sep=;\r\nx", ";"),
        ("SEP=\t\nx", "\t"),
        ('"sep=;"\nx', ";"),
        ("sep=;;\n", ""),
        ("sep=", ""),
        ("sepia,x", ""),
    ],
)
def test_reads_a_line_that_tells_the_separator(line: str, reported: str) -> None:
    assert separator_line(line) == reported


def test_letters_beyond_the_sample_may_be_latin(published: Segmenter) -> None:
    source = (
        (HEADER + ",name\n").encode()
        + (ROW + ",abc\n").encode() * 45_000
        + (ROW + ",").encode()
        + b"caf\xe9\n"
    )
    data, scored = score(published, source)
    assert b",caf\xe9," in data
    assert "read as cp1252" in scored.reading.assumed[0]
    assert (scored.complete, scored.undecodable) == (45_001, 0)


def test_refuses_an_encoding_that_nobody_knows() -> None:
    with pytest.raises(InputError, match="must be one that Python knows"):
        ReadOptions(encoding="klingon")


def test_refuses_nul_bytes_in_the_sample() -> None:
    with pytest.raises(InputError, match="NUL byte on line 2"):
        encoding_of(b"a,b\n1,\x00" + b"2\n" * 20)


def test_turkish_letters_are_not_taken_for_icelandic_ones() -> None:
    turkish = "Müşteri No;Şehir;Sipariş\n1;İstanbul;4\n2;Iğdir;5\n".encode("cp1254")
    icelandic = "Númer;Staður\n1;Þórshöfn\n2;Ísafjörður\n".encode("cp1252")
    found = [find_dialect(text, True, ReadOptions()) for text in (turkish, icelandic)]
    assert [each.encoding for each in found] == ["cp1254", "cp1252"]
    assert all(each.guessed for each in found)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Klient;Miasto\n1;Łódź\n2;Częstochowa\n3;Białystok\n4;październik\n", "cp1250"),
        ("Klient;Kwota\n1;2,50 zł\n2;3,75 zł\n", "cp1250"),
        ("Zákazník;Město\n1;Plzeň\n2;Přerov\n3;České Budějovice\n4;Žďár\n", "cp1250"),
        ("Stranka;Mesto\n1;Črnomelj\n2;Škofja Loka\n3;Kočevje\n", "cp1250"),
        ("Client;Ville\n1;Évreux\n2;Besançon\n3;Šárka Lefèvre\n", "cp1252"),
        ("Kunde;By;Rum\n1;Tårnby;3 m³\n2;København;1¹\n3;Šimić;£5\n", "cp1252"),
    ],
    ids=["Polish", "zloty", "Czech", "Slovene", "French", "Danish"],
)
def test_central_european_letters_are_told_from_western_ones(text: str, encoding: str) -> None:
    assert find_dialect(text.encode(encoding, "replace"), True, ReadOptions()).encoding == encoding


def test_utf_8_and_a_given_encoding_are_not_guesses() -> None:
    assert not find_dialect("Größe;Ort\n1;Köln\n".encode(), True, ReadOptions()).guessed
    assert not find_dialect(
        "Größe;Ort\n1;Köln\n".encode("cp1252"), True, ReadOptions(encoding="cp1252")
    ).guessed
