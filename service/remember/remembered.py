"""The operations on remembered customers, in plain values; every refusal is a ``Problem``."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson

from customers import letter
from customers.engine import KeyReusedError, StoreError
from customers.importing import columns_as_json
from customers.records import ID_RULE, Customer, Job, Saved, Sent, is_id
from customers.reopened import ReopenedStore
from customers.saving import Writer
from customers.webhooks.webhook import Deliveries
from inference import InputError, Segmenter
from inference.drift.movement import Judgement, Movement, judge_movement, refit_noise
from inference.drift.movement_words import movement_document
from inference.validation import check_columns, check_row
from service.api.api_predictions import MOST_ROWS, Predictor
from service.api.http.request_log import log_quietly
from service.api.problems import Problem
from service.api.schemas import RowRefusal
from service.settings import StoreSettings
from service.thread_pools import Workers

MOST_LISTED = 1_000
DAILY, AGAIN = 24 * 3600.0, 60.0  # seconds until old customers are erased the next time, and after a failure
READERS, MOST_WAITING = 4, 64  # threads that read the store, and requests that may wait for one
NO_CUSTOMER = "the id must be one that was saved, but no customer has it; list them with GET /v1/customers"
ROWS = 'the body must be {"rows": [...]}, a list of customers, each with its id; correct it'
RETRY = {"Retry-After": "5"}
_log = logging.getLogger(__name__)


class Desk:
    """The store of one app with everything that works on it in the background; the same for every model."""

    def __init__(self, settings: StoreSettings) -> None:
        """Open nothing yet: an app starts also while its database is down.

        Raises:
            WebhookError: when the address or the secret of the webhook cannot be used.
        """
        self.store = ReopenedStore(settings.address)
        self.lasting = settings.lasts
        self._stopped = threading.Event()
        self._webhook = (
            Deliveries(
                self.store, settings.webhook_url, settings.webhook_secret, private=settings.webhook_private
            )
            if settings.webhook_url
            else None
        )
        self.writer = Writer(self.store)
        self.readers = Workers("customers", threads=READERS, waiting=MOST_WAITING)
        self._keeping = threading.Thread(
            target=self._keep, args=(settings.retention_days,), name="retention", daemon=True
        )
        self._keeping.start()

    def close(self) -> None:
        """Save what is queued, and close the store."""
        self._stopped.set()
        if self._webhook is not None:
            self._webhook.close()
        self.writer.close()
        self._keeping.join(AGAIN)
        self.store.close()

    def _keep(self, days: int) -> None:
        """Open the store, so that it has this version's tables, and erase old customers, now and daily."""
        wait = 0.0
        while not self._stopped.wait(wait):
            wait = AGAIN
            try:
                store = self.store()
                store.forget_requests()
                if days:
                    store.forget_before(datetime.now(UTC) - timedelta(days=days))
                wait = DAILY
            except StoreError as error:
                _log.warning("%s; saving fails until then", error)
            except Exception as error:  # the next time may succeed, and nobody else would say it
                log_quietly(error)


