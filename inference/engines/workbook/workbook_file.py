"""The model as a workbook whose formulas segment the customers typed into it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from inference import Segmenter
from inference.contract import DATE, Column, Contract
from inference.engines.symbolic_run.read_graph import answer_program
from inference.engines.workbook.workbook_formulas import (
    CALCULATION,
    CUSTOMERS,
    EPOCH,
    RESULTS,
    ROW,
    Formulas,
)
from inference.errors import InputError
from inference.kinds.registry import kind_of
from inference.wording import quoted

_WIDTHS = dict(zip(RESULTS, (30, 11, 15, 9, 10, 32), strict=True))  # characters
_SHOWN = {"Probability": "0.0%", "Novelty": "0.00"}
_NARROWEST, _DAY = 12, "yyyy-mm-dd"
_MOST_CATEGORIES = 60  # Excel nests 64 functions
_LONGEST_LIST = 255  # characters, of what Excel lets one choose from


def write_workbook(
    path: Path, model: Segmenter, *, rows: int, given: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write the workbook.

    Args:
        rows: how many customers it has room for.
        given: customers to begin with, by the model's columns; a date is its days since 1970-01-01.

    Raises:
        ArtifactError: when the graph has an operator that is not known here.
        InputError: when a column has too many categories.
        OSError: when the file cannot be written.
    """
    contract = model.contract
    _refuse_many_categories(contract)
    written = Formulas(contract, answer_program(model))
    results = written.results()
    with Workbook(str(path)) as book:
        sheet, behind = book.add_worksheet(CUSTOMERS), book.add_worksheet(CALCULATION)
        behind.hide()
        _lay_out(book, sheet, contract, rows)
        formats = [book.add_format({"num_format": _SHOWN.get(each, "General")}) for each in RESULTS]
        for at in range(1, rows + 1):
            for index, formula in enumerate(written.columns):
                behind.write_formula(at, index, formula.replace(ROW, str(at + 1)))
            for index, (formula, shown) in enumerate(zip(results, formats, strict=True)):
                text = formula.replace(ROW, str(at + 1))
                sheet.write_formula(at, len(contract.columns) + index, text, shown)
        for at, customer in enumerate(given, start=1):
            for index, column in enumerate(contract.columns):
                _write_cell(sheet, at, index, column, customer.get(column.name))


def _refuse_many_categories(contract: Contract) -> None:
    """Raise ``InputError`` where formulas would be nested too deeply."""
    for column in contract.columns:
        if len(column.categories) > _MOST_CATEGORIES:
            raise InputError(
                f"a column of a workbook must have at most {_MOST_CATEGORIES} categories, but "
                f"{quoted(column.name)} has {len(column.categories)}; score a file instead"
            )


def _lay_out(book: Any, sheet: Any, contract: Contract, rows: int) -> None:
    """Headers, widths, what can be chosen, and how it is printed."""
    asked = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDE9FE"})
    answered = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": _DAY})
    for index, column in enumerate(contract.columns):
        sheet.write(0, index, column.title, asked)
        width = max(_NARROWEST, len(column.title) + 1)
        sheet.set_column(index, index, width, day if column.kind == DATE else None)
        names = [each.value for each in column.categories]
        if not kind_of(column).ordered and len(",".join(names)) <= _LONGEST_LIST:
            sheet.data_validation(1, index, rows, index, {"validate": "list", "source": names})
    for index, name in enumerate(RESULTS, start=len(contract.columns)):
        sheet.write(0, index, name, answered)
        sheet.set_column(index, index, _WIDTHS[name])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet: Any, row: int, index: int, column: Column, cell: Any) -> None:
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return
    sheet.write(row, index, cell + EPOCH if column.kind == DATE else cell)
