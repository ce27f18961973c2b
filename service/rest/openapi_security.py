"""How the OpenAPI document says who may call an operation."""

from __future__ import annotations

from typing import Any

from service.api import api_texts as texts
from service.api.http.access import scope_of
from service.api.problems import MEDIA_TYPE

Document = dict[str, Any]
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def require_keys(document: Document) -> None:
    """Add the scheme of keys to a document, and the keys and refusals to each operation that needs one."""
    schemes = document["components"].setdefault("securitySchemes", {})
    schemes["apiKey"] = {"type": "http", "scheme": "bearer", "description": texts.KEY_SCHEME}
    for path, methods in document["paths"].items():
        needed = scope_of(path)
        for operation in methods.values():
            if "security" in operation:  # reload, which has a key of its own
                operation["security"].append({"apiKey": []})
            elif needed:
                operation["security"] = [{"apiKey": []}]
                said = operation.get("description", "")
                operation["description"] = f"{said} {texts.NEEDS_SCOPE.format(scope=needed)}".strip()
            else:
                continue
            for status, text in texts.KEY_PROBLEMS.items():
                operation["responses"].setdefault(str(status), {"description": text, "content": _PROBLEM})
