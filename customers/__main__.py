"""``python -m customers``: import, find, follow and erase remembered customers."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from customers import letter
from customers.address import store_address
from customers.engine import StoreError
from customers.export_file import export_file
from customers.importing import import_file
from customers.store import Store, open_store
from inference import ArtifactError, InputError, Segmenter
from inference.drift.flow_page import flow_page
from inference.drift.flow_picture import flow_picture
from inference.drift.movement import judge_movement, refit_noise
from inference.drift.movement_words import movement_sentences
from inference.files.compare.command import table
from inference.files.options import ReadOptions
from inference.files.progress import progress_bar
from inference.files.read_arguments import add_read_arguments, read_arguments
from inference.files.score_advice import score_advice
from inference.files.write.atomic_output import open_target
from inference.wording import counted, quoted

MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"
INTERRUPTED, MOST_DAYS = 130, 36_500
DONE, NOT_FOUND, ROWS_LEFT_OUT, REFUSED = 0, 1, 1, 2
_EPILOG = """\
The store is the database in DATABASE_URL, else the SQLite file in STORE_PATH, else customers.sqlite here.

Exit status: 0 done, 1 there is no such customer or rows of a file were left out, 2 the store, a file or a
setting cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (see its help)."""
    options = _parser().parse_args(arguments, argparse.Namespace(store="", model=MODEL))
    try:
        store = open_store(options.store or store_address(os.environ))
        try:
            return int(options.run(store, options))
        finally:
            store.close()
    except InputError as error:
        print(f"error: {error.sentence(score_advice)}", file=sys.stderr)
    except (ArtifactError, StoreError) as error:
        print(f"error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted; what was committed is kept, and the same command goes on", file=sys.stderr)
        return INTERRUPTED
    return REFUSED


def _import(store: Store, options: argparse.Namespace) -> int:
    segmenter = Segmenter.load(options.model)
    reading = ReadOptions(**read_arguments(options))
    with progress_bar(quiet=options.quiet) as progress:
        done = import_file(store, segmenter, options.file, id=options.id, options=reading, progress=progress)
    if not options.quiet:
        for sentence in (*done.scored.reading.sentences(), *done.sentences()):
            print(sentence)
    return ROWS_LEFT_OUT if done.scored.errors > done.scored.left_out or done.nameless else DONE


def _show(store: Store, options: argparse.Namespace) -> int:
    found = store.customer(options.id)
    if found is None:
        return _missing(options.id)
    known = letter.everything(Segmenter.load(options.model), found, store.history(options.id))
    print(json.dumps(known, indent=1, ensure_ascii=False))
    return DONE


def _letter(store: Store, options: argparse.Namespace) -> int:
    found = store.customer(options.id)
    if found is None:
        return _missing(options.id)
    write = letter.as_html if options.html else letter.as_text
    sys.stdout.write(write(Segmenter.load(options.model), found, store.history(options.id)))
    return DONE


def _erase(store: Store, options: argparse.Namespace) -> int:
    erased = store.erase(options.id)
    if erased is None:
        return _missing(options.id)
    print(erased.note)
    return DONE


def _retain(store: Store, options: argparse.Namespace) -> int:
    forgotten = store.forget_before(datetime.now(UTC) - timedelta(days=options.days))
    print(f"{counted(forgotten, 'customer')} without an answer in {counted(options.days, 'day')} erased")
    return DONE


def _history(store: Store, options: argparse.Namespace) -> int:
    found = store.customer(options.id)
    if found is None:
        return _missing(options.id)
    for change in store.history(options.id):
        source = change.source or "-"
        print(f"{change.at.isoformat(timespec='seconds')}  {source} -> {change.target}  ({change.cause})")
    return DONE


def _export(store: Store, options: argparse.Namespace) -> int:
    print(f"{counted(export_file(store, options.file), 'customer')} written to {options.file}")
    return DONE


def _movement(store: Store, options: argparse.Namespace) -> int:
    contract = Segmenter.load(options.model).contract
    order = [segment.name for segment in contract.segments]
    ends = [datetime.combine(day, time.max, UTC) for day in (options.first, options.last)]
    movement, models = store.movement(*ends, order=order)
    row = contract.choice.row if contract.choice is not None else None
    refit = refit_noise([row.jaccard if row is not None else 0.0]) if models > 1 else None
    judgement = judge_movement(movement, refit=refit)
    sentences = movement_sentences(movement, judgement)
    print(table(movement))
    for sentence in sentences:
        print(sentence)
    if options.html is not None:
        picture = flow_picture(movement, judgement, dates=[str(options.first), str(options.last)])
        with open_target(options.html) as stream:
            stream.write(flow_page("Who changed the segment", sentences, picture, movement).encode())
    return DONE


def _upgrade(store: Store, options: argparse.Namespace) -> int:
    del options
    print(f"the {store.dialect} store has the tables of this version")
    return DONE


def _missing(id: str) -> int:
    print(f"error: there is no customer {quoted(id)}; see the ids with the command export", file=sys.stderr)
    return NOT_FOUND


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 1 to {MOST_DAYS}, but it is {quoted(text)}"
        )
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m customers",
        description="Remembers customers and follows them between segments.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    everywhere = argparse.ArgumentParser(add_help=False)
    for each in (parser, everywhere):  # before the command and after it
        each.add_argument(
            "--store", default=argparse.SUPPRESS, metavar="URL", help="the database (default: see below)"
        )
        each.add_argument(
            "--model", default=argparse.SUPPRESS, type=Path, metavar="FILE", help="the model file"
        )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: object, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=words, description=f"{words[0].upper()}{words[1:]}.", parents=[everywhere]
        )
        made.set_defaults(run=run)
        return made

    own = add("import", _import, "answer every row of a file and remember it")
    own.add_argument("file", metavar="FILE", type=Path, help="of any format that is read; scored or not")
    own.add_argument("--id", default="", metavar="HEADER", help="the column that says who a customer is")
    add_read_arguments(own)
    own.add_argument("--quiet", action="store_true", help="print errors only")
    for name, run, words in (
        ("history", _history, "print the segments of one customer, the first answer first"),
        ("show", _show, "print all that is known of one customer, as JSON"),
        ("letter", _letter, "print what is known of one customer, for the customer to read"),
        ("erase", _erase, "erase one customer"),
    ):
        own = add(name, run, words)
        own.add_argument("id", metavar="ID", help="of the customer")
        if name == "letter":
            own.add_argument("--html", action="store_true", help="as a page instead of text")
    own = add("retain", _retain, "erase customers without a recent answer")
    own.add_argument("--days", type=_days, required=True, metavar="N", help="that an answer is kept")
    own = add("export", _export, "write every customer to a CSV file")
    own.add_argument("file", metavar="FILE", type=Path, help="CSV")
    own = add("movement", _movement, "who changed the segment between two days")
    own.add_argument(
        "first", type=date.fromisoformat, metavar="FROM", help="the earlier day, such as 2026-05-31"
    )
    own.add_argument("last", type=date.fromisoformat, metavar="TO", help="the later day")
    own.add_argument("--html", type=Path, metavar="FILE", help="write a page with a picture of the flows")
    add("upgrade", _upgrade, "bring the tables to this version")
    return parser


if __name__ == "__main__":
    sys.exit(main())
