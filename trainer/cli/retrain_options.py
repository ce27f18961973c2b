"""Training again on stored customers: compared with the running model, published by rule or by a person."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from customers.address import store_address
from inference import ArtifactError, Segmenter
from inference.errors import InputError
from trainer.cli.console import consoles
from trainer.report.artifacts import MODEL, write_artifacts
from trainer.report.comparison_words import comparison_sentences, flow_rows, rule_sentences
from trainer.report.model_comparison import Comparison, compare
from trainer.report.published_folder import candidate_of, previous_of, publish_candidate, roll_back
from trainer.results.trained import Trained
from trainer.table.raw_table import Raw
from trainer.table.stored_customers import read_stored


def add_retrain_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument_group("training again").add_argument
    add(
        "--from-store",
        nargs="?",
        const="",
        metavar="URL",
        help="train on the stored customers (default: those of DATABASE_URL or STORE_PATH) and compare with "
        "the model in --out",
    )
    add("--retrain", action="store_true", help="the same with the table of --data")
    add(
        "--publish",
        action="store_true",
        help="publish the retrained model whatever the rule says; without --from-store, the one that waits",
    )
    add("--rollback", action="store_true", help="exchange the model in --out and the one before it")


def is_retraining(options: argparse.Namespace) -> bool:
    """Whether a model is trained to be compared with the running one."""
    return options.from_store is not None or options.retrain


def stored_customers(options: argparse.Namespace, environment: Mapping[str, str]) -> Raw:
    """The customers of ``--from-store``, by default those of the app's own settings.

    Raises:
        InputError: when the store cannot be used, or ``--data`` names other customers.
    """
    if options.data is not None:
        raise InputError("the customers come from --from-store or from --data, but both are given; give one")
    return read_stored(options.from_store or store_address(environment), options.query)


def running_model(folder: Path) -> Segmenter:
    """The published model.

    Raises:
        InputError: when there is none that can be used.
    """
    try:
        return Segmenter.load(folder / MODEL)
    except ArtifactError as error:
        raise InputError(
            f"the model in --out must be usable to compare with it, but it is not ({error}); train without "
            "--from-store and --retrain first"
        ) from error


def compared(trained: Trained, running: Segmenter, folder: Path) -> Comparison:
    """Compare, and let the retrained model wait next to the published one."""
    found = compare(running, Segmenter.load(trained.model), trained.table.columns, moves=trained.moves)
    write_artifacts(trained, candidate_of(folder), comparison=found)
    return found


def show_comparison(out: Console, found: Comparison) -> None:
    """Print what a person decides by."""
    header, rows = flow_rows(found)
    grid = Grid(*header, title="Customers, from the running model's segments to the retrained one's")
    for row in rows:
        grid.add_row(*row)
    out.print(grid)
    for each in (*comparison_sentences(found), *rule_sentences(found)):
        out.print(f"- {each}", highlight=False, markup=False)


def publish_waiting(options: argparse.Namespace) -> int:
    """Publish the retrained model that waits."""
    publish_candidate(options.out)
    consoles()[0].print(
        f"Published in {options.out}; the model before is in {previous_of(options.out)}, one --rollback away",
        highlight=False,
        markup=False,
    )
    return 0


def return_to_previous(options: argparse.Namespace) -> int:
    """Publish the model before."""
    roll_back(options.out)
    version = running_model(options.out).fingerprint[:12]
    consoles()[0].print(f"{options.out} has model {version} again", highlight=False, markup=False)
    return 0
