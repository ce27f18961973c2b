"""Reads the JSON text of a contract, in this format or an older one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inference.errors import ArtifactError

FORMAT = 2
METADATA_KEY = "customer_segmentation"
COMPLETE_ROWS_KEY = "complete_rows"  # a smaller graph for calls without an unknown clustering column
INCOMPLETE_ROWS_KEY = "incomplete_rows"  # and one for calls in which every row has one
PATTERN_ROWS_KEY = "pattern_rows"  # and one for those whose rows all have the same known columns
ONE_COMPLETE_ROW_KEY = "one_complete_row"  # for one customer, given as numbers
ONE_INCOMPLETE_ROW_KEY = "one_incomplete_row"  # the same with an unknown clustering column
ONE_PATTERN_KEY = "one_pattern"  # what the last one takes of the columns that are known
VALUES, KNOWN, ANSWER = "values", "known", "answer"  # inputs and output of these three
FLOAT_VARIANT_KEY = "float_variant"  # says that the graph was rewritten for databases, and what that changed
_READABLE = (1, 2)  # format 1 called clustering columns "driving" and profile columns "describing"


def read_document(text: str) -> Mapping[str, Any]:
    """The contract's JSON object in the words of this format.

    Raises:
        ArtifactError: when the text is not a contract, or one of another format.
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(
            f"the contract in the model file must be JSON, but it is not ({error}); "
            "write the file again with `python -m trainer`"
        ) from error
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is not int or found not in _READABLE:
        raise ArtifactError(_wrong_format(found))
    return _from_format_1(document) if found == 1 else document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _from_format_1(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contract of an older file in the words of this format."""
    roles = {"driving": "clustering", "describing": "profile"}
    columns = [
        {**entry, "role": roles.get(entry["role"], entry["role"])} for entry in document.get("columns", ())
    ]
    read = {**document, "columns": columns, "clustering": document.get("driving")}
    if others := document.get("sensitivity"):
        read["sensitivity"] = [_renamed(entry, "driving", "clustering") for entry in others]
    if data := document.get("data"):
        cleaning = _renamed(data["cleaning"], "rows_without_driving", "rows_without_clustering_values")
        read["data"] = {**data, "cleaning": cleaning}
    return read


def _renamed(entry: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in entry.items()}


def _wrong_format(found: object) -> str:
    if type(found) is int and found > FORMAT:
        return (
            f"the model file's contract must have format {FORMAT}, but it has the newer format {found}; "
            "update this package, or train the model again with this version"
        )
    return (
        f"the model file's contract must have format {FORMAT}, but it has {found!r}; "
        "train the model again with this version"
    )
