"""Turns the contract's columns into the named, typed and documented arguments of a function."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any

from inference import Column, Contract
from service.api.describe import described
from service.kinds.kind_views import kind_view

_TAKEN = frozenset(
    {*keyword.kwlist, "api_name", "fn_index", "headers", "result_callbacks", "self", "segment"}
)


def argument_name(column: Column) -> str:
    """The column's name, as Python allows it; an underscore behind words Python or Gradio's client needs."""
    name = re.sub(r"\W|^(?=\d)", "_", column.name)
    return f"{name}_" if name in _TAKEN else name


def with_columns(
    contract: Contract,
    ask: Callable[..., Any],
    *,
    name: str,
    summary: str,
    returns: tuple[type, str],
    more: Sequence[tuple[Parameter, str]] = (),
) -> Callable[..., Any]:
    """Make ``ask(customer, **more)`` a function of one named argument a column.

    Args:
        contract: whose columns become arguments, all of them optional.
        ask: what is called, with the customer as column -> value.
        name: of the function made.
        summary: the first line of its docstring.
        returns: its type and its name, which clients show.
        more: further parameters and what they are; ``ask`` gets them by name.
    """
    arguments = {argument_name(column): column.name for column in contract.columns}
    parameters = [
        Parameter(
            argument_name(column),
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None,
            annotation=kind_view(column).argument(column),
        )
        for column in contract.columns
    ] + [parameter for parameter, _ in more]
    signature = Signature(parameters, return_annotation=returns[0])

    def function(*values: Any, **named: Any) -> Any:
        given = signature.bind_partial(*values, **named).arguments
        customer = {column: given.pop(argument, None) for argument, column in arguments.items()}
        return ask(customer, **given)

    texts = {argument_name(column): described(column) for column in contract.columns}
    texts |= {parameter.name: text for parameter, text in more}
    function.__name__ = function.__qualname__ = name
    function.__doc__ = documentation(summary, texts, returns[1])
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    function.__annotations__["return"] = returns[0]
    vars(function)["__signature__"] = signature
    return function


def documentation(summary: str, arguments: dict[str, str], returns: str) -> str:
    """A docstring as Gradio reads it."""
    lines = [f"    {name}: {text}" for name, text in arguments.items()]
    return "\n".join([summary, "", "Args:", *lines, "", "Returns:", f"    {returns}"])
