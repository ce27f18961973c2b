"""Promises that settings come from the environment alone and that a wrong one is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import DEFAULT_MODEL, Settings, SettingsError


def test_without_variables_the_space_serves_the_published_model_on_its_port() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.mcp) == ("0.0.0.0", 7860, True)  # noqa: S104 - the promise
    assert settings.model_path == DEFAULT_MODEL == Path(__file__).parents[1] / "artifacts" / "model.onnx"


def test_each_variable_is_read() -> None:
    environment = {"MODEL_PATH": "other.onnx", "HOST": "127.0.0.1", "PORT": " 8000 ", "MCP": "Off"}
    expected = Settings(model_path=Path("other.onnx"), host="127.0.0.1", port=8000, mcp=False)
    assert Settings.from_environment(environment) == expected


def test_a_blank_variable_keeps_its_default() -> None:
    assert Settings.from_environment({"PORT": "", "MODEL_PATH": "  "}) == Settings()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a whole number, but it is 'http'"),
        ({"PORT": "0"}, "PORT must be from 1 to 65535, but it is 0"),
        ({"PORT": "65536"}, "PORT must be from 1 to 65535, but it is 65536"),
        ({"MCP": "maybe"}, "MCP must be 'on' or 'off', but it is 'maybe'"),
    ],
)
def test_a_wrong_variable_is_refused_with_what_it_must_be(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment)
    assert str(caught.value) == sentence
