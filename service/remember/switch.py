"""Whether customers are remembered; what needs a database library is loaded only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api.api_predictions import Predictor
from service.api.problems import Problem
from service.page.page import Extras
from service.settings import Settings, SettingsError

OFF = "customers must be remembered for this, but they are not; start the app with STORE=on"
COUNTED = {"customers": "/customers", "customerEvents": "/customer-events", "movement": "/movement"}
"""Names of operations in metrics and logs, and their paths; those on one customer are ``customer``."""

PATHS = (
    "/customers",
    "/customers/{id}",
    "/customers/{id}/export",
    "/customers/{id}/letter",
    "/customer-events",
    "/movement",
)


def desk_of(settings: Settings) -> Any:
    """The store and what works on it, where the settings ask for one; the same for every model.

    Raises:
        SettingsError: when SQLAlchemy or another library for it is not installed, or when the address or the
            secret of the webhook cannot be used.
    """
    if settings.store is None:
        return None
    try:
        from customers.webhooks.public_address import WebhookError
        from service.remember.remembered import Desk
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"STORE=on needs {error.name}, but it is not installed; pip install -r requirements/store.txt"
        ) from None
    try:
        return Desk(settings.store)
    except WebhookError as error:
        raise SettingsError(str(error)) from None


def remembered_by(predictor: Predictor, desk: Any) -> Any:
    """Remembered customers as one model answers for them; ``None`` without a store."""
    if desk is None:
        return None
    from service.remember.remembered import Remembered

    return Remembered(predictor, desk)


def routes_of(remembered: Any) -> list[Route]:
    """The REST routes of remembered customers; without a store each says that it is off."""
    if remembered is None:
        return [Route(path, _off, methods=["GET", "PUT", "POST", "DELETE"]) for path in PATHS]
    from service.remember.customer_routes import customer_routes

    return [*customer_routes(remembered)]


def page_extras(remembered: Any, names: Mapping[str, str] | None = None) -> Extras:
    """What the page has for remembered customers; nothing without a store.

    Args:
        names: name of a segment in the model file -> its name on the page, where they differ.
    """
    if remembered is None:
        return Extras()
    from service.remember.customers_tab import customers_tab, save_row
    from service.remember.segment_movement import segment_movement
    from service.remember.spoken import ShownNames

    shown = ShownNames(names or {})
    return Extras(
        below_prediction=lambda form: save_row(form, remembered, shown),
        movement=lambda tab: segment_movement(tab, remembered, shown),
        tabs=(lambda _: customers_tab(remembered, shown),),
    )


async def _off(request: Request) -> Response:
    del request
    raise Problem(404, OFF)
