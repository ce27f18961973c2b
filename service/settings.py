"""The one place where environment variables are read: what the app serves, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MODEL = Path(__file__).parent.parent / "artifacts" / "model.onnx"
DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - a container is reached from outside itself
DEFAULT_PORT = 7860
LARGEST_PORT = 65_535
_SWITCH = {"on": True, "off": False}


class SettingsError(ValueError):
    """An environment variable cannot be used: says which, what it must be and what was found."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the app serves, and where.

    Attributes:
        model_path: the model file, from ``MODEL_PATH``.
        host: the address to listen on, from ``HOST``.
        port: the port to listen on, from ``PORT``.
        mcp: whether the endpoint is an MCP tool too, from ``MCP``, ``on`` or ``off``.
    """

    model_path: Path = DEFAULT_MODEL
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    mcp: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.port <= LARGEST_PORT:
            raise SettingsError(f"PORT must be from 1 to {LARGEST_PORT}, but it is {self.port}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; a variable that is missing or blank keeps its default.

        Raises:
            SettingsError: for a variable that cannot be used.
        """
        given = {name: text.strip() for name, text in environment.items() if text.strip()}
        return cls(
            model_path=Path(given.get("MODEL_PATH", DEFAULT_MODEL)),
            host=given.get("HOST", DEFAULT_HOST),
            port=_port(given.get("PORT", str(DEFAULT_PORT))),
            mcp=_switch("MCP", given.get("MCP", "on")),
        )


def _port(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"PORT must be a whole number, but it is {text!r}") from None


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise SettingsError(f"{name} must be 'on' or 'off', but it is {text!r}")
    return _SWITCH[text.lower()]
