"""The statement as a model of dbt, with descriptions and tests of its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from inference.answers import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE
from inference.contract import Contract
from inference.engines.new_file import new_file, unwritable
from inference.engines.sql.sql_statement import ERROR_ROUTE

NAME = "customer_segments"
TABLE = "cs_table"  # what a statement reads that becomes a model
_JINJA = re.compile(r"\{[{%#]|[}%#]\}")
_ROUTES = (COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, ERROR_ROUTE)


def source_expression(table: str) -> str:
    """What dbt puts in place of a table: another model, or a source where its schema is named."""
    schema, _, name = table.rpartition(".")
    return f"{{{{ source({schema!r}, {name!r}) }}}}" if schema else f"{{{{ ref({name!r}) }}}}"


def as_model(statement: str, table: str) -> str:
    """A statement as dbt takes it: it reads what dbt knows under the table's name.

    Texts of the table that Jinja would run are written so that it does not.
    """
    plain = _JINJA.sub(lambda found: f"{{{{ '{found.group()}' }}}}", statement)
    return re.sub(f'["`]{TABLE}["`]', lambda _: source_expression(table), plain)


def write_dbt(folder: Path, statement: str, contract: Contract, keep: Sequence[str]) -> None:
    """Write the model and its properties into a folder of a dbt project.

    Args:
        statement: of ``as_model``.

    Raises:
        InputError: when one of them exists, or the folder cannot be written.
    """
    model, properties = folder / f"{NAME}.sql", folder / f"{NAME}.yml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    for path, text in ((model, statement), (properties, "\n".join(_properties(contract, keep)) + "\n")):
        with new_file(path) as created:
            created.write_text(text, encoding="utf-8")


def _properties(contract: Contract, keep: Sequence[str]) -> Iterator[str]:
    """The lines of the YAML file; texts are in JSON's quotes, which YAML reads alike."""
    segments = [each.name for each in contract.segments]
    yield "version: 2"
    yield "models:"
    yield f"  - name: {NAME}"
    yield f"    description: {_text(f'Segments of {contract.title}, as its model file answers')}"
    yield "    columns:"
    titles = {column.name: column.title for column in contract.columns}
    for index, name in enumerate(keep or contract.names):
        first = index == 0 and bool(keep)
        described = "who the customer is" if first else titles.get(name, "as in the table")
        yield from _column(name, described, ["not_null", "unique"] if first else [])
    yield from _column("segment_id", "number of the segment; NULL for a row in error", [])
    yield from _column("segment", "name of the segment; NULL for a row in error", [_accepted(segments)])
    yield from _column("probability", "probability of the segment", [])
    yield from _column("enough", "1 where the answer is certain enough for one segment", [_accepted([0, 1])])
    yield from _column("novelty", "above 1 the customer is unlike those in training", [])
    yield from _column("route", "what decided", ["not_null", _accepted(list(_ROUTES))])
    yield from _column("error", "why the row has no answer", [])
    yield from _column("note", "which cell counted as missing, and why", [])


def _column(name: str, description: str, tests: Sequence[str]) -> Iterator[str]:
    yield f"      - name: {_text(name)}"
    yield f"        description: {_text(description)}"
    if tests:
        yield "        data_tests:"
        yield from (f"          - {each}" for each in tests)


def _accepted(values: Sequence[str | int]) -> str:
    quoted = "" if isinstance(values[0], str) else ", quote: false"
    return f"accepted_values: {{arguments: {{values: {_text(values)}{quoted}}}}}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
