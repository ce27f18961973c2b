"""Keys of the API: who may call what. Only their SHA-256 is kept, in ``API_KEYS`` and in memory.

``python -m service.settings shop predict,customers`` makes one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from service.settings.environment_values import SettingsError

PREDICT, CUSTOMERS, TRAIN, ADMIN = "predict", "customers", "train", "admin"
SCOPES = {
    PREDICT: "predictions, explanations, files and the model",
    CUSTOMERS: "remembered customers, their events and movements",
    TRAIN: "training on files that are sent, and its results",
    ADMIN: "monitoring, another model, and names of segments on the page",
}
PREFIX = "cs_"  # so that scanners for leaked secrets can find a key
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """One key.

    Attributes:
        name: of who has it; the rate limit counts by it.
        scopes: what it may be used for.
        digest: the SHA-256 of the key, hexadecimal.
    """

    name: str
    scopes: frozenset[str]
    digest: str = field(repr=False)


def digest_of(key: str) -> str:
    """The SHA-256 of a key. It needs no slow hash: a key is random, nobody can guess 256 bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_api_keys(text: str) -> tuple[ApiKey, ...]:
    """Read entries ``name:scopes:sha256``, separated with spaces or line feeds.

    Raises:
        SettingsError: for an entry that is something else; it is named by its number, never quoted.

    Example:
        >>> (key,) = read_api_keys("shop:predict,customers:" + digest_of("cs_example"))
        >>> key.name, sorted(key.scopes)
        ('shop', ['customers', 'predict'])
    """
    found: list[ApiKey] = []
    for number, entry in enumerate(text.split(), start=1):
        name, scopes, digest = [*entry.split(":"), "", ""][:3]
        chosen = frozenset(scopes.split(","))
        right = _NAME.fullmatch(name) and chosen <= SCOPES.keys() and _DIGEST.fullmatch(digest)
        if not right or entry.count(":") != 2:
            raise SettingsError(
                f"API_KEYS must be entries name:scopes:sha256, separated with spaces, with scopes of "
                f"{', '.join(SCOPES)}, but entry {number} is not; `python -m service.settings NAME "
                "SCOPES` makes a key and its entry"
            )
        if any(each.name == name or each.digest == digest for each in found):
            raise SettingsError(f"API_KEYS must have each name and key once, but entry {number} is a second")
        found.append(ApiKey(name=name, scopes=chosen, digest=digest))
    return tuple(found)
