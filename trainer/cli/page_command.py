"""``python -m trainer page``: the segments of a model file on one page, as PDF."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from inference import ArtifactError, Segmenter
from trainer.cli.console import consoles
from trainer.report.figures.segments_page import save_segments_page


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 0 or 2 (no model file)."""
    options = _parser().parse_args(arguments)
    out, errors = consoles()
    try:
        contract = Segmenter.load(options.model).contract
        save_segments_page(contract, options.pdf)
    except (ArtifactError, OSError) as error:
        errors.print(f"error: {error}", style="red", highlight=False, markup=False)
        return 2
    out.print(f"Written to {options.pdf}", highlight=False, markup=False)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer page", description="Writes the segments of a model file on one page, as PDF."
    )
    parser.add_argument("model", type=Path, help="the model file, such as my-model/model.onnx")
    parser.add_argument("pdf", type=Path, help="the file to write, such as segments.pdf")
    return parser