class Remembered:
    """Remembered customers, as one model answers for them; safe to share between threads."""

    def __init__(self, predictor: Predictor, desk: Desk) -> None:
        self._predictor = predictor
        self._writer, self.store, self.lasting = desk.writer, desk.store, desk.lasting
        self.readers = desk.readers

    @property
    def segmenter(self) -> Segmenter:
        """The model that answers."""
        return self._predictor.segmenter

    # Saving

    async def save(self, id: str, customer: Mapping[str, Any]) -> dict[str, Any]:
        """Predict for one customer, and remember it; ends when it is on the disk."""
        prediction = self._predictor.predict(customer)
        segmenter = self.segmenter
        (inputs,) = columns_as_json(segmenter, check_row(segmenter.contract, customer))
        saved = await self._saved(Job(sent=[_sent(id, inputs, prediction)], model=segmenter.fingerprint))
        return {"id": id, "prediction": prediction, "saved": asdict(saved)}

    async def save_many(self, read: Callable[[], Sequence[Any]], *, key: str = "") -> dict[str, Any]:
        """The same for many: each row is a customer with its ``id``; refused rows are listed.

        Args:
            read: gives the rows; called in a thread, like all that takes long.
            key: an idempotency key; with one, a request that comes again is carried out once.
        """
        job, rows, errors = await self.readers.run(lambda: self._answered(read(), key))
        saved = await self._saved(job)
        return {"rows": rows, "saved": asdict(saved), "errors": errors}

    def _answered(self, rows: Sequence[Mapping[str, Any]], key: str) -> tuple[Job, int, list[RowRefusal]]:
        """What is to be saved of rows, how many there are, and which are refused."""
        ids = [_id(row.get("id"), index) for index, row in enumerate(rows)]
        customers = [{name: value for name, value in row.items() if name != "id"} for row in rows]
        found = self._predictor.predict_many(customers)
        segmenter = self.segmenter
        sound = [index for index, answer in enumerate(found["answers"]) if answer is not None]
        names = segmenter.contract.names
        columns = {name: [customers[index].get(name) for index in sound] for name in names}
        checked = check_columns(segmenter.contract, columns) if sound else None
        inputs = columns_as_json(segmenter, checked) if checked is not None else []
        sent = [
            _sent(ids[index], own, cast(Mapping[str, Any], found["answers"][index]))
            for index, own in zip(sound, inputs, strict=True)
        ]
        digest = hashlib.sha256(orjson.dumps(list(rows), option=orjson.OPT_SORT_KEYS)).hexdigest()
        job = Job(sent=sent, model=segmenter.fingerprint, key=key, request=digest)
        return job, len(rows), found["errors"]

    async def _saved(self, job: Job) -> Saved:
        with refused():
            return await asyncio.wrap_future(self._writer.save(job))

    # Finding

    def page(
        self, *, after: str = "", limit: int = 100, segment: str = "", search: str = ""
    ) -> dict[str, Any]:
        """Customers in the order of their ids; ``next`` is what to pass as ``after``, or ``None``."""
        self._check_segment(segment)
        with refused():
            found = self.store().page(after=after, limit=limit + 1, segment=segment, search=search)
        more = len(found) > limit
        shown = [customer.to_dict() for customer in found[:limit]]
        return {"customers": shown, "next": shown[-1]["id"] if more else None}

    def one(self, id: str) -> dict[str, Any]:
        """One customer with its history."""
        customer = self.customer(id)
        with refused():
            return {**customer.to_dict(), "history": [each.to_dict() for each in self.store().history(id)]}

    def customer(self, id: str) -> Customer:
        """One customer."""
        with refused():
            found = self.store().customer(id)
        if found is None:
            raise Problem(404, NO_CUSTOMER)
        return found

    def everything(self, id: str) -> dict[str, Any]:
        """All that is known of one customer."""
        customer = self.customer(id)
        with refused():
            return letter.everything(self.segmenter, customer, self.store().history(id))

    def letter(self, id: str, *, html: bool) -> str:
        """The same, for the customer to read."""
        customer = self.customer(id)
        write = letter.as_html if html else letter.as_text
        with refused():
            return write(self.segmenter, customer, self.store().history(id))

    def erase(self, id: str) -> dict[str, Any]:
        """Erase one customer."""
        with refused():
            erased = self.store().erase(id)
        if erased is None:
            raise Problem(404, NO_CUSTOMER)
        return {"erased": True, "note": erased.note}

    def counts(self) -> dict[str, int]:
        """Customers by segment."""
        with refused():
            return self.store().counts()

    # Following

    def events(self, *, after: int = 0, limit: int = 100) -> dict[str, Any]:
        """Changes of segments since a cursor; ``next`` is the cursor to pass as ``after``."""
        with refused():
            found = self.store().changes(after=after, limit=limit)
        events = [{"type": "segment_changed", **change.to_dict()} for change in found]
        return {"events": events, "next": found[-1].sequence if found else after}

    def movement(self, first: datetime, last: datetime) -> tuple[Movement, Judgement]:
        """Who changed the segment between two moments, and what of it chance explains."""
        if not first < last:
            raise Problem(422, "from must be before to, but it is not; exchange them")
        contract = self.segmenter.contract
        with refused():
            found, models = self.store().movement(
                first, last, order=[segment.name for segment in contract.segments]
            )
        row = contract.choice.row if contract.choice is not None else None
        refit = refit_noise([row.jaccard if row is not None else 0.0]) if models > 1 else None
        return found, judge_movement(found, refit=refit)

    def movement_as_json(self, first: datetime, last: datetime) -> dict[str, Any]:
        """The same in plain values."""
        return movement_document(*self.movement(first, last))

    def _check_segment(self, segment: str) -> None:
        names = [each.name for each in self.segmenter.contract.segments]
        if segment and segment not in names:
            with refused():
                if segment not in self.store().counts():
                    raise Problem(
                        422,
                        f"segment must be one that customers are in, such as {names[0][:40]!r}, but it is "
                        "not; see GET /v1/model",
                    )


@contextmanager
def refused() -> Iterator[None]:
    """Turn what the store cannot do into a ``Problem``."""
    try:
        yield
    except KeyReusedError as error:
        raise Problem(422, str(error)) from None
    except StoreError as error:
        raise Problem(507 if error.full else 503, str(error), headers=RETRY) from None


def _sent(id: str, inputs: Mapping[str, Any], prediction: Mapping[str, Any]) -> Sent:
    return Sent(
        id=id,
        inputs=inputs,
        segment_id=prediction["segment_id"],
        segment=prediction["segment"],
        probability=prediction["probability"],
        route=prediction["route"],
    )


def _id(value: object, index: int) -> str:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not is_id(text):
        raise InputError(f"row {index}: id must be a whole number, or text of {ID_RULE}", row=index)
    return text


def check_rows(body: Mapping[str, Any]) -> list[Any]:
    """The rows of a request.

    Raises:
        Problem: when they are not a list of objects, too many, or not alone.
    """
    rows = body.get("rows")
    if set(body) != {"rows"} or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Problem(422, ROWS, errors=[{"field": "rows", "message": ROWS}])
    if len(rows) > MOST_ROWS:
        raise Problem(
            422, f"there must be at most {MOST_ROWS:,} rows in one call; split them into several calls"
        )
    return rows
