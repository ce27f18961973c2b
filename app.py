"""The web app: ``python app.py`` serves the page on port 7860, or on ``$PORT``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inference import ArtifactError, Segmenter
from service.settings import Settings, SettingsError
from service.startup import prepare

if TYPE_CHECKING:
    import gradio


def build_app(settings: Settings | None = None) -> gradio.Blocks:
    """The page about the model file in the settings (the default ones), not yet served.

    Raises:
        ArtifactError: when the model file cannot be used.
    """
    path = (settings or Settings()).model_path
    segmenter = Segmenter.load(path)
    prepare(os.environ)
    from service.page import build_page

    return build_page(segmenter, model_path=path)


def main() -> None:
    """Serve the page until the process is stopped."""
    try:
        settings = Settings.from_environment(os.environ)
        page = build_app(settings)
    except (SettingsError, ArtifactError) as error:
        sys.exit(f"The app cannot start: {error}")
    from service.server import launch_options

    page.launch(**launch_options(settings))


if __name__ == "__main__":
    main()
