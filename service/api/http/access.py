"""Who may call what: keys of the API, by their scopes. Without keys, everybody may call everything."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from starlette.types import Scope

from service.api import api_texts as texts
from service.api.problems import Problem
from service.settings import ADMIN, CUSTOMERS, PREDICT, TRAIN, ApiKey, Settings

KEY = "customer-segments.key"  # in the scope of a request: the key that it came with
LONGEST_KEY = 200
_PUBLIC = ("", "/", "/health", "/ready", "/openapi.json", "/docs")
_BY_FIRST_PART = {
    "customers": CUSTOMERS,
    "customer-events": CUSTOMERS,
    "movement": CUSTOMERS,
    "monitoring": ADMIN,
    "train": TRAIN,
}


def scope_of(path: str) -> str:
    """The scope that a path below ``/v1`` needs; empty for what is public. What is unknown needs one, too.

    Example:
        >>> scope_of("/health"), scope_of("/customers/A12"), scope_of("/anything")
        ('', 'customers', 'predict')
    """
    if path in _PUBLIC or path.startswith("/docs/"):
        return ""
    return _BY_FIRST_PART.get(path.strip("/").partition("/")[0], PREDICT)


class Access:
    """Finds the key of a request, and refuses what it may not be used for."""

    def __init__(self, keys: Sequence[ApiKey]) -> None:
        self._keys = {bytes.fromhex(each.digest): each for each in keys}

    @classmethod
    def of(cls, settings: Settings) -> Access | None:
        """By the keys of the settings; ``None`` without keys."""
        return cls(settings.api_keys) if settings.api_keys else None

    def identify(self, scope: Scope) -> None:
        """Note in a request's scope whose key it came with, if it is one of the keys."""
        bearer = other = b""
        for name, value in scope["headers"]:
            if name == b"authorization" and value[:7].lower() == b"bearer ":
                bearer = value[7:]
            elif name == b"x-api-key":
                other = value
        given = (bearer or other).strip()
        # Comparing hashes of what was sent says nothing about a key, however long it takes.
        found = self._keys.get(sha256(given).digest()) if 0 < len(given) <= LONGEST_KEY else None
        if found is not None:
            scope[KEY] = found

    def require(self, scope: Scope, needed: str) -> None:
        """Refuse a request that was identified, unless it may be used for this.

        Raises:
            Problem: 401 without one of the keys, 403 with one for something else.
        """
        if not needed:
            return
        key = key_of(scope)
        if key is None:
            raise Problem(401, texts.NO_KEY, headers={"WWW-Authenticate": "Bearer"})
        if needed not in key.scopes:
            given = ", ".join(sorted(key.scopes))
            challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
            detail = texts.OTHER_SCOPE.format(needed=needed, given=given)
            raise Problem(403, detail, headers={"WWW-Authenticate": challenge})


def key_of(scope: Scope) -> ApiKey | None:
    """The key that a request came with, if it was one."""
    found: ApiKey | None = scope.get(KEY)
    return found


def below(scope: Scope) -> str:
    """The path of a request below the place where its application is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def is_admin(scope: Scope) -> bool:
    """Whether a request came with a key for administration."""
    key = key_of(scope)
    return key is not None and ADMIN in key.scopes
