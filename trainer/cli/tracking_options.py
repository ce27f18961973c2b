"""The options of the command line for MLflow."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from trainer.report.mlflow_run import ALIAS, Tracking

URI = "MLFLOW_TRACKING_URI"  # MLflow's own variable
HERE = ""  # where that variable says


def add_tracking_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for logging a run."""
    group = parser.add_argument_group("MLflow")
    group.add_argument(
        "--mlflow",
        nargs="?",
        const=HERE,
        metavar="URI",
        help=f"log the run and register the model (default: if {URI} is set, there)",
    )
    group.add_argument(
        "--mlflow-model",
        default="",
        metavar="NAME[@ALIAS]",
        help=f"of the registered model (default: the table's name, {ALIAS})",
    )


def tracking_of(options: argparse.Namespace, environment: Mapping[str, str]) -> Tracking | None:
    """Where the run is logged; ``None`` for nowhere.

    Raises:
        InputError: when it could not be logged, before anything is trained.
    """
    if options.mlflow is None and not environment.get(URI):
        return None
    name, _, alias = options.mlflow_model.partition("@")
    tracking = Tracking(uri=options.mlflow or HERE, name=name, alias=alias or ALIAS)
    tracking.check()
    return tracking
