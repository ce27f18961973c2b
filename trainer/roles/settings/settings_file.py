"""Reads ``segmentation.toml``: what the columns of a table are for; every slip gets one sentence.

::

    id = "Customer ID"
    cluster = ["recency", "log_spend"]
    ignore = ["E-Mail"]

    [columns.spend]
    source = "Total Spend (EUR)"
    range = [0, 100000]

    [features.log_spend]
    formula = "log1p(spend)"

What the file does not set is proposed from the data. A file that ends in ``.json`` holds the same, or the
list of columns of ``python -m trainer roles``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inference.contract import Category
from inference.errors import InputError
from inference.wording import QUOTED, listed, nearest, quoted, quoted_path, shortened
from trainer.roles.settings.column_list import roles_of_columns
from trainer.roles.settings.role_settings import ColumnSettings, Roles
from trainer.schema.formula import Formula
from trainer.schema.kinds.column_kinds import COLUMN_KINDS
from trainer.schema.schema import Feature

Check = Callable[[Any], Any]


def read_settings(path: Path) -> Roles:
    """Read the file.

    Raises:
        InputError: when it cannot be read, or a key or value is not allowed.
    """
    as_json = path.suffix.casefold() == ".json"
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text) if as_json else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"the file of column roles must be readable {'JSON' if as_json else 'TOML'}, but "
            f"{quoted_path(path)} is not: {shortened(str(error))}"
        ) from error
    try:
        document = _table("the file", document)
        columns = document.get("columns")
        return roles_of_columns(columns) if isinstance(columns, list) else _roles(document)
    except InputError as error:
        raise error.within(f"in {quoted(path.name)}") from error


def _roles(document: Mapping[str, Any]) -> Roles:
    given = _checked("the file", document, _TOP)
    columns = {name: _column(name, entry) for name, entry in given.pop("columns", {}).items()}
    features = tuple(_feature(name, entry) for name, entry in given.pop("features", {}).items())
    if "id" in given:
        given["identifier"] = given.pop("id")
    return Roles(**given, columns=columns, features=features)


def _column(name: str, entry: Any) -> ColumnSettings:
    where = f"[columns.{shortened(name, QUOTED)}]"
    given = _checked(where, _table(where, entry), _COLUMN)
    if "categories" in given:
        given["categories"] = tuple(_category(where, each) for each in given["categories"])
    try:
        return ColumnSettings(**given)
    except InputError as error:
        raise error.within(where) from error


def _feature(name: str, entry: Any) -> Feature:
    where = f"[features.{shortened(name, QUOTED)}]"
    given = _checked(where, _table(where, entry), _FEATURE)
    if "formula" not in given:
        raise InputError(f'{where} must have a formula, as in formula = "monetary / frequency"')
    try:
        formula = Formula(given["formula"])
    except InputError as error:
        raise error.within(where) from error
    return Feature(name=name, label=given.get("label", name.replace("_", " ").capitalize()), formula=formula)


def _category(where: str, entry: Any) -> Category:
    if isinstance(entry, str):
        return Category(value=entry)
    given = _checked(f"a category of {where}", _table(f"a category of {where}", entry), _CATEGORY)
    if "value" not in given:
        raise InputError(f'a category of {where} must have a value, as in {{value = "Yes", aliases = ["y"]}}')
    return Category(**given)


def _checked(where: str, given: Mapping[str, Any], known: Mapping[str, Check]) -> dict[str, Any]:
    """The entries of a table, each known and of its type."""
    checked = {}
    for key, value in given.items():
        if key not in known:
            raise InputError(
                f"{where} has no {quoted(key)}; it may have {listed(known, last='or')}",
                suggestion=nearest(key, known),
            )
        try:
            checked[key] = known[key](value)
        except TypeError as error:
            raise InputError(f"{key!r} of {where} must be {error}, but it is {quoted(value)}") from error
    return checked


def _table(where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where} must be a table of settings, but it is {quoted(value)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("text")
    return value


def _any_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError('a list of texts, as in ["a", "b"]')
    return tuple(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _kind(value: Any) -> str:
    if value not in COLUMN_KINDS:
        raise TypeError(listed(map(repr, COLUMN_KINDS), last="or"))
    return str(value)


def _range(value: Any) -> tuple[float, float]:
    numbers = isinstance(value, list) and all(type(each) in (int, float) for each in value)
    if not numbers or len(value) != 2 or not value[0] < value[1]:
        raise TypeError("the lower and the higher limit, as in [0, 100]")
    return (float(value[0]), float(value[1]))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise TypeError('a list of values, as in ["Yes", "No"]')
    return value


def _tables(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("tables of settings, one per name")
    return value


_TOP: dict[str, Check] = {
    "name": _text,
    "title": _text,
    "id": _any_text,
    "cluster": _texts,
    "profile": _texts,
    "ignore": _texts,
    "outcome": _texts,
    "na": _texts,
    "log": _flag,
    "value": _any_text,
    "capacity": _any_text,
    "spend": _any_text,
    "columns": _tables,
    "features": _tables,
}
_COLUMN: dict[str, Check] = {
    "source": _any_text,
    "kind": _kind,
    "label": _text,
    "unit": _any_text,
    "range": _range,
    "aliases": _texts,
    "categories": _list,
    "other": _any_text,
    "order": _texts,
    "missing": _texts,
    "date_format": _text,
    "short": _text,
    "meaning": _text,
    "direction": _text,
    "person": _flag,
}
_FEATURE: dict[str, Check] = {"label": _text, "formula": _text}
_CATEGORY: dict[str, Check] = {"value": _text, "aliases": _texts}
