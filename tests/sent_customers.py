"""A customer as the app sends it to the store, and the models that answered."""

from __future__ import annotations

from customers.records import Sent

SENT = Sent(id="7", inputs={"age": 31}, segment_id=0, segment="low", probability=0.9, route="partial")
OLD, NEW_MODEL = "a" * 64, "b" * 64
