"""The web app: ``python app.py`` serves the page and its API on port 7860, or on ``$PORT``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inference import ArtifactError
from service.gradio_api.gradio_environment import offer_gpu_function, prepare
from service.models.load_model import load_model
from service.monitor.json_logs import log_as_json
from service.settings import JSON_LINES, Settings, SettingsError

if TYPE_CHECKING:
    from service.server import Site


def build_app(settings: Settings | None = None) -> Site:
    """The page and the API for the model file in the settings (by default the standard ones), not yet served.

    Raises:
        ArtifactError: when the model file cannot be used.
    """
    settings = settings or Settings()
    segmenter = load_model(settings.model_path, settings)
    prepare(os.environ)
    offer_gpu_function()
    from service.server import Site

    return Site(segmenter, settings)


def main() -> None:
    """Serve until the process is stopped."""
    try:
        settings = Settings.from_environment(os.environ)
        if settings.log_format == JSON_LINES:
            log_as_json()
        site = build_app(settings)
    except (SettingsError, ArtifactError) as error:
        sys.exit(f"The app cannot start: {error}")
    try:
        site.launch(quiet=settings.log_format == JSON_LINES)
    except OSError:
        sys.exit(
            f"The app cannot start: HOST {settings.host} must have PORT {settings.port} free, but it cannot "
            "be used; set another PORT"
        )
    finally:
        site.close()  # a server that still runs while Python ends can crash it


if __name__ == "__main__":
    main()
