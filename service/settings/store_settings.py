"""The settings of the database of customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.address import outlives_restart, store_address
from service.settings.environment_values import SettingsError, switch, whole

MOST_DAYS = 36_500


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where customers are remembered, and who is told of changes.

    Attributes:
        address: of the database, from ``DATABASE_URL`` or ``STORE_PATH``.
        lasts: whether it outlives a restart; on a Hugging Face Space only what is mounted does.
        retention_days: after how many days without an answer a customer is erased; 0 for never.
        webhook_url, webhook_secret: where changes of segments are sent, and what signs them.
        webhook_private: whether that may be an address of a private network.
    """

    address: str = field(repr=False)  # may have a password
    lasts: bool = True
    retention_days: int = 0
    webhook_url: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    webhook_private: bool = False


def store(given: Mapping[str, str]) -> StoreSettings | None:
    """The settings of the store; ``None`` while it is off."""
    if not switch("STORE", given.get("STORE", "off")):
        if "WEBHOOK_URL" in given:
            raise SettingsError("WEBHOOK_URL needs STORE=on, but the store is off; switch it on")
        return None
    if "WEBHOOK_URL" in given and "WEBHOOK_SECRET" not in given:
        raise SettingsError(
            "WEBHOOK_URL needs WEBHOOK_SECRET to sign what is sent, but there is none; set it"
        )
    days = whole("STORE_RETENTION_DAYS", given.get("STORE_RETENTION_DAYS", "0"))
    if not 0 <= days <= MOST_DAYS:
        raise SettingsError(f"STORE_RETENTION_DAYS must be from 0 to {MOST_DAYS}, but it is {days}")
    return StoreSettings(
        address=store_address(given),
        lasts="SPACE_ID" not in given or outlives_restart(store_address(given)),
        retention_days=days,
        webhook_url=given.get("WEBHOOK_URL", ""),
        webhook_secret=given.get("WEBHOOK_SECRET", ""),
        webhook_private=switch("WEBHOOK_PRIVATE", given.get("WEBHOOK_PRIVATE", "off")),
    )
