"""Lists the licences of everything that the app, the store and the trainer install.

    python docs/licences.py           writes docs/licences.md
    python docs/licences.py --check   fails where the page is not true, or a licence is not permitted

Needs the environment of requirements/dev.lock, which has all of these packages. Those of other systems or
Pythons than this one keep the licence that the page already gives them.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
LOCKS = ("app", "store", "train", "observe")
DENIED = re.compile(r"\b(A?GPL|SSPL|BUSL|Commons Clause)|non-?commercial", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Lesser", re.IGNORECASE)  # a library may be used without a duty for its user
LONGEST = 60
ELSEWHERE = "not installed here"
HEAD = """\
# Licences

What the app, the store and the trainer install, by `requirements/*.lock`; written by
`python docs/licences.py`. The project itself is under the [MIT License](https://opensource.org/license/mit).

| package | licence | in |
|---|---|---|
"""


def locked() -> dict[str, list[str]]:
    """Package -> the locks that have it."""
    found: dict[str, list[str]] = {}
    for lock in LOCKS:
        text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
        for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE):
            found.setdefault(name.lower(), []).append(lock)
    return dict(sorted(found.items()))


def licence(package: str) -> str:
    """What a package says of its licence, in a few words."""
    try:
        said = metadata(package).json
        entries = [
            text for text in metadata(package).get_all("Classifier") or [] if text.startswith("License ::")
        ]
    except PackageNotFoundError:
        return ELSEWHERE
    expression = said.get("license_expression")
    if expression:
        return str(expression)
    classified = [
        name for name in (entry.rpartition(" :: ")[2] for entry in entries) if name != "OSI Approved"
    ]
    if classified:
        return ", ".join(dict.fromkeys(classified))
    text = str(said.get("license", "")).strip().splitlines()
    return text[0][:LONGEST] if text else "not stated"


def page() -> str:
    """The whole page."""
    before = dict(re.findall(r"^\| (\S+) \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    found = {name: licence(name).replace("|", "/") for name in locked()}
    rows = [
        f"| {name} | {before.get(name, text) if text == ELSEWHERE else text} | {', '.join(locks)} |"
        for (name, text), locks in zip(found.items(), locked().values(), strict=True)
    ]
    return HEAD + "\n".join(rows) + "\n"


def untrue() -> list[str]:
    """Rows that the page must have and does not."""
    known = PAGE.read_text(encoding="utf-8").splitlines()
    return [row for row in page().splitlines() if row not in known]


def denied() -> list[str]:
    """Packages under a licence that would bind whoever passes the software on."""
    found = {name: licence(name) for name in locked()}
    return [
        f"{name}: {text}" for name, text in found.items() if DENIED.search(text) and not LESSER.search(text)
    ]


def main() -> int:
    """Write or check."""
    problems = denied()
    if "--check" in sys.argv[1:]:
        missing = untrue()
        if missing:
            problems.append(f"docs/licences.md must say: {missing[0]}; run `python docs/licences.py`")
    else:
        PAGE.write_text(page(), encoding="utf-8")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
