"""The options of ``python -m trainer``, and the table and the settings they ask for."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference import InputError
from trainer.classifier.candidates import CANDIDATES
from trainer.cli.retrain_options import add_retrain_options
from trainer.cli.role_options import add_role_options
from trainer.cli.run_progress import add_progress_option
from trainer.cli.source_options import add_read_options, add_sample_option, read_options, sample_settings
from trainer.cli.tracking_options import add_tracking_options
from trainer.config import TrainConfig
from trainer.segments.structure import ChoiceSettings
from trainer.table.customer_table import embedded
from trainer.table.raw_table import Raw, read_raw

JOBLIB_WARNING = "a joblib file runs code when it is loaded: load only your own"
QUICK_REPEATS, QUICK_ROWS = 2, 1_000
ARTIFACTS = Path(__file__).parents[2] / "artifacts"


def train_parser() -> argparse.ArgumentParser:
    """The parser of ``python -m trainer`` without another command."""
    parser = argparse.ArgumentParser(
        prog="python -m trainer",
        description="Segments a customer table and writes one ONNX file that runs anywhere.",
        epilog="python -m trainer rfm makes a customer table from transactions, roles shows the proposed "
        "roles as JSON, page writes the segments of a model on one page as PDF, publish uploads a model to "
        "the Hugging Face Hub; see python -m trainer rfm --help",
    )
    _add_source_and_target(parser)
    _add_choices(parser)
    _add_run_options(parser)
    add_progress_option(parser)
    add_read_options(parser)
    add_sample_option(parser)
    add_role_options(parser)
    add_tracking_options(parser)
    add_retrain_options(parser)
    return parser


def _add_source_and_target(parser: argparse.ArgumentParser) -> None:
    """What is read and where is written."""
    add = parser.add_argument
    add(
        "--data",
        metavar="FILE|URL",
        help="one row per customer: CSV, Parquet, Excel, a database with --query, or spark: and a folder or "
        "table that Spark reads (default: Mall Customers)",
    )
    add("--out", type=Path, default=ARTIFACTS, metavar="DIR", help="where to write (default: artifacts/)")


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """What the user may decide about segments and classifier."""
    add = parser.add_argument
    add("--k", type=int, metavar="K", help="number of segments; recorded as your choice")
    add(
        "--alternative",
        metavar="NAME",
        help="use another set of clustering columns, such as shares-of-spend; a run lists those it tried",
    )
    choices = ("auto", *CANDIDATES)
    add("--classifier", choices=choices, default="auto", help="which classifier to use (default: the best)")
    add("--strict", action="store_true", help="write a file only if the segments are natural")
    add("--names", type=Path, metavar="TOML", help="your own names, tiers and actions for segments")


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    """How a run is done, and what it writes besides."""
    add = parser.add_argument
    add("--fresh", action="store_true", help="do not keep ids and names of the model in --out")
    add("--quick", action="store_true", help="fewer repetitions: the same steps, less precise figures")
    add("--seed", type=int, default=0, help="random seed (default: 0)")
    add(
        "--joblib",
        type=Path,
        metavar="DIR",
        help=f"also save scaler, K-Means and classifier for scikit-learn; {JOBLIB_WARNING}",
    )
    add("--check", action="store_true", help="rebuild and compare with the artifacts; write nothing")


def given_table(options: argparse.Namespace) -> Raw:
    """The table of ``--data``, by default that of Mall Customers.

    Raises:
        InputError: when it cannot be read.
    """
    if options.data is None:
        if options.query:
            raise InputError("--query needs --data with the URL of a database, such as sqlite:///shop.db")
        return embedded()
    sample = sample_settings(options, options.seed)
    return read_raw(options.data, query=options.query, options=read_options(options), sample=sample)


def train_config(options: argparse.Namespace) -> TrainConfig:
    """The settings of a run that the options ask for."""
    return TrainConfig(
        seed=options.seed,
        classifier=options.classifier,
        strict=options.strict,
        repeats=QUICK_REPEATS if options.quick else TrainConfig.repeats,
        evaluated_rows=QUICK_ROWS if options.quick else TrainConfig.evaluated_rows,
        choice=ChoiceSettings(user_k=options.k),
        light_sensitivity=options.quick,
        alternative=options.alternative,
    )
