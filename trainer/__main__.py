"""``python -m trainer``: from a customer table to a verified model file."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from inference import ArtifactError, Contract, InputError, Segmenter
from inference.files.stopping import INTERRUPTED, unfinished_removed
from inference.wording import counted, quoted
from trainer.cli.console import (
    consoles,
    show_decisions,
    show_roles,
    show_table,
    show_warnings,
)
from trainer.cli.retrain_options import (
    compared,
    is_retraining,
    publish_waiting,
    return_to_previous,
    running_model,
    show_comparison,
    stored_customers,
)
from trainer.cli.role_options import given_roles
from trainer.cli.run_progress import reported, show_refusal
from trainer.cli.tracking_options import tracking_of
from trainer.cli.train_options import JOBLIB_WARNING, given_table, train_config, train_parser
from trainer.export.joblib_files import save_joblib
from trainer.export.verify import DifferenceError
from trainer.report.artifacts import MODEL, differences, write_artifacts
from trainer.report.atomic_folder import check_replaceable
from trainer.report.published_folder import candidate_of
from trainer.results.trained import Trained
from trainer.roles.preparation import is_mall, prepare
from trainer.roles.proposing import propose
from trainer.roles.running_roles import roles_like
from trainer.roles.settings.role_settings import Roles
from trainer.roles.settings.settings_draft import write_draft
from trainer.segments.clustered import NotNaturalError
from trainer.segments.overrides import read_overrides
from trainer.table.customer_table import clean
from trainer.table.raw_table import Raw
from trainer.training import train

WAITING = "candidate"  # the alias of a retrained model that is not published


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 (done), 1 (not published), 2 (bad input), 3 (segments that are not natural, with --strict) or 130
        (interrupted; 143 by SIGTERM).
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    with unfinished_removed():
        if given[:1] in (["rfm"], ["publish"], ["roles"], ["page"]):
            return _other_command(given[0])(given[1:])
        return _main(given)


def _main(given: Sequence[str]) -> int:
    options = train_parser().parse_args(given)
    _, errors = consoles()
    try:
        return _wanted(options)(options)
    except (InputError, DifferenceError) as error:
        show_refusal(options, errors, error)
        return 2 if isinstance(error, InputError) else 1
    except NotNaturalError as error:
        message = f"{error} Nothing was written; without --strict the file is written."
        errors.print(message, style="yellow", highlight=False, markup=False)
        return 3
    except KeyboardInterrupt:
        errors.print("interrupted; nothing was written", style="yellow", highlight=False, markup=False)
        return INTERRUPTED


def _wanted(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """What the options ask for."""
    actions = (
        (options.init is not None, _init),
        (options.rollback, return_to_previous),
        (is_retraining(options), _retrain),
        (options.publish, publish_waiting),
        (options.check, _check),
    )
    return next((action for wanted, action in actions if wanted), _run)


def _other_command(name: str) -> Callable[[Sequence[str]], int]:
    """A command with options of its own, loaded when it is used."""
    if name == "rfm":
        from trainer.cli.rfm_command import main as rfm

        return rfm
    if name == "roles":
        from trainer.cli.roles_command import main as roles

        return roles
    if name == "page":
        from trainer.cli.page_command import main as page

        return page
    from trainer.cli.publish_command import main as publish

    return publish


def _init(options: argparse.Namespace) -> int:
    """Write the proposed roles of the columns to a file for the user to edit."""
    out, _ = consoles()
    roles = given_roles(options)
    raw = given_table(options).with_missing_words(roles.na)
    proposal = propose(raw.cells, roles, readings=raw.readings, source=raw.source, seed=options.seed)
    data = "URL --query SQL" if options.query else raw.source
    write_draft(options.init, proposal, source=raw.source, data=data)
    show_table(out, clean(raw, proposal.schema()))
    show_roles(out, proposal)
    out.print(f"\nWritten to [bold]{options.init}[/bold]; edit it and pass it with --config")
    return 0


def _run(options: argparse.Namespace) -> int:
    out, _ = consoles()
    check_replaceable(options.out)
    if options.joblib is not None:
        check_replaceable(options.joblib)
    tracking = tracking_of(options, os.environ)
    path = options.out / MODEL
    earlier = _load(path) if path.exists() and not options.fresh else None
    trained = _train(options, options.out, earlier)
    out.print(f"\nWritten to [bold]{options.out}[/bold] (model: {len(trained.model) / 1024:.0f} kB)")
    if tracking is not None:
        out.print(f"Logged to MLflow as {tracking.log(options.out)} ({tracking.alias})", highlight=False)
    if options.joblib is not None:
        save_joblib(trained.fitted, options.joblib)
        out.print(f"scikit-learn parts saved to [bold]{options.joblib}[/bold]; {JOBLIB_WARNING}")
    return 0


def _retrain(options: argparse.Namespace) -> int:
    """Train again, compare with the published model, and replace it if the rule or the user says so."""
    out, _ = consoles()
    check_replaceable(candidate_of(options.out))
    tracking = tracking_of(options, os.environ)
    running = running_model(options.out)
    raw = given_table(options) if options.from_store is None else stored_customers(options, os.environ)
    roles = given_roles(options)
    if not is_mall(raw.cells.column_names):
        roles = roles_like(running.contract, roles, raw.cells.column_names)
    trained = _trained(options, raw, roles, running.contract)
    comparison = compared(trained, running, options.out)
    show_comparison(out, comparison)
    published = comparison.publish or options.publish
    if tracking is not None:
        alias = tracking.alias if published else WAITING
        address = replace(tracking, alias=alias).log(candidate_of(options.out))
        out.print(f"Logged to MLflow as {address} ({alias})", highlight=False)
    if published:
        return publish_waiting(options)
    out.print(f"It waits in {candidate_of(options.out)}; --publish publishes it", highlight=False)
    return 1


def _check(options: argparse.Namespace) -> int:
    """Rebuild in another folder and report whether the artifacts are reproduced by this code and data.

    A model that kept ids and names of a previous one is rebuilt a second time, with itself as the previous
    model.
    """
    out, _ = consoles()
    published = _load(options.out / MODEL)
    for earlier in (None, published):
        with tempfile.TemporaryDirectory() as folder:
            rebuilt = Path(folder) / "artifacts"
            trained = _train(options, rebuilt, earlier)
            found = differences(options.out, rebuilt)
        if not found:
            same = (options.out / MODEL).read_bytes() == trained.model
            out.print(
                f"this code and data reproduce {options.out}, "
                f"{'byte for byte' if same else 'apart from rounding'}"
            )
            return 0
    for line in found[:20]:
        out.print(line, highlight=False, markup=False)
    count = counted(len(found), "difference")
    out.print(f"[red]{count}[/red]: this code and data do not reproduce {options.out}")
    return 1


def _train(options: argparse.Namespace, folder: Path, earlier: Contract | None) -> Trained:
    trained = _trained(options, given_table(options), given_roles(options), earlier)
    with reported(options, consoles()[1]) as progress:
        write_artifacts(trained, folder, progress=progress)
    return trained


def _trained(options: argparse.Namespace, raw: Raw, roles: Roles, earlier: Contract | None) -> Trained:
    """Train and show what was found; nothing is written."""
    out, errors = consoles()
    overrides = None if options.names is None else read_overrides(options.names)
    prepared = prepare(raw, roles, seed=options.seed)
    show_table(out, prepared.table)
    show_roles(out, prepared.proposal)
    with reported(options, errors) as progress:
        trained = train(
            prepared,
            replace(train_config(options), roles=roles),
            earlier=earlier,
            overrides=overrides,
            created=_created(),
            progress=progress,
        )
    show_decisions(out, trained)
    show_warnings(out, trained)
    return trained


def _load(path: Path) -> Contract:
    """The contract of the previous model, so that segments can keep their ids and names."""
    try:
        return Segmenter.load(path).contract
    except ArtifactError as error:
        raise InputError(
            f"the previous model must be usable, but it is not ({error}); start without it with --fresh"
        ) from error


def _created() -> str | None:
    """The date from ``SOURCE_DATE_EPOCH``; without it no date is written, and equal runs give equal bytes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return None
    if not epoch.isdecimal():
        raise InputError(f"SOURCE_DATE_EPOCH must be whole seconds since 1970, but it is {quoted(epoch)}")
    return datetime.fromtimestamp(int(epoch), tz=UTC).isoformat()


if __name__ == "__main__":
    sys.exit(main())
