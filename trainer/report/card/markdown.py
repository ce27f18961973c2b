"""The Markdown elements of the card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, separated by blank lines."""
    return "\n\n".join(part for part in parts if part)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a ``|`` in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def sentences(parts: Iterable[str]) -> list[str]:
    """Each part with a capital and a full stop."""
    return [f"{part[0].upper()}{part[1:].removesuffix('.')}." for part in parts]


def picture(name: str, words: str) -> str:
    """A figure in the folder of the card."""
    return f"![{words}](figures/{name}.svg)"


def with_error(value: float, error: float | None, *, digits: int = 3) -> str:
    """``0.958 ± 0.014``, or the value alone where it has no error."""
    return f"{value:.{digits}f}" if error is None else f"{value:.{digits}f} ± {error:.{digits}f}"
