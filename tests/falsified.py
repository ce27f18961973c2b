"""A model file with another contract, and with a right seal over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import onnx

from inference.contract import CONTRACT, METADATA_KEY
from inference.loading.seal import add_seal


def falsified(content: bytes, change: Callable[[dict[str, Any]], object], *, copies: bool = True) -> bytes:
    """The file with a changed contract in its metadata, with ``copies`` also in its graph."""
    model = onnx.load_from_string(content)
    entry = next(each for each in model.metadata_props if each.key == METADATA_KEY)
    before, document = entry.value.encode(), json.loads(entry.value)
    change(document)
    entry.value = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if copies:
        after = entry.value.encode()
        node = next(each for each in model.graph.node if CONTRACT in each.output)
        for attribute in node.attribute:
            attribute.strings[:] = [after if text == before else text for text in attribute.strings]
            if attribute.s == before:
                attribute.s = after
    return add_seal(model.SerializeToString())
