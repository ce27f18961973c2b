"""How programs find the service: ``/llms.txt``, ``/agents.md``, and ``/.well-known``.

Everything is made from the table of operations and the contract of the model that is served when it is asked
for, so it stays true. Formats: https://llmstxt.org; the server card of MCP (SEP-2127) and the AI Catalog that
leads to it, version 0.9; ``security.txt`` of RFC 9116.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
from gradio.route_utils import get_request_origin
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api.api_predictions import Predictor
from service.api.describe import described
from service.api.operations import OPERATIONS, Operation, markdown_table
from service.mcp import mcp_texts
from service.mcp.mcp_server import NAME, PATHS
from service.mcp.stateless import VERSIONS

CARD_PATH = f"{PATHS[0]}/server-card"
CATALOG_PATH = "/.well-known/ai-catalog.json"
SECURITY_PATH = "/.well-known/security.txt"
CARD_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
CARD_KIND, CATALOG_KIND = "application/mcp-server-card+json", "application/ai-catalog+json"
MARKDOWN, PLAIN = "text/markdown", "text/plain"
VALID = timedelta(days=180)  # of security.txt, from the day on which it is read
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*")  # of a host, not a number


class Discovery:
    """The routes by which programs find the service.

    Args:
        predictor: with the model that is served when it is called.
        mcp: whether there are tools for agents.
        contact: for reports of faults, an address for ``security.txt``; empty: there is no such file.
        operations: what is offered.
    """

    def __init__(
        self,
        predictor: Callable[[], Predictor],
        *,
        mcp: bool,
        contact: str = "",
        operations: Sequence[Operation] = OPERATIONS,
    ) -> None:
        self._predictor = predictor
        self._mcp = mcp
        self._contact = contact
        self._operations = [each if mcp else replace(each, mcp="") for each in operations]

    def routes(self) -> list[Route]:
        """What is served, each at its path."""
        made = [Route("/llms.txt", self._llms), Route("/agents.md", self._agents)]
        if self._mcp:
            made += [Route(CATALOG_PATH, self._catalog), Route(CARD_PATH, self._card)]
        if self._contact:
            made.append(Route(SECURITY_PATH, self._security))
        return made

    async def _llms(self, request: Request) -> Response:
        base, contract = _base(request), self._predictor().contract
        lines = mcp_texts.LLMS.format(name=contract.name, base=base, segments=len(contract.segments))
        if self._mcp:
            lines += mcp_texts.LLMS_MCP.format(address=_address(base), card=f"{base}{CARD_PATH}")
        return _answer(lines, PLAIN)

    async def _agents(self, request: Request) -> Response:
        base, predictor = _base(request), self._predictor()
        table = markdown_table([each for each in self._operations if each.rest or each.mcp])
        text = mcp_texts.AGENTS.format(name=predictor.contract.name, base=base, table=table)
        described_ones = [f"- `{each.name}`: {described(each)}" for each in predictor.contract.columns]
        columns = "\n".join(described_ones) + "\n"
        text += mcp_texts.AGENTS_COLUMNS.format(columns=columns)
        if self._mcp:
            tools = ", ".join(f"`{each.mcp}`" for each in self._operations if each.mcp)
            text += mcp_texts.AGENTS_MCP.format(
                address=_address(base), tools=tools, versions=", ".join(VERSIONS)
            )
        return _answer(text, MARKDOWN)

    async def _catalog(self, request: Request) -> Response:
        base = _base(request)
        entry = {
            "identifier": f"urn:air:{_host(request)}:{NAME}",
            "displayName": mcp_texts.TITLE,
            "type": CARD_KIND,
            "url": f"{base}{CARD_PATH}",
        }
        return _answer(orjson.dumps({"specVersion": "0.9", "entries": [entry]}), CATALOG_KIND)

    async def _card(self, request: Request) -> Response:
        remote = {
            "type": "streamable-http",
            "url": _address(_base(request)),
            "supportedProtocolVersions": list(VERSIONS),
        }
        card = {
            "$schema": CARD_SCHEMA,
            "name": f"{'.'.join(reversed(_host(request).split('.')))}/{NAME}",
            "title": mcp_texts.TITLE,
            "description": mcp_texts.ABOUT,
            "version": self._predictor().version,
            "remotes": [remote],
        }
        return _answer(orjson.dumps(card), CARD_KIND)

    async def _security(self, request: Request) -> Response:
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            f"Contact: {self._contact}",
            f"Expires: {(today + VALID).isoformat().replace('+00:00', 'Z')}",
            "Preferred-Languages: en",
            f"Canonical: {_base(request)}{SECURITY_PATH}",
        ]
        return _answer("\n".join(lines) + "\n", PLAIN)


def _base(request: Request) -> str:
    """The address of the service as the client knows it, also behind a proxy."""
    return str(get_request_origin(request, request.url.path)).rstrip("/")


def _address(base: str) -> str:
    return f"{base}{PATHS[1]}"


def _host(request: Request) -> str:
    """The name of the host; that of this machine where the client uses a number."""
    host = (get_request_origin(request, request.url.path).host or "").lower()
    return host if _NAME.fullmatch(host) else "localhost"


def _answer(content: str | bytes, kind: str) -> Response:
    return Response(content, headers={"Cache-Control": "no-cache"}, media_type=kind)
