"""Checks that every language has every text of the page, with the same placeholders and its own words."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest

from service.languages.language import LANGUAGES, OTHERS, Language, speaking
from service.languages.plurals import Plural
from service.languages.translated import TranslatedTexts, catalogue, section
from tests.conftest import ROOT

SAME_EVERYWHERE = {  # names of files, headers of a file, words of the contract, signs
    "score_texts.SCORE_OUTPUTS",
    "score_texts.SCORE_EXAMPLE_NAME",
    "segments_texts.EXPORT_NAME",
    "segments_texts.HEADERS",
    "segments_texts.AUDIENCES_NAME",
    "customers_texts.MOVED_NAME",
    "customers_texts.MOVED_HEADERS",
    "own_data_texts.TIERS",
    "model_texts.NONE",
    "model_texts.COL_K",
    "model_texts.COL_F1",
}
ALIKE = {  # texts that are written as in English in some language, and should be
    *("UTF-8", "UTF-16", "F1", "PSI {value}", "JSON", "XGBoost", "Random forest", "Random Forest", "Premium"),
    *("Silhouette", "Segment", "Segments", "Name", "Total", "No", "Score", "Action", "Description", "Stable"),
    *(
        "{count} MB",
        "{count} contacts",
        "{count} KB",
        "{percent} %",
        "Excel",
        "Parquet",
        "CSV",
        "MB",
        "Rate {index}",
        "Precision",
    ),
}
FORMS = {
    "en": {"one", "other"},
    "de": {"one", "other"},
    "es": {"one", "many", "other"},
    "fr": {"one", "many", "other"},
    "ja": {"other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
}
_MARKUP = re.compile(r"\{\w+\}")


def modules() -> list[ModuleType]:
    paths = (ROOT / "service").rglob("*_texts.py")
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(paths)]
    loaded = [importlib.import_module(name) for name in names]
    return [each for each in loaded if isinstance(each, TranslatedTexts)]


def english() -> dict[str, Any]:
    return {
        f"{section(module.__name__)}.{name}": text
        for module in modules()
        for name, text in vars(module).items()
        if name.isupper() and f"{section(module.__name__)}.{name}" not in SAME_EVERYWHERE
    }


def of(language: Language) -> dict[str, Any]:
    return {
        f"{table}.{name}": text for table, own in catalogue(language).items() for name, text in own.items()
    }


def parts(text: Any) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    elif isinstance(text, Plural):
        yield text.other
    else:
        for each in text.values() if isinstance(text, Mapping) else text:
            yield from parts(each)


def forms(text: Plural) -> set[str]:
    return {name for name in ("zero", "one", "two", "few", "many", "other") if getattr(text, name)}


languages = pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.code)


def test_every_module_of_texts_of_the_page_is_translated() -> None:
    names = {section(each.__name__) for each in modules()}
    assert {"frame_texts", "answer_texts", "own_data_texts", "segments_texts"} <= names
    assert names == {path.stem for path in (ROOT / "service/page/texts").glob("*_texts.py")} | {
        "own_data_texts"
    }


@languages
def test_no_text_is_missing_and_none_is_unused(language: Language) -> None:
    assert of(language).keys() == english().keys()


@languages
def test_texts_have_the_same_shape_and_placeholders(language: Language) -> None:
    own = of(language)
    for name, text in english().items():
        assert type(own[name]) is type(text), name
        if isinstance(text, Mapping):
            assert own[name].keys() == text.keys(), name
        for first, second in zip(parts(text), parts(own[name]), strict=True):
            assert set(_MARKUP.findall(first)) == set(_MARKUP.findall(second)), name
            assert ("<" in first) == ("<" in second), name


@languages
def test_a_text_about_a_count_has_each_form_of_the_language(language: Language) -> None:
    for name, text in of(language).items():
        if isinstance(text, Plural):
            assert forms(text) == FORMS[language.code], name
            wanted = set(_MARKUP.findall(text.other)) - {"{count}"}
            for form in forms(text):
                assert set(_MARKUP.findall(getattr(text, form))) - {"{count}"} == wanted, (name, form)


@languages
def test_only_words_that_are_alike_are_left_in_english(language: Language) -> None:
    own = of(language)
    same = {
        (name, second)
        for name, text in english().items()
        for first, second in zip(parts(text), parts(own[name]), strict=True)
        if first == second and re.search(r"[A-Za-z]{2}", _MARKUP.sub("", first)) and len(first) > 1
    }
    values = {value for pair in ("SEPARATORS", "ENCODINGS") for value in _values(pair)}
    assert {each for each in same if each[1] not in ALIKE | values} == set()


def _values(name: str) -> Iterator[str]:
    return (value for _, value in english()[f"score_texts.SCORE_{name}"])


@languages
def test_what_a_choice_sends_is_not_translated(language: Language) -> None:
    for name in ("SEPARATORS", "ENCODINGS"):
        assert [each[1] for each in of(language)[f"score_texts.SCORE_{name}"]] == list(_values(name))


def test_no_text_is_taken_out_of_its_module_when_it_is_imported() -> None:
    names = {each.__name__ for each in modules()}
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in names, path


def test_a_text_is_that_of_the_language() -> None:
    from service.page.texts import frame_texts

    assert frame_texts.TAB_INPUT == "Customer input"
    with speaking(LANGUAGES["de"]):
        assert frame_texts.TAB_INPUT == "Kundendaten"
    assert frame_texts.TAB_INPUT == "Customer input"
