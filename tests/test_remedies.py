"""Checks that every error says what to do in the words of the interface that shows it, and stays short."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trainer.schema.table_remedies  # noqa: F401 - defines remedies
from inference import InputError, ScoreOptions, Segmenter, explain, score_file
from inference.files.options import ReadOptions
from inference.files.read.headers import check_headers, match_headers
from inference.files.read.read_table import read_whole
from inference.files.score_advice import WORDS as SCORE_WORDS
from inference.files.score_advice import score_advice
from inference.remedies import FixInput, GiveMissing, MapColumn, Remedy, SetEncoding
from service.api.parameter_advice import ARGUMENT_WORDS, QUERY_WORDS, argument_advice, query_advice
from service.page.views.page_advice import WORDS as PAGE_WORDS
from service.page.views.page_advice import on_page, page_advice
from trainer.cli.own_data_advice import WORDS as OWN_DATA_WORDS
from trainer.cli.own_data_advice import own_data_advice
from trainer.cli.train_advice import WORDS as TRAIN_WORDS
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_columns import find_columns
from trainer.roles.column_names import find

ROOT = Path(__file__).parents[1]
LONGEST = 320  # characters of a message
FRONT_ENDS = (score_advice, train_advice, page_advice, query_advice, argument_advice, own_data_advice)
TABLES: dict[str, Mapping[type[Remedy], Callable[[Any], str]]] = {
    "score": SCORE_WORDS,
    "page": PAGE_WORDS,
    "query": QUERY_WORDS,
    "argument": ARGUMENT_WORDS,
    "train": TRAIN_WORDS,
    "own data": OWN_DATA_WORDS,
}
TEXTS = st.one_of(st.text(max_size=200), st.integers(1, 60).map("x\0ü'\n ".__mul__))


def remedies(module: str) -> list[type[Remedy]]:
    """The remedies of a module for which each interface has its own words."""
    return [each for each in Remedy.__subclasses__() if each.__module__ == module and each is not FixInput]


def example(kind: type[Remedy]) -> Remedy:
    """A remedy with a text, or texts, in every field."""
    types = get_type_hints(kind)
    given = {field.name: _value(types[field.name]) for field in fields(kind)}
    return kind(**given)


def _value(hint: Any) -> Any:
    if hint is str:
        return "age"
    return ("Age", "Sex") if get_args(hint)[0] is str else get_args(hint)[0]


@pytest.mark.parametrize("name", TABLES)
def test_every_interface_has_words_for_every_remedy(name: str) -> None:
    known = remedies("inference.remedies") + (
        remedies("trainer.schema.table_remedies") if name in ("train", "own data") else []
    )
    assert len(known) >= 10
    assert {each.__name__ for each in TABLES[name]} == {each.__name__ for each in known}
    for kind in known:
        words = TABLES[name][kind](example(kind))
        assert words
        assert not words.endswith(".")
        if name in ("page", "query", "argument"):
            assert "--" not in words


@pytest.mark.parametrize(
    "kind", [*remedies("inference.remedies"), *remedies("trainer.schema.table_remedies")]
)
def test_the_neutral_words_name_no_option_of_a_command(kind: type[Remedy]) -> None:
    assert example(kind).advice()
    assert "--" not in example(kind).advice()


def sentences_of(package: str) -> Iterator[tuple[str, str]]:
    """Every text in a package that is not a docstring, with the file it is in."""
    for path in sorted((ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield path.relative_to(ROOT).as_posix(), node.value


def test_only_the_command_lines_know_their_options() -> None:
    at_the_edge = (
        "inference/__main__.py",
        "inference/engines/engine_commands.py",
        "inference/files/compare/command.py",
        "inference/files/read_arguments.py",
        "inference/files/score_advice.py",
        "inference/files/spark/__main__.py",
        "service/train/trainer_commands.py",
        "trainer/__main__.py",
        "trainer/cli/",
    )
    # A draft of settings says in a comment how to run the trainer; styles have custom properties.
    others = ("trainer/roles/settings/settings_draft.py", "service/page/draw/", "service/page/theme.py")
    found = [
        (path, text)
        for package in ("inference", "trainer", "service")
        for path, text in sentences_of(package)
        if not path.startswith((*at_the_edge, *others)) and OPTION.search(text)
    ]
    assert found == []


OPTION = re.compile(
    r"--(amount|cancelled|cluster|column|config|count|currency|customer|data|date|decimal|drop|encoding|exclude|format|force|fresh|ignore"
    r"|init|missing|order|price|quantity|query|rates|refund|separator|sheet|snapshot|status)(-format|-duplicates|-status|-column|-customers)?(?![\w-])"
)


def test_an_error_is_worded_by_the_interface_that_shows_it() -> None:
    ways = [MapColumn(column="age", headers=("Years",)), GiveMissing(column="age")]
    error = InputError("is missing; found: 'Years'", subject="column 'age'", column="age", remedies=ways)
    assert str(error) == (
        "column 'age' is missing; found: 'Years'; map column 'age' to a header, "
        "or declare 'age' missing if no customer has it"
    )
    assert error.sentence(score_advice) == (
        "column 'age' is missing; found: 'Years'; map it with --column age=HEADER, "
        "or give --missing age if no customer has it"
    )
    assert error.sentence(query_advice).endswith(
        "map it with ?column=age=HEADER, or give ?missing=age if no customer has it"
    )
    assert on_page(error, subject="Age") == (
        "Age is missing; found: 'Years'; rename the header to 'age', "
        "or tick it under the columns the file does not have."
    )


def test_a_common_action_has_the_same_words_everywhere() -> None:
    ways = [FixInput(action="export it again"), SetEncoding()]
    error = InputError("a", remedies=ways, suggestion="b")
    assert error.sentence(score_advice) == (
        "a; export it again, or name its encoding with --encoding. Did you mean 'b'?"
    )
    assert on_page(error) == "a; export it again, or choose its encoding next to the file. Did you mean 'b'?"


def test_an_error_keeps_its_data_where_it_is_passed_on() -> None:
    ways = [FixInput(action="c")]
    error = InputError("b", subject="a", column="x", row=2, remedies=ways, suggestion="d")
    for same in (error.within("in e"), pickle.loads(pickle.dumps(error))):  # noqa: S301 - made here
        assert (same.column, same.row, same.remedies, same.suggestion) == ("x", 2, tuple(ways), "d")
    assert str(error.within("in e")) == "in e: a b; c. Did you mean 'd'?"


def messages(call: Callable[[], object]) -> list[str]:
    """The messages of a refused call, in the words of every interface."""
    try:
        call()
    except InputError as error:
        ways = [
            each
            for each in FRONT_ENDS
            if all(type(r).__module__ == "inference.remedies" for r in error.remedies)
        ]
        return [str(error), error.sentence(train_advice), *(error.sentence(way) for way in ways)]
    return []


@settings(deadline=None)  # a file is scored in each
@given(headers=st.lists(TEXTS, min_size=1, max_size=12), given_name=TEXTS)
def test_headers_of_any_length_give_short_messages(
    published: Segmenter, headers: list[str], given_name: str
) -> None:
    columns = published.contract.columns
    table = "\n".join([";".join(f'"{each}"' for each in headers).replace("\0", ""), "1;2"])
    calls: list[Callable[[], object]] = [
        lambda: check_headers([*headers, headers[0]]),
        lambda: match_headers(columns, headers, ReadOptions()),
        lambda: match_headers(columns, headers, ReadOptions(columns={"age": given_name})),
        lambda: match_headers(columns, headers, ReadOptions(missing=(given_name,))),
        lambda: match_headers(columns, headers, ReadOptions(decimals={given_name: ","})),
        lambda: find_columns(headers, RfmSettings()),
        lambda: find_columns(headers, RfmSettings(customer=given_name)),
        lambda: find(given_name, headers, headers),
        lambda: score_file(published, BytesIO(table.encode()), BytesIO(), options=ScoreOptions()),
    ]
    for call in calls:
        assert [message for message in messages(call) if len(message) > LONGEST] == []


@settings(deadline=None)
@given(sent=st.one_of(TEXTS, st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_values_and_names_of_any_length_give_short_messages(published: Segmenter, sent: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: published.predict(**{"age": 3, str(sent): 1}),
        lambda: published.predict(age=sent),
        lambda: published.predict(gender=sent),
        lambda: published.predict_many({"age": sent}),
        lambda: explain(published, {"age": 30}, segment=sent),
        lambda: ReadOptions(separator=str(sent) + "ab"),
        lambda: ReadOptions(format=str(sent) + "ab"),
        lambda: ReadOptions(decimals={str(sent): str(sent)}),
        lambda: ScoreOptions(output_format=str(sent) + "ab"),
    ]
    for call in calls:
        assert [message for message in messages(call) if len(message) > LONGEST] == []


def test_a_file_with_another_width_explains_how_to_set_the_separator(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("a,b\n1;2;3,4,5\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_whole(path)
    assert caught.value.sentence(train_advice) == (
        "at least one row must have 2 cells like the header, but none has; line 2 has 3; quote cells that "
        "contain the separator, or name its separator with --separator"
    )


def test_a_limit_is_raised_where_it_can_be(published: Segmenter) -> None:
    text = "gender,age,income,score\n" + "f,30,40,50\n" * 3
    with pytest.raises(InputError) as caught:
        score_file(published, BytesIO(text.encode()), BytesIO(), options=ScoreOptions(max_rows=2))
    assert caught.value.sentence(score_advice).endswith(
        "at most 2 rows, but it has more; split it, or raise --max-rows"
    )
    assert on_page(caught.value).endswith("at most 2 rows, but it has more; split it.")
