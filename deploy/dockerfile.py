"""Reads a Dockerfile into stages and instructions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One stage of a Dockerfile: its name, its base image and its instructions."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def parse(text: str) -> list[Stage]:
    """The stages of a Dockerfile.

    Raises:
        ValueError: for an instruction that ``Image.carry_out`` does not know.
    """
    known = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER", "WORKDIR"}
    stages: list[Stage] = []
    lines = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("#"))
    for line in filter(None, re.sub(r"\s*\\\n\s*", " ", lines).splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(name or str(len(stages)), base))
        elif word in known:
            stages[-1].steps.append((word, rest.strip()))
        else:
            raise ValueError(
                f"instruction must be one of {sorted(known)}, but it is {word!r}; extend it here and in Image"
            )
    return stages
