"""What is at ``/v1`` itself: the operations, and where they are described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.api.api_predictions import Predictor

INDEX = "/"
_LINKS = {"openapi": "/v1/openapi.json", "docs": "/v1/docs", "page": "/", "for_agents": "/llms.txt"}


def index(predictor: Predictor, described: Mapping[str, Any]) -> dict[str, Any]:
    """The index of an API.

    Args:
        described: its OpenAPI document, which names every operation.
    """
    return {
        "title": described["info"]["title"],
        "version": described["info"]["version"],
        "model": {"name": predictor.contract.name, "version": predictor.version},
        "links": _LINKS,
        "operations": [
            {
                "name": entry["operationId"],
                "method": method.upper(),
                "path": f"/v1{path}",
                "summary": entry["summary"],
            }
            for path, methods in described["paths"].items()
            for method, entry in methods.items()
        ],
    }
