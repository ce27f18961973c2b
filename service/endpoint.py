"""The public endpoint: one function whose named arguments are the columns of the contract."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, Literal, TypedDict

import gradio as gr

from inference import Column, Contract, InputError
from inference.contract import DATE
from service import texts
from service.desk import Model, ask, log_quietly
from service.figures import entered_in

NAME = "predict"
VERSION_LENGTH = 12
_TAKEN = frozenset({*keyword.kwlist, "api_name", "fn_index", "headers", "result_callbacks", "self"})


class Prediction(TypedDict):
    """The answer about one customer, as JSON."""

    segment: str
    segment_id: int
    tier: str
    action: str
    probability: float
    probabilities: dict[str, float]
    route: str
    complete: bool
    enough: bool
    novelty: float | None
    distances: dict[str, float] | None
    classifier_probabilities: dict[str, float] | None
    model_version: str


def predict_function(model: Model) -> Callable[..., Prediction]:
    """Make the function behind ``/predict``: typed and documented from the model's contract."""
    arguments = {argument_name(column): column for column in model.contract.columns}

    def predict(*values: Any, **named: Any) -> Prediction:
        given = dict(zip(arguments, values, strict=False)) | named
        try:
            customer = {arguments[name].name: value for name, value in given.items()}
            return _prediction(model, customer)
        except InputError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:  # Gradio would show a plain exception's text, values and all
            log_quietly(error)
            raise gr.Error(texts.API_FAILED, print_exception=False) from None

    kinds = {name: _kind(column) for name, column in arguments.items()}
    parameters = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=kind)
        for name, kind in kinds.items()
    ]
    predict.__name__ = predict.__qualname__ = NAME
    predict.__doc__ = documentation(model.contract)
    predict.__annotations__ = {**kinds, "return": Prediction}
    vars(predict)["__signature__"] = Signature(parameters, return_annotation=Prediction)
    return predict


def argument_name(column: Column) -> str:
    """The column's name, as Python allows it; an underscore behind words Python or Gradio's client needs."""
    name = re.sub(r"\W|^(?=\d)", "_", column.name)
    return f"{name}_" if name in _TAKEN else name


def documentation(contract: Contract) -> str:
    """The docstring of the endpoint, from which Gradio describes the arguments."""
    lines = [f"    {argument_name(column)}: {described(column)}" for column in contract.columns]
    return "\n".join([texts.API_SUMMARY, "", "Args:", *lines, "", "Returns:", f"    {texts.API_RETURNS}"])


def described(column: Column) -> str:
    """What an argument of the endpoint is, in one sentence."""
    role = texts.API_DECIDES if column.role == "driving" else ""
    if column.categories:
        values = ", ".join(category.value for category in column.categories)
        template = texts.API_OTHER if column.other else texts.API_CATEGORY
        return template.format(title=column.title, values=values, other=column.other, role=role)
    limits = ""
    if column.range is not None:
        low, high = (entered_in(column, limit) for limit in column.range)
        limits = texts.API_LIMITS.format(low=low, high=high)
    template = texts.API_DATE if column.kind == DATE else texts.API_NUMBER
    return template.format(title=column.title, limits=limits, role=role)


def _kind(column: Column) -> Any:
    """The type a client is told; ``inference`` checks the value itself."""
    if column.kind == DATE or column.other:
        return str | None
    if column.categories:
        return Literal[tuple(category.value for category in column.categories)] | None
    return float | None


def _prediction(model: Model, customer: dict[str, Any]) -> Prediction:
    answer = ask(model, customer)
    return Prediction(
        segment=answer.segment,
        segment_id=answer.segment_id,
        tier=answer.tier,
        action=answer.action,
        probability=answer.probability,
        probabilities=answer.probabilities,
        route=answer.route,
        complete=answer.complete,
        enough=answer.enough,
        novelty=answer.novelty,
        distances=answer.distances,
        classifier_probabilities=answer.classifier_probabilities,
        model_version=model.fingerprint[:VERSION_LENGTH],
    )
