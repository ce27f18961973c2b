"""Makes a key of the API: shows it once, and its entry for ``API_KEYS``."""

from __future__ import annotations

import secrets
import sys

from service.settings.api_keys import PREFIX, SCOPES, digest_of, read_api_keys
from service.settings.environment_values import SettingsError

USAGE = "usage: python -m service.settings NAME SCOPES"


def main(arguments: list[str]) -> int:
    """Make a key; returns the exit status."""
    if len(arguments) != 2:
        scopes = "\n".join(f"  {name:10} {text}" for name, text in SCOPES.items())
        sys.stderr.write(f"{USAGE}\n\nscopes, separated with commas:\n{scopes}\n")
        return 2
    key = PREFIX + secrets.token_urlsafe(32)
    entry = ":".join([*arguments, digest_of(key)])
    try:
        read_api_keys(entry)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"The key, shown only now:  {key}\nIts entry in API_KEYS:    {entry}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
