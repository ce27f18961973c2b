"""What an agent can read about a model without calling a tool, a prompt to begin with, and a card to show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson
from mcp import types

from inference import Contract, InputError
from service.api.api_predictions import Predictor
from service.mcp import mcp_texts

SCHEME = "customer-segments"
CONTRACT_URI, SEGMENTS_URI = f"{SCHEME}://contract", f"{SCHEME}://segments"
MODEL_CARD_URI = f"{SCHEME}://model-card"
CARD_URI = f"ui://{SCHEME}/prediction.html"  # MCP Apps: what a client shows of a prediction
JSON, MARKDOWN, APP = "application/json", "text/markdown", "text/html;profile=mcp-app"
CARD_PAGE = Path(__file__).with_name("prediction_card.html")
PROMPT, PROMPT_ARGUMENT = "advise_on_customer", "customer"
MOST_KNOWN = 4_000  # characters of the prompt's argument


class McpResources:
    """The resources about one model; their texts never change while it is served."""

    def __init__(self, predictor: Predictor, card: str) -> None:
        segments = orjson.dumps(predictor.model()["segments"]).decode()
        self._texts = {
            CONTRACT_URI: predictor.contract.text,
            SEGMENTS_URI: segments,
            CARD_URI: CARD_PAGE.read_text(encoding="utf-8"),
        }
        self.listed = [
            _resource(CONTRACT_URI, "contract", mcp_texts.CONTRACT_RESOURCE, JSON),
            _resource(SEGMENTS_URI, "segments", mcp_texts.SEGMENTS_RESOURCE, JSON),
            _resource(CARD_URI, "prediction_card", mcp_texts.CARD_RESOURCE, APP),
        ]
        if card:
            self._texts[MODEL_CARD_URI] = card
            self.listed.insert(
                2, _resource(MODEL_CARD_URI, "model_card", mcp_texts.MODEL_CARD_RESOURCE, MARKDOWN)
            )
        self._kinds = {str(each.uri): each.mimeType for each in self.listed}

    def read(self, uri: str) -> tuple[str, str]:
        """The text and the media type of a resource.

        Raises:
            InputError: when there is no such resource.
        """
        if uri not in self._texts:
            known = ", ".join(self._texts)
            raise InputError(f"the resource must be one of {known}, but it is {uri[:40]!r}")
        return self._texts[uri], self._kinds[uri] or ""


class Prompts:
    """The one prompt: from what is known about a customer to advice that says how certain it is."""

    def __init__(self, contract: Contract) -> None:
        argument = types.PromptArgument(
            name=PROMPT_ARGUMENT, description=mcp_texts.PROMPT_CUSTOMER, required=True
        )
        self.listed = [
            types.Prompt(
                name=PROMPT,
                title=mcp_texts.PROMPT_TITLE,
                description=mcp_texts.PROMPT_ABOUT,
                arguments=[argument],
            )
        ]
        self._columns = ", ".join(contract.names)

    def get(self, name: str, arguments: Mapping[str, str] | None) -> types.GetPromptResult:
        """The prompt with its argument filled in.

        Raises:
            InputError: for another prompt, or without its argument.
        """
        if name != PROMPT:
            raise InputError(f"the prompt must be {PROMPT!r}, but it is {name[:40]!r}")
        known = (arguments or {}).get(PROMPT_ARGUMENT, "").strip()
        if not 0 < len(known) <= MOST_KNOWN:
            raise InputError(
                f"{PROMPT_ARGUMENT} must have 1 to {MOST_KNOWN:,} characters, but it has {len(known):,}; say "
                "what is known about the customer"
            )
        text = mcp_texts.PROMPT.format(known=known, columns=self._columns)
        message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(description=mcp_texts.PROMPT_ABOUT, messages=[message])


def _resource(uri: str, name: str, described: tuple[str, str], kind: str) -> types.Resource:
    title, description = described
    return types.Resource.model_validate(
        {"uri": uri, "name": name, "title": title, "description": description, "mimeType": kind}
    )
