"""Functions as Gradio wants them, made from the table of operations and the contract's columns.

Gradio takes the names, types and defaults of an endpoint's arguments from a function's signature.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any

from inference import Column, Contract
from service.api import api_texts as texts
from service.api.describe import described
from service.api.operations import Operation, Takes
from service.kinds.kind_views import kind_view

_TAKEN = frozenset(
    {*keyword.kwlist, "api_name", "fn_index", "headers", "result_callbacks", "self", "segment"}
)


@dataclass(frozen=True, kw_only=True)
class Described:
    """A function with what each of its arguments and its answer is, in words.

    Attributes:
        function: its signature has named, typed arguments, all of them optional.
        labels: one for each argument, in order.
    """

    function: Callable[..., Any]
    labels: tuple[str, ...]


def argument_name(column: Column) -> str:
    """The column's name as Python allows it; an underscore follows words Python or Gradio's client needs."""
    name = re.sub(r"\W|^(?=\d)", "_", column.name)
    return f"{name}_" if name in _TAKEN else name


def described_function(operation: Operation, contract: Contract, call: Callable[..., Any]) -> Described:
    """A function with the arguments of an operation: its columns or rows, then its parameters.

    Args:
        operation: any but one on a file.
        contract: whose columns become arguments where a customer is taken.
        call: called with what the operation takes, then its parameters by name.
    """
    arguments = _sent(operation, contract) + [
        (_argument(each.name, each.type), each.description) for each in operation.parameters
    ]
    signature = Signature([each for each, _ in arguments], return_annotation=operation.gives)
    columns = {argument_name(column): column.name for column in contract.columns}

    def function(*values: Any, **named: Any) -> Any:
        given = signature.bind_partial(*values, **named).arguments
        if operation.takes is Takes.CUSTOMER:
            customer = {column: given.pop(argument, None) for argument, column in columns.items()}
            return call(customer, **given)
        return call(given.pop("rows", []), **given) if operation.takes is Takes.ROWS else call(**given)

    function.__name__ = function.__qualname__ = operation.gradio
    function.__annotations__ = {each.name: each.annotation for each, _ in arguments}
    function.__annotations__["return"] = operation.gives
    vars(function)["__signature__"] = signature
    return Described(function=function, labels=tuple(label for _, label in arguments))


def _sent(operation: Operation, contract: Contract) -> list[tuple[Argument, str]]:
    if operation.takes is Takes.CUSTOMER:
        return [
            (_argument(argument_name(column), kind_view(column).argument(column)), described(column))
            for column in contract.columns
        ]
    if operation.takes is Takes.ROWS:
        return [(_argument("rows", list[dict[str, Any]], default=[]), texts.ARG_ROWS)]
    return []


def _argument(name: str, kind: Any, *, default: Any = None) -> Argument:
    return Argument(name, Argument.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
