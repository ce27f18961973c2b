"""The tools, resources and prompt about one model, as every revision of the protocol offers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from mcp import types

from inference import Contract, InputError
from inference.wording import quoted_names
from service.api import api_texts as texts
from service.api.api_predictions import Predictor
from service.api.http.request_log import log_quietly
from service.api.json_schemas import Schema, answer_schema, customer_schema, object_schema, rows_schema
from service.api.operations import OPERATIONS, Operation, Takes
from service.api.parameters import Parameter
from service.mcp import mcp_texts
from service.mcp.mcp_resources import CARD_URI, McpResources, Prompts
from service.thread_pools import RETRY_AFTER, BusyError, WorkerPools

_READ_ONLY = types.ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)


class McpTools:
    """What agents get about one model.

    Args:
        predictor: with the model.
        pools: the workers for what takes long.
        operations: the tools are those that name one.
        card: the model card in Markdown; empty where there is none.

    Attributes:
        schema: the list of tools as the page's API panel reads it, in JSON.
        resources, prompts: what can be read besides the tools.
    """

    def __init__(
        self,
        predictor: Predictor,
        pools: WorkerPools,
        operations: Sequence[Operation] = OPERATIONS,
        card: str = "",
    ) -> None:
        self._predictor = predictor
        self._pools = pools
        self._operations = {each.mcp: each for each in operations if each.mcp}
        self.tools = [_tool(each, predictor.contract) for each in self._operations.values()]
        self.resources = McpResources(predictor, card)
        self.prompts = Prompts(predictor.contract)
        self.version = predictor.version
        self.instructions = mcp_texts.INSTRUCTIONS.format(name=predictor.contract.name)
        listed = [
            {"name": tool.name, "description": tool.description, "inputSchema": tool.inputSchema, "meta": {}}
            for tool in self.tools
        ]
        self.schema = orjson.dumps(listed)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
        """Answer one call; what is wrong with it comes back as a sentence the agent can act on."""
        operation = self._operations.get(name)
        if operation is None:
            names = ", ".join(self._operations)
            return _failed(f"there is no tool {name[:40]!r}; known: {names}")
        known = _parameters(operation, self._predictor.contract)
        given = {each.name: arguments[key] for key, each in known.items() if arguments.get(key) is not None}
        rest = {key: value for key, value in arguments.items() if key not in known}
        workers = operation.cost.workers(self._pools)
        try:
            sent = _sent(operation, rest)
            if workers is None:
                answer = operation.call(self._predictor, *sent, **given)
            else:
                answer = await workers.run(lambda: operation.call(self._predictor, *sent, **given))
        except InputError as error:
            wrong = self._predictor.refusals(rest) if operation.takes is Takes.CUSTOMER else []
            return _failed("\n".join(refusal["message"] for refusal in wrong) or str(error))
        except BusyError:
            return _failed(texts.BUSY.format(seconds=RETRY_AFTER))
        except Exception as error:
            log_quietly(error)
            return _failed(texts.FAILED)
        text = types.TextContent(type="text", text=orjson.dumps(answer).decode())
        return types.CallToolResult(content=[text], structuredContent=dict(answer))


def _sent(operation: Operation, arguments: dict[str, Any]) -> list[Any]:
    """What the operation is called with, besides its parameters.

    Raises:
        InputError: for arguments that it does not take.
    """
    if operation.takes is Takes.CUSTOMER:
        return [arguments]
    rows = operation.takes is Takes.ROWS
    unknown = sorted(set(arguments) - {"rows"}) if rows else sorted(arguments)
    if unknown:
        takes = ["rows"] if rows else []
        takes += [each.name for each in operation.parameters]
        what = f"only {', '.join(takes)}" if takes else "no arguments"
        raise InputError(f"{operation.mcp} takes {what}, but there are {quoted_names(unknown)}")
    return [arguments.get("rows", [])] if rows else []


def _parameters(operation: Operation, contract: Contract) -> dict[str, Parameter]:
    """The parameters by argument; one that is called like a column gets an underscore after its name."""
    return {
        f"{each.name}_" if each.name in contract.names else each.name: each for each in operation.parameters
    }


def _tool(operation: Operation, contract: Contract) -> types.Tool:
    if operation.gives is None:
        raise TypeError(f"a tool answers in JSON, but {operation.name} gives a file; leave its mcp empty")
    tool = types.Tool(
        name=operation.mcp,
        title=operation.summary,
        description=operation.described,
        inputSchema=_input_schema(operation, contract),
        outputSchema=answer_schema(operation.gives),
        annotations=_READ_ONLY,
    )
    if operation.name == "predict":
        tool.meta = {"ui": {"resourceUri": CARD_URI}}
    return tool


def _input_schema(operation: Operation, contract: Contract) -> Schema:
    customer = customer_schema(contract.columns, spellings=False)
    more = {
        argument: each.schema(contract) | {"description": each.description}
        for argument, each in _parameters(operation, contract).items()
    }
    if operation.takes is Takes.CUSTOMER:
        return customer | {"properties": customer["properties"] | more}
    if operation.takes is Takes.ROWS:
        return object_schema({"rows": rows_schema(customer)} | more, required=("rows",))
    return object_schema(more)


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)
